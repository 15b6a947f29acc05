using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>What people agreed that applications learn about them (OpenID Connect Core section 3.1.2.4).</summary>
public sealed class Consents(AccountsDbContext database, AccountHistory history, TimeProvider clock)
{
    public Task<Consent?> FindAsync(Guid accountId, string clientId, CancellationToken cancellationToken) =>
        database.Consents.AsNoTracking().SingleOrDefaultAsync(consent => consent.AccountId == accountId && consent.ClientId == clientId, cancellationToken);

    public Task<List<Consent>> OfAsync(Guid accountId, CancellationToken cancellationToken) =>
        database.Consents.AsNoTracking().Where(consent => consent.AccountId == accountId).OrderBy(consent => consent.GivenAt).ToListAsync(cancellationToken);

    /// <summary>Adds to what was agreed before.</summary>
    public async Task GiveAsync(Guid accountId, string clientId, string scope)
    {
        var consent = await database.Consents.SingleOrDefaultAsync(row => row.AccountId == accountId && row.ClientId == clientId, CancellationToken.None);
        if (consent is null)
        {
            database.Consents.Add(new Consent { AccountId = accountId, ClientId = clientId, Scope = scope, GivenAt = clock.GetUtcNow() });
        }
        else
        {
            consent.Scope = string.Join(' ', Scopes.Split(consent.Scope).Union(Scopes.Split(scope), StringComparer.Ordinal));
            consent.GivenAt = clock.GetUtcNow();
        }

        await history.AddAsync(accountId, AccountEventType.ConsentGiven);
    }

    /// <summary>Forgets it, and takes back all that the application was given for this person.</summary>
    /// <returns>False when there was none.</returns>
    public async Task<bool> WithdrawAsync(Guid accountId, string clientId)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (await database.Consents.Where(row => row.AccountId == accountId && row.ClientId == clientId).ExecuteDeleteAsync(CancellationToken.None) == 0)
            return false;
        await database.Grants
            .Where(grant => grant.ClientId == clientId && grant.RevokedAt == null && database.Sessions.Any(session => session.Id == grant.SessionId && session.AccountId == accountId))
            .ExecuteUpdateAsync(row => row.SetProperty(grant => grant.RevokedAt, now), CancellationToken.None);
        await history.AddAsync(accountId, AccountEventType.ConsentWithdrawn);
        await transaction.CommitAsync(CancellationToken.None);
        return true;
    }
}
