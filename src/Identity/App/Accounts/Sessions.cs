using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Accounts;

/// <summary>Begins, finds and ends sign-ins.</summary>
public sealed partial class Sessions(AccountsDbContext database, LogoutNotices notices, TimeProvider clock, ILogger<Sessions> logger)
{
    public const string SessionIdClaim = "sid";

    /// <summary>
    /// Signs the browser in with a new session id, so that a planted cookie is worth nothing, and ends the session that it had.
    /// </summary>
    public async Task BeginAsync(HttpContext context, Account account, string authenticationContext, string authenticationMethods)
    {
        if (account.SecurityStamp is not { } stamp)
            throw new InvalidOperationException("The account has no security stamp.");
        if (Current(context) is { } previous)
            await EndAsync(previous);

        var session = new Session
        {
            Id = Guid.NewGuid(),
            AccountId = account.Id,
            SecurityStamp = stamp,
            SignedInAt = clock.GetUtcNow(),
            AuthenticationContext = authenticationContext,
            AuthenticationMethods = authenticationMethods,
        };
        database.Sessions.Add(session);
        await database.SaveChangesAsync(CancellationToken.None);

        var identity = new ClaimsIdentity(
            [new("sub", account.Id.ToString()), new(SessionIdClaim, session.Id.ToString())], SessionCookie.Scheme, "sub", roleType: null);
        await context.SignInAsync(SessionCookie.Scheme, new ClaimsPrincipal(identity));
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
                session => session.Account != null && session.Account.SecurityStamp == session.SecurityStamp, cancellationToken);
    }

    /// <summary>Signs the browser out here, and takes back what applications were given through this session.</summary>
    public async Task SignOutAsync(HttpContext context)
    {
        if (Current(context) is { } session)
            await EndAsync(session);
        context.Features.Set<Session>(null);
        await context.SignOutAsync(SessionCookie.Scheme);
    }

    private async Task EndAsync(Session session)
    {
        var now = clock.GetUtcNow();
        await using (var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None))
        {
            var ended = await database.Sessions
                .Where(row => row.Id == session.Id && row.EndedAt == null)
                .ExecuteUpdateAsync(row => row.SetProperty(ending => ending.EndedAt, now), CancellationToken.None);
            if (ended == 0)
                return;
            await notices.AddAsync(session);
            await transaction.CommitAsync(CancellationToken.None);
        }

        notices.Send();
        Ended(session.AccountId);
    }
}
