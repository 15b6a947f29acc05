using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect.Logout;

/// <summary>Writes down whom to tell that a session ended.</summary>
public sealed class LogoutNotices(AccountsDbContext database, ClientRegistry clients, LogoutSignal signal, TimeProvider clock)
{
    /// <summary>
    /// Adds a notice for each application that the session signed in to and that wants to hear. To be called in the transaction that ends the
    /// session, so that neither happens without the other.
    /// </summary>
    public async Task AddAsync(Session session)
    {
        var now = clock.GetUtcNow();
        var signedIn = await database.Grants
            .Where(grant => grant.SessionId == session.Id && grant.RedeemedAt != null)
            .Select(grant => grant.ClientId)
            .Distinct()
            .ToListAsync(CancellationToken.None);
        database.LogoutNotices.AddRange(signedIn
            .Where(id => clients.Find(id)?.BackChannelLogoutUri is not null)
            .Select(id => new LogoutNotice
            {
                Id = Guid.NewGuid(),
                ClientId = id,
                SessionId = session.Id,
                AccountId = session.AccountId,
                EndedAt = now,
                DueAt = now,
            }));
        await database.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>Has them sent now rather than at the next round. To be called once they are committed.</summary>
    public void Send() => signal.Set();
}
