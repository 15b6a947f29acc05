using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Accounts;

/// <summary>Deletes an account at its owner's wish. Applications keep their records, and hear that its sessions ended.</summary>
public sealed class AccountClosing(AccountsDbContext database, EmailOutbox outbox, Sessions sessions, LogoutNotices notices, AccountHistory history)
{
    /// <summary>Only who registered as a patient: the others' accounts belong to their work, and are closed by an administrator.</summary>
    public async Task<bool> MayAsync(Account account, CancellationToken cancellationToken) =>
        !await database.UserRoles
            .Where(role => role.UserId == account.Id)
            .Join(database.Roles, role => role.RoleId, role => role.Id, (_, role) => role.Name)
            .AnyAsync(name => name != Roles.Patient, cancellationToken);

    public async Task CloseAsync(Account account)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        await sessions.EndAllAsync(account.Id);
        await database.QueuedEmails.Where(email => email.NormalizedAddress == account.NormalizedEmail).ExecuteDeleteAsync(CancellationToken.None);
        if (account.Email is { } address)
            outbox.Add(address, EmailKind.AccountClosed);

        // What happened is kept for its time, without a name: of use to who asks later how the account came to be closed.
        await history.AddAsync(account.Id, AccountEventType.Closed);

        // Sessions, grants, links, authenticators and roles go with it.
        await database.Users.Where(row => row.Id == account.Id).ExecuteDeleteAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Send();
        notices.Send();
    }
}
