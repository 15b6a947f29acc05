using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>An access or refresh token that is good now.</summary>
/// <param name="Session">Whose sign-in it comes from; null for a client's own token.</param>
public sealed record LiveToken(bool IsRefreshToken, string ClientId, string Scope, DateTimeOffset? IssuedAt, DateTimeOffset ExpiresAt, Session? Session);

/// <summary>Finds a token by its text, and says whether it still counts.</summary>
public sealed class TokenLookup(AccountsDbContext database, Sessions sessions, TimeProvider clock)
{
    /// <returns>Null for a token that is unknown, expired, used, revoked, or whose session is over.</returns>
    public async Task<LiveToken?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var hash = OpaqueSecret.Hash(token);
        if (await database.AccessTokens.AsNoTracking().Include(row => row.Grant)
                .SingleOrDefaultAsync(row => row.TokenHash == hash && row.ExpiresAt > now, cancellationToken) is { } access)
        {
            var found = new LiveToken(false, access.ClientId, access.Scope, access.IssuedAt, access.ExpiresAt, Session: null);
            return access.GrantId is null ? found : await WithSessionAsync(found, access.Grant, cancellationToken);
        }

        var refresh = await database.RefreshTokens.AsNoTracking().Include(row => row.Grant)
            .SingleOrDefaultAsync(row => row.TokenHash == hash && row.ExpiresAt > now && row.UsedAt == null, cancellationToken);
        return refresh?.Grant is { } grant
            ? await WithSessionAsync(new LiveToken(true, grant.ClientId, grant.Scope, IssuedAt: null, refresh.ExpiresAt, Session: null), grant, cancellationToken)
            : null;
    }

    /// <summary>RFC 7009 section 2.1: with a refresh token goes everything of its grant; an access token goes alone.</summary>
    public async Task RevokeAsync(Client client, string token)
    {
        var now = clock.GetUtcNow();
        var hash = OpaqueSecret.Hash(token);
        await database.AccessTokens.Where(row => row.TokenHash == hash && row.ClientId == client.Id).ExecuteDeleteAsync(CancellationToken.None);
        await database.Grants
            .Where(grant => grant.ClientId == client.Id && grant.RevokedAt == null
                && database.RefreshTokens.Any(row => row.TokenHash == hash && row.GrantId == grant.Id))
            .ExecuteUpdateAsync(row => row.SetProperty(grant => grant.RevokedAt, now), CancellationToken.None);
    }

    private async Task<LiveToken?> WithSessionAsync(LiveToken found, Grant? grant, CancellationToken cancellationToken) =>
        grant is { RevokedAt: null } && await sessions.FindActiveAsync(grant.SessionId, cancellationToken) is { } session
            ? found with { Session = session }
            : null;
}
