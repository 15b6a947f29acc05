using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// Checks an email address and a password. Whatever the reason for a refusal, the caller learns the same and waits as long: each call
/// verifies exactly one password hash, writes once to the accounts, and each refusal once to the history, whether the account exists, is locked, or neither.
/// </summary>
public sealed partial class PasswordSignIn(
    UserManager<Account> users, AccountsDbContext database, DecoyPassword decoy, AccountHistory history, TimeProvider clock, ILogger<PasswordSignIn> logger)
{
    /// <summary>Failures in a row before an account must wait between attempts.</summary>
    public const int FreeFailures = 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <returns>The account, or null when the attempt is refused.</returns>
    public async Task<Account?> VerifyAsync(string email, string password)
    {
        var account = await users.FindByEmailAsync(email);
        var mayTry = await TakeAttemptAsync(account?.Id ?? Guid.Empty);
        if (account is null || !mayTry)
        {
            decoy.Verify(password);
            if (account is null)
                UnknownAccount();
            else
                Waiting(account.Id);
            await history.AddAsync(account?.Id ?? Guid.Empty, AccountEventType.SignInRefused);
            return null;
        }

        if (!await users.CheckPasswordAsync(account, password))
        {
            WrongPassword(account.Id);
            await history.AddAsync(account.Id, AccountEventType.SignInRefused);
            return null;
        }

        await ClearFailuresAsync(account.Id);
        return account;
    }

    /// <summary>
    /// Charges the attempt as a failure before the password is looked at, so that attempts sent at once cannot outrun the count.
    /// Waits of 1, 2, 4, 8 and then 15 minutes from the tenth failure on allow fewer than 20 guesses in an hour.
    /// </summary>
    private async Task<bool> TakeAttemptAsync(Guid accountId)
    {
        while (true)
        {
            var now = clock.GetUtcNow();
            var seen = await database.Users.AsNoTracking()
                .Where(row => row.Id == accountId)
                .Select(row => new { row.AccessFailedCount, row.LockoutEnd })
                .SingleOrDefaultAsync(CancellationToken.None);
            var failures = (seen?.AccessFailedCount ?? 0) + 1;
            DateTimeOffset? waitUntil = failures < FreeFailures ? null : now + WaitAfter(failures);
            var taken = await database.Users
                .Where(row => row.Id == accountId
                    && row.AccessFailedCount == failures - 1
                    && (row.LockoutEnd == null || row.LockoutEnd <= now))
                .ExecuteUpdateAsync(
                    row => row.SetProperty(account => account.AccessFailedCount, failures).SetProperty(account => account.LockoutEnd, waitUntil),
                    CancellationToken.None);
            if (taken == 1)
                return true;
            if (seen is null || seen.LockoutEnd > now)
                return false;

            // Another attempt on this account was counted in between: look again.
        }
    }

    private static TimeSpan WaitAfter(int failures)
    {
        var doublings = Math.Min(failures - FreeFailures, 4);
        var wait = TimeSpan.FromMinutes(1 << doublings);
        return wait < LongestWait ? wait : LongestWait;
    }

    private Task ClearFailuresAsync(Guid accountId) =>
        database.Users.Where(row => row.Id == accountId).ExecuteUpdateAsync(
            row => row.SetProperty(account => account.AccessFailedCount, 0).SetProperty(account => account.LockoutEnd, (DateTimeOffset?)null),
            CancellationToken.None);
}
