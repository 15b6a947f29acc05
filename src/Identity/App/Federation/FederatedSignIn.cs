using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Federation;

/// <summary>Leads to another provider, and signs in who comes back from it and has connected an account.</summary>
public sealed class FederatedSignIn(
    AccountsDbContext database, FederatedProviders providers, SignInSteps steps, AccountHistory history, IOptionsMonitor<OpenIdConnectOptions> clients, TimeProvider clock)
{
    /// <summary>Where a sign-in with a provider begins, with the provider's id after it, and where it is told why one did not work.</summary>
    public const string Path = "/account/sign-in/with";

    /// <summary>Where somebody comes who has shown their account at a provider.</summary>
    public const string ContinuePath = "/account/sign-in/continue";

    /// <summary>Where an account and a provider are connected.</summary>
    public const string ConnectPath = "/account/providers/confirm";

    /// <summary>Whether the provider can be asked now: its discovery document has been read, or can be.</summary>
    public async Task<bool> IsThereAsync(FederatedProvider provider, CancellationToken cancellationToken)
    {
        try
        {
            return clients.Get(provider.Scheme).ConfigurationManager is { } manager && await manager.GetConfigurationAsync(cancellationToken) is not null;
        }
        catch (InvalidOperationException)
        {
            // The document cannot be read; the client's own log of it would hold more than ours may.
            return false;
        }
    }

    /// <summary>What takes a browser to the provider and afterwards to an address of ours.</summary>
    /// <param name="next">Without the query that says where the person was going.</param>
    /// <param name="anew">The person proves again who they are, whatever session they have there.</param>
    public AuthenticationProperties To(string next, string? returnUrl, bool anew)
    {
        var properties = new AuthenticationProperties { RedirectUri = returnUrl is null ? next : QueryHelpers.AddQueryString(next, "returnUrl", returnUrl) };
        if (returnUrl is not null)
            properties.Items[FederationEvents.ReturnUrlItem] = returnUrl;
        if (anew)
            properties.Items[FederationEvents.AnewItem] = clock.GetUtcNow().ToUnixTimeSeconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        return properties;
    }

    /// <summary>The account that is connected with the person; null when none is, or the provider is not there any more.</summary>
    public Task<Account?> FindAsync(FederatedPerson person, CancellationToken cancellationToken) =>
        database.UserLogins.Where(login => login.LoginProvider == person.ProviderId && login.ProviderKey == person.Key)
            .Join(database.Users, login => login.UserId, account => account.Id, (_, account) => account)
            .AsNoTracking()
            .SingleOrDefaultAsync(cancellationToken);

    /// <summary>Signs the person in to the account that is connected, as far as this proof goes.</summary>
    /// <returns>The next step; or why there is none.</returns>
    public async Task<(NextStep Step, FederationProblem? Problem)> SignInAsync(HttpContext context, FederatedPerson person, Account account)
    {
        FederationProblem? problem =
            account.DisabledAt is not null ? FederationProblem.Disabled
            : account.LockoutEnd > clock.GetUtcNow() ? FederationProblem.MustWait
            : providers.Find(person.ProviderId) is not { } provider || !await MayUseAsync(account.Id, provider, context.RequestAborted) ? FederationProblem.NotForThem
            : null;
        await FederatedPerson.ForgetAsync(context);
        if (problem is null)
            return (await steps.AfterProviderAsync(context, account, person.HasTwoFactors), null);
        await history.AddAsync(account.Id, AccountEventType.SignInRefused);
        return (NextStep.None, problem);
    }

    /// <summary>Every role of the account must be among the provider's: a session has them all.</summary>
    public async Task<bool> MayUseAsync(Guid accountId, FederatedProvider provider, CancellationToken cancellationToken)
    {
        var allowed = provider.Roles;
        return !await database.UserRoles.Where(membership => membership.UserId == accountId)
            .Join(database.Roles, membership => membership.RoleId, role => role.Id, (_, role) => role.Name)
            .AnyAsync(role => role != null && !allowed.Contains(role), cancellationToken);
    }
}
