using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Federation;

public enum ConnectOutcome
{
    Connected,

    /// <summary>With another account.</summary>
    ConnectedElsewhere,

    /// <summary>The account is connected with somebody at this provider already.</summary>
    HasOne,

    /// <summary>The provider is not for accounts with this role.</summary>
    NotForThem,
}

/// <summary>
/// Which providers sign in to an account. Nothing connects by itself: not a name, nor an address that is the same, whoever says that it is confirmed. The
/// person signs in to both and says yes.
/// </summary>
public sealed class Connections(
    AccountsDbContext database, FederatedProviders providers, FederatedSignIn federation, AuditLog audit, EmailOutbox outbox, AccountHistory history, ILookupNormalizer normalizer, TimeProvider clock)
{
    /// <summary>The ids of the providers that are connected; some may not be in the settings any more.</summary>
    public Task<List<string>> OfAsync(Guid accountId, CancellationToken cancellationToken) =>
        database.UserLogins.Where(login => login.UserId == accountId).Select(login => login.LoginProvider).ToListAsync(cancellationToken);

    /// <summary>To be called only when the account's owner has just proved who they are and said yes.</summary>
    public async Task<ConnectOutcome> ConnectAsync(Account account, FederatedPerson person)
    {
        if (providers.Find(person.ProviderId) is not { } provider || !await federation.MayUseAsync(account.Id, provider, CancellationToken.None))
            return ConnectOutcome.NotForThem;
        var outcome = ConnectOutcome.Connected;
        await audit.RecordAsync(account.Id, account.Id, AdministrationAct.ProviderConnected, provider.Id, reason: null, async () =>
        {
            var others = await database.UserLogins.AsNoTracking()
                .Where(login => login.LoginProvider == provider.Id && (login.ProviderKey == person.Key || login.UserId == account.Id))
                .ToListAsync(CancellationToken.None);
            if (others.Count > 0)
            {
                outcome = others.Any(login => login.UserId != account.Id) ? ConnectOutcome.ConnectedElsewhere
                    : others.Any(login => login.ProviderKey == person.Key) ? ConnectOutcome.Connected
                    : ConnectOutcome.HasOne;
                return false;
            }

            Add(account.Id, provider, person);
            if (account.Email is { } address)
                outbox.Add(address, EmailKind.ProviderConnected);
            await history.AddAsync(account.Id, AccountEventType.ProviderConnected);
            return true;
        });
        outbox.Send();
        return outcome;
    }

    /// <summary>Whether the account can still be signed in to without this provider.</summary>
    public Task<bool> HasAnotherWayAsync(Guid accountId, string providerId, CancellationToken cancellationToken) =>
        database.Users.AnyAsync(
            account => account.Id == accountId
                && (account.PasswordHash != null
                    || database.UserPasskeys.Any(passkey => passkey.UserId == accountId)
                    || database.UserLogins.Any(login => login.UserId == accountId && login.LoginProvider != providerId)),
            cancellationToken);

    /// <returns>False when it is the last way in, or was not connected.</returns>
    public Task<bool> DisconnectAsync(Guid accountId, string providerId) =>
        audit.RecordAsync(accountId, accountId, AdministrationAct.ProviderDisconnected, providerId, reason: null, async () =>
        {
            if (!await HasAnotherWayAsync(accountId, providerId, CancellationToken.None)
                || await database.UserLogins.Where(login => login.UserId == accountId && login.LoginProvider == providerId).ExecuteDeleteAsync(CancellationToken.None) == 0)
            {
                return false;
            }

            await history.AddAsync(accountId, AccountEventType.ProviderDisconnected);
            return true;
        });

    /// <summary>
    /// Makes an account of a patient without a password, for a person whose address the provider says is theirs. An account that nobody confirmed
    /// gives way, with whatever password its maker chose.
    /// </summary>
    /// <returns>Null when the address has an account, or an invitation to one.</returns>
    public async Task<Account?> RegisterAsync(FederatedPerson person, FederatedProvider provider, string givenName, string familyName)
    {
        if (person is not { Email: { } email, IsEmailVerified: true } || !provider.MayRegister)
            throw new InvalidOperationException("The provider does not vouch for the address, or may not bring anybody new.");
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        var normalized = normalizer.NormalizeEmail(email);
        await database.Users.Where(row => row.NormalizedEmail == normalized && !row.EmailConfirmed && row.RegisteredAt != null).ExecuteDeleteAsync(CancellationToken.None);
        var id = Guid.NewGuid();
        var account = new Account
        {
            Id = id,
            GivenName = givenName,
            FamilyName = familyName,
            UserName = id.ToString(),
            NormalizedUserName = normalizer.NormalizeName(id.ToString()),
            Email = email,
            NormalizedEmail = normalized,
            EmailConfirmed = true,
            LockoutEnabled = true,
            SecurityStamp = Guid.NewGuid().ToString("N"),
            RegisteredAt = clock.GetUtcNow(),
        };
        var role = await database.Roles.SingleAsync(row => row.Name == Roles.Patient, CancellationToken.None);
        database.Users.Add(account);
        database.UserRoles.Add(new IdentityUserRole<Guid> { UserId = id, RoleId = role.Id });
        Add(id, provider, person);
        try
        {
            await history.AddAsync(id, AccountEventType.Registered);
        }
        catch (DbUpdateException)
        {
            // The address, or the person at the provider, has an account already: the database decides, also between two requests at once.
            database.ChangeTracker.Clear();
            return null;
        }

        await transaction.CommitAsync(CancellationToken.None);
        return account;
    }

    private void Add(Guid accountId, FederatedProvider provider, FederatedPerson person) => database.UserLogins.Add(new IdentityUserLogin<Guid>
    {
        LoginProvider = provider.Id,
        ProviderKey = person.Key,
        UserId = accountId,
    });
}
