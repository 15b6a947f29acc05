using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Accounts;

/// <summary>Keeps and shows what happened to an account.</summary>
public sealed class AccountHistory(AccountsDbContext database, IHttpContextAccessor http, TimeProvider clock)
{
    public const int Shown = 50;

    /// <summary>Of the request that is being answered.</summary>
    public string CurrentDevice => Device.Describe(http.HttpContext?.Request.Headers.UserAgent.ToString());

    public async Task AddAsync(Guid accountId, AccountEventType type)
    {
        database.AccountEvents.Add(new AccountEvent { AccountId = accountId, Type = type, At = clock.GetUtcNow(), Device = CurrentDevice });
        await database.SaveChangesAsync(CancellationToken.None);
    }

    /// <summary>The latest first, at most <see cref="Shown"/>.</summary>
    public Task<List<AccountEvent>> OfAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - AccountEvent.Kept;
        return database.AccountEvents.AsNoTracking()
            .Where(happened => happened.AccountId == accountId && happened.At > oldest)
            .OrderByDescending(happened => happened.At).ThenByDescending(happened => happened.Id)
            .Take(Shown)
            .ToListAsync(cancellationToken);
    }
}
