using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>What an application is told about a person (OpenID Connect Core section 5.1), alike in the ID token and at userinfo.</summary>
public sealed class PersonClaims(AccountsDbContext database, Subjects subjects)
{
    /// <param name="clientId">The application that is told.</param>
    /// <param name="scope">Granted scopes; they decide which claims (section 5.4). "role" always goes along: applications here cannot work without it.</param>
    public async Task<Dictionary<string, object>> OfAsync(Account account, string clientId, string scope, CancellationToken cancellationToken)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal) { ["sub"] = subjects.Of(clientId, account.Id) };
        var scopes = Scopes.Split(scope);
        if (scopes.Contains(Scopes.Profile, StringComparer.Ordinal))
        {
            claims["name"] = $"{account.GivenName} {account.FamilyName}";
            claims["given_name"] = account.GivenName;
            claims["family_name"] = account.FamilyName;
        }

        if (scopes.Contains(Scopes.Email, StringComparer.Ordinal) && account.Email is { } email)
        {
            claims["email"] = email;
            claims["email_verified"] = account.EmailConfirmed;
        }

        claims["role"] = await database.UserRoles
            .Where(membership => membership.UserId == account.Id)
            .Join(database.Roles, membership => membership.RoleId, role => role.Id, (_, role) => role.Name)
            .OfType<string>()
            .ToArrayAsync(cancellationToken);
        return claims;
    }
}
