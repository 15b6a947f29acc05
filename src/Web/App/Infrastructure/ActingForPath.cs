using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Web.Infrastructure;

/// <summary>A carer may open this page or address with any one of these rights. Without this attribute, or with none, no carer may.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CarerMayAttribute(CarerRights anyOf) : Attribute
{
    public CarerRights AnyOf => anyOf;
}

/// <summary>That this request is a carer's, under /acting-for/{carer}/….</summary>
public sealed class ActingForFeature(RelatedPersonId id)
{
    public RelatedPersonId Id => id;

    /// <summary>Set once it is known that they may do what they ask for.</summary>
    public CarerAtPractice? Carer { get; set; }
}

/// <summary>
/// A carer meets the patient's own pages under an address of its own, /acting-for/{carer}/appointments/…: every link on them stays there, so that two tabs never mix
/// up for whom one acts. Here alone is decided what a carer may open; services look at the same rights again.
/// </summary>
internal static class ActingForPath
{
    public const string Prefix = "/acting-for";

    /// <summary>Null unless a carer acts in this request.</summary>
    public static ActingForFeature? ActingFor(this HttpContext context) => context.Features.Get<ActingForFeature>();

    /// <summary>The address of a page outside of acting for anybody.</summary>
    public static string? Root(this IUrlHelper url, string page) =>
        url.ActionContext.HttpContext.RequestServices.GetRequiredService<LinkGenerator>().GetPathByPage(page);

    /// <summary>Takes the prefix off, before routing: the rest is the patient's own address.</summary>
    public static IApplicationBuilder UseActingFor(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        var request = context.Request;
        if (!request.Path.StartsWithSegments(Prefix, out var rest) || Split(rest) is not var (id, own))
        {
            await next(context);
            return;
        }
        var (path, pathBase) = (request.Path, request.PathBase);
        context.Features.Set(new ActingForFeature(id));
        request.PathBase = pathBase.Add($"{Prefix}/{id}");
        request.Path = own;
        try
        {
            await next(context);
        }
        finally
        {
            // The page of an error is nobody's.
            (request.Path, request.PathBase) = (path, pathBase);
            context.Features.Set<ActingForFeature>(null);
        }
    });

    /// <summary>After routing and authentication: what was not granted, or is over, is refused; what is no carer's page is not there.</summary>
    public static IApplicationBuilder UseCarerAccess(this IApplicationBuilder app) => app.Use(async (context, next) =>
    {
        if (context.ActingFor() is { } acting && context.User.Identity?.IsAuthenticated is true)
        {
            if (context.GetEndpoint()?.Metadata.GetMetadata<CarerMayAttribute>() is not { } may)
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }
            var carer = await context.RequestServices.GetRequiredService<CurrentPerson>().FindCarerAsync(acting.Id);
            if (carer is null || (carer.Person.Actor.Rights & may.AnyOf) == CarerRights.None)
            {
                context.Response.StatusCode = StatusCodes.Status403Forbidden;
                return;
            }
            acting.Carer = carer;
        }
        try
        {
            await next(context);
        }
        catch (NotAllowedException) when (context.ActingFor() is not null && !context.Response.HasStarted)
        {
            // Withdrawn in the moment between this look and the write.
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
        }
    });

    private static (RelatedPersonId Id, PathString Own)? Split(PathString rest)
    {
        var text = rest.Value ?? "";
        var end = text.IndexOf('/', Math.Min(1, text.Length));
        return end > 1 && RelatedPersonId.TryParse(text[1..end], null, out var id) ? (id, new PathString(text[end..])) : null;
    }
}

/// <summary>Someone of one of these roles, or a carer who may open what they ask for.</summary>
internal sealed class OwnOrActingRequirement(params string[] roles) : IAuthorizationRequirement
{
    public IReadOnlyList<string> Roles => roles;
}

internal sealed class OwnOrActingHandler(IHttpContextAccessor http) : AuthorizationHandler<OwnOrActingRequirement>
{
    protected override Task HandleRequirementAsync(AuthorizationHandlerContext context, OwnOrActingRequirement requirement)
    {
        var acting = http.HttpContext?.ActingFor();
        if (acting is null ? requirement.Roles.Any(context.User.IsInRole) : acting.Carer is not null)
            context.Succeed(requirement);
        return Task.CompletedTask;
    }
}
