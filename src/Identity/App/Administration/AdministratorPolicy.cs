using Microsoft.AspNetCore.Authorization;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Administration;

/// <summary>Who is signed in is an administrator now, whatever they were when they signed in, and signed in with a second factor.</summary>
public sealed class AdministratorRequirement : IAuthorizationRequirement
{
    public const string Policy = "administrator";
}

public sealed class AdministratorHandler(IHttpContextAccessor http, AccountsDbContext database) : AuthorizationHandler<AdministratorRequirement>
{
    protected override async Task HandleRequirementAsync(AuthorizationHandlerContext context, AdministratorRequirement requirement)
    {
        if (http.HttpContext is not { } request || Sessions.Current(request) is not { } session || session.AuthenticationContext == AuthenticationContext.Password)
            return;
        var isAdministrator = await database.UserRoles.Where(membership => membership.UserId == session.AccountId)
            .Join(database.Roles, membership => membership.RoleId, role => role.Id, (_, role) => role.Name)
            .AnyAsync(role => role == Roles.Administrator, request.RequestAborted);
        if (isAdministrator)
            context.Succeed(requirement);
    }
}
