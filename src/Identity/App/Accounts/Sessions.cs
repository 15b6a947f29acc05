using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Accounts;

/// <summary>Begins, finds and ends sign-ins.</summary>
public sealed partial class Sessions(AccountsDbContext database, LogoutNotices notices, AccountHistory history, TimeProvider clock, ILogger<Sessions> logger)
{
    public const string SessionIdClaim = "sid";

    public const string CookieKeyClaim = "key";

    /// <summary>
    /// Signs the browser in. Who is signed in already and proves it again goes on with the same session, under a new cookie; for anyone
    /// else the session that the browser had ends, and a new one begins, so that a planted cookie is worth nothing.
    /// </summary>
    /// <param name="how">What the history tells.</param>
    public async Task BeginAsync(
        HttpContext context, Account account, string authenticationContext, string authenticationMethods, AccountEventType how = AccountEventType.SignedIn)
    {
        if (account.SecurityStamp is not { } stamp)
            throw new InvalidOperationException("The account has no security stamp.");
        var key = Guid.NewGuid();
        if (Current(context) is not { } session || !await RenewAsync(session, account, key, authenticationContext, authenticationMethods))
        {
            if (Current(context) is { } previous)
                await EndAsync(previous, AccountEventType.SignedOut);
            session = new Session
            {
                Id = Guid.NewGuid(),
                CookieKey = key,
                AccountId = account.Id,
                SecurityStamp = stamp,
                SignedInAt = clock.GetUtcNow(),
                AuthenticationContext = authenticationContext,
                AuthenticationMethods = authenticationMethods,
                Device = history.CurrentDevice,
            };
            database.Sessions.Add(session);
            await database.SaveChangesAsync(CancellationToken.None);
        }

        var identity = new ClaimsIdentity(
            [new("sub", account.Id.ToString()), new(SessionIdClaim, session.Id.ToString()), new(CookieKeyClaim, key.ToString())],
            SessionCookie.Scheme, "sub", roleType: null);
        await context.SignInAsync(SessionCookie.Scheme, new ClaimsPrincipal(identity));
        await history.AddAsync(account.Id, how);
        Began(account.Id);
    }

    /// <summary>The session of the request's cookie, already checked against the database by <see cref="SessionCookie"/>.</summary>
    public static Session? Current(HttpContext context) => context.Features.Get<Session>();

    /// <summary>The session if it still holds: not ended, not too old, and the account's password and state are what they were.</summary>
    public Task<Session?> FindActiveAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - Session.AbsoluteLifetime;
        return database.Sessions
            .AsNoTracking()
            .Include(session => session.Account)
            .Where(session => session.Id == sessionId && session.EndedAt == null && session.SignedInAt > oldest)
            .SingleOrDefaultAsync(
                session => session.Account != null && session.Account.SecurityStamp == session.SecurityStamp && session.Account.DisabledAt == null, cancellationToken);
    }

    /// <summary>Signs the browser out here, and takes back what applications were given through this session.</summary>
    public async Task SignOutAsync(HttpContext context)
    {
        if (Current(context) is { } session)
            await EndAsync(session, AccountEventType.SignedOut);
        context.Features.Set<Session>(null);
        await context.SignOutAsync(SessionCookie.Scheme);
    }

    /// <summary>Where the account is signed in now, the latest first.</summary>
    public Task<List<Session>> ActiveOfAsync(Guid accountId, CancellationToken cancellationToken)
    {
        var oldest = clock.GetUtcNow() - Session.AbsoluteLifetime;
        return database.Sessions.AsNoTracking()
            .Where(session => session.AccountId == accountId && session.EndedAt == null && session.SignedInAt > oldest
                && session.Account != null && session.Account.SecurityStamp == session.SecurityStamp)
            .OrderByDescending(session => session.SignedInAt)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends one session of the account from another.</summary>
    /// <returns>False when the account has no such session, or it has ended.</returns>
    public async Task<bool> EndOneAsync(Guid accountId, Guid sessionId)
    {
        var session = await database.Sessions.AsNoTracking().SingleOrDefaultAsync(row => row.Id == sessionId && row.AccountId == accountId, CancellationToken.None);
        return session is not null && await EndAsync(session, AccountEventType.SignedOutFromElsewhere);
    }

    /// <summary>Ends every session of the account but this one.</summary>
    public async Task EndOthersAsync(Session kept)
    {
        var others = await database.Sessions.AsNoTracking()
            .Where(row => row.AccountId == kept.AccountId && row.Id != kept.Id && row.EndedAt == null)
            .ToListAsync(CancellationToken.None);
        foreach (var other in others)
            await EndAsync(other, AccountEventType.SignedOutFromElsewhere);
    }

    /// <summary>Ends every session of the account. To be called in the transaction of what ends them; <see cref="LogoutNotices.Send"/> follows it.</summary>
    public async Task EndAllAsync(Guid accountId)
    {
        var now = clock.GetUtcNow();
        var open = await database.Sessions.AsNoTracking().Where(row => row.AccountId == accountId && row.EndedAt == null).ToListAsync(CancellationToken.None);
        await database.Sessions.Where(row => row.AccountId == accountId && row.EndedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(ending => ending.EndedAt, now), CancellationToken.None);
        foreach (var session in open)
            await notices.AddAsync(session);
    }

    /// <summary>Lets the session go on after its own account's password was changed through it.</summary>
    public Task KeepAsync(Session session, Account account) =>
        database.Sessions.Where(row => row.Id == session.Id && row.AccountId == account.Id && row.EndedAt == null)
            .ExecuteUpdateAsync(row => row.SetProperty(kept => kept.SecurityStamp, account.SecurityStamp), CancellationToken.None);

    /// <returns>False when it is another account's session, or over.</returns>
    private async Task<bool> RenewAsync(Session session, Account account, Guid key, string authenticationContext, string authenticationMethods)
    {
        var now = clock.GetUtcNow();
        return await database.Sessions
            .Where(row => row.Id == session.Id && row.AccountId == account.Id && row.SecurityStamp == account.SecurityStamp && row.EndedAt == null)
            .ExecuteUpdateAsync(
                row => row.SetProperty(renewed => renewed.CookieKey, key)
                    .SetProperty(renewed => renewed.SignedInAt, now)
                    .SetProperty(renewed => renewed.AuthenticationContext, authenticationContext)
                    .SetProperty(renewed => renewed.AuthenticationMethods, authenticationMethods),
                CancellationToken.None) == 1;
    }

    /// <returns>False when it had ended already.</returns>
    private async Task<bool> EndAsync(Session session, AccountEventType how)
    {
        var now = clock.GetUtcNow();
        await using (var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None))
        {
            var ended = await database.Sessions
                .Where(row => row.Id == session.Id && row.EndedAt == null)
                .ExecuteUpdateAsync(row => row.SetProperty(ending => ending.EndedAt, now), CancellationToken.None);
            if (ended == 0)
                return false;
            await notices.AddAsync(session);
            await transaction.CommitAsync(CancellationToken.None);
        }

        notices.Send();
        await history.AddAsync(session.AccountId, how);
        Ended(session.AccountId);
        return true;
    }
}
