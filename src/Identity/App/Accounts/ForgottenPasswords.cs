using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Accounts;

/// <summary>A new password for who reads the account's mailbox. It signs nobody in, so a second factor is still asked for.</summary>
public sealed class ForgottenPasswords(
    AccountsDbContext database,
    EmailLinks links,
    EmailOutbox outbox,
    Sessions sessions,
    LogoutNotices notices,
    AccountHistory history,
    ILookupNormalizer normalizer,
    IPasswordHasher<Account> hasher)
{
    /// <summary>Sends an email whether there is an account or not: what the caller learns is the same.</summary>
    public async Task AskAsync(string address)
    {
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (await outbox.IsFullAsync(address))
            return;
        var normalized = normalizer.NormalizeEmail(address);
        var account = await database.Users.AsNoTracking()
            .SingleOrDefaultAsync(row => row.NormalizedEmail == normalized && row.EmailConfirmed, CancellationToken.None);

        // To the account's own spelling of its address: one that only compares as the same may be another's mailbox.
        if (account?.Email is { } own)
            outbox.Add(own, EmailKind.ResetPassword, links.Add(account, EmailLinkPurpose.ResetPassword, own));
        else
            outbox.Add(address, EmailKind.NoAccount);
        await history.AddAsync(account?.Id ?? Guid.Empty, AccountEventType.NewPasswordAsked);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Send();
    }

    /// <summary>Sets the password, ends every session with what it gave to applications, and ends a wait for too many failures.</summary>
    /// <param name="password">Already judged.</param>
    /// <returns>False when the link was used in between.</returns>
    public async Task<bool> ResetAsync(EmailLink link, string password)
    {
        var account = link.Account ?? throw new InvalidOperationException("The link was read without its account.");
        var hash = hasher.HashPassword(account, password);
        await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
        if (!await links.TakeAsync(link))
            return false;
        await database.ReplacePasswordAsync(link.AccountId, hash);
        await sessions.EndAllAsync(link.AccountId);
        outbox.Add(link.Address, EmailKind.PasswordChanged);
        await history.AddAsync(link.AccountId, AccountEventType.PasswordReset);
        await transaction.CommitAsync(CancellationToken.None);
        outbox.Send();
        notices.Send();
        return true;
    }
}

internal static class PasswordReplacement
{
    /// <summary>The new stamp ends every session and every other link of the account.</summary>
    public static Task ReplacePasswordAsync(this AccountsDbContext database, Guid accountId, string passwordHash)
    {
        var (security, concurrency) = (Guid.NewGuid().ToString("N"), Guid.NewGuid().ToString());
        return database.Users.Where(row => row.Id == accountId).ExecuteUpdateAsync(
            row => row
                .SetProperty(account => account.PasswordHash, passwordHash)
                .SetProperty(account => account.SecurityStamp, security)
                .SetProperty(account => account.ConcurrencyStamp, concurrency)
                .SetProperty(account => account.AccessFailedCount, 0)
                .SetProperty(account => account.LockoutEnd, (DateTimeOffset?)null),
            CancellationToken.None);
    }
}
