using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// Counts an account's failed attempts in a row, at passwords and codes alike. An attempt is charged before it is looked at, so that
/// attempts sent at once cannot outrun the count.
/// </summary>
public sealed class SignInAttempts(AccountsDbContext database, TimeProvider clock)
{
    /// <summary>Failures in a row before an account must wait between attempts.</summary>
    public const int FreeFailures = 10;

    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(15);

    /// <summary>Charges one. Waits of 1, 2, 4, 8 and then 15 minutes from the tenth failure on allow fewer than 20 guesses in an hour.</summary>
    /// <returns>False when the account must wait or does not exist.</returns>
    public async Task<bool> TakeAsync(Guid accountId)
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

    /// <summary>Takes the last charge back: the attempt was right, but the sign-in is not over yet. What failed before stays counted.</summary>
    public Task RefundAsync(Guid accountId) =>
        database.Users.Where(row => row.Id == accountId && row.AccessFailedCount > 0).ExecuteUpdateAsync(
            row => row.SetProperty(account => account.AccessFailedCount, account => account.AccessFailedCount - 1)
                .SetProperty(account => account.LockoutEnd, (DateTimeOffset?)null),
            CancellationToken.None);

    /// <summary>The person has shown who they are.</summary>
    public Task ClearAsync(Guid accountId) =>
        database.Users.Where(row => row.Id == accountId).ExecuteUpdateAsync(
            row => row.SetProperty(account => account.AccessFailedCount, 0).SetProperty(account => account.LockoutEnd, (DateTimeOffset?)null),
            CancellationToken.None);

    private static TimeSpan WaitAfter(int failures)
    {
        var doublings = Math.Min(failures - FreeFailures, 4);
        var wait = TimeSpan.FromMinutes(1 << doublings);
        return wait < LongestWait ? wait : LongestWait;
    }
}
