using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 6749 section 6 and OpenID Connect Core section 12: a refresh token becomes new tokens, once, while its session lasts.</summary>
public sealed partial class RefreshGrant(
    AccountsDbContext database, Sessions sessions, TokenIssuer tokens, TimeProvider clock, ILogger<RefreshGrant> logger)
{
    public async Task<IResult> RefreshAsync(Client client, ProtocolParameters form, CancellationToken cancellationToken)
    {
        if (form["refresh_token"] is not { } token)
            return OAuthError.BadRequest(OAuthErrors.InvalidRequest, "refresh_token is needed.");
        var hash = OpaqueSecret.Hash(token);
        var found = await database.RefreshTokens.AsNoTracking().Include(row => row.Grant)
            .SingleOrDefaultAsync(row => row.TokenHash == hash, cancellationToken);
        if (found is not { Grant: { } grant } || grant.ClientId != client.Id || grant.RevokedAt is not null)
            return OAuthError.BadRequest(OAuthErrors.InvalidGrant, "The refresh token is unknown, revoked or for another client.");

        // Looked at before the token is spent: a mistake here should not cost the application its session.
        var scope = form["scope"] is { } asked ? Scopes.Grantable(asked, client) : grant.Scope;
        if (!Scopes.Contains(scope, Scopes.OpenId) || Scopes.Split(form["scope"] ?? scope).Except(Scopes.Split(grant.Scope), StringComparer.Ordinal).Any())
            return OAuthError.BadRequest(OAuthErrors.InvalidScope, "The scope must contain openid and nothing that was not granted before.");
        if (!await SpendAsync(client, hash, grant.Id))
            return OAuthError.BadRequest(OAuthErrors.InvalidGrant, "The refresh token has expired or was used before.");
        if (await sessions.FindActiveAsync(grant.SessionId, cancellationToken) is not { Account: { } account } session)
            return OAuthError.BadRequest(OAuthErrors.InvalidGrant, "The person has signed out.");
        return Results.Json(await tokens.ForPersonAsync(grant, session, account, scope, nonce: null, cancellationToken), ConnectJson.Default.TokenBody);
    }

    /// <summary>As with codes, the database decides which of two uses is the first.</summary>
    private async Task<bool> SpendAsync(Client client, byte[] hash, Guid grantId)
    {
        var now = clock.GetUtcNow();
        var spent = await database.RefreshTokens
            .Where(token => token.TokenHash == hash && token.UsedAt == null && token.ExpiresAt > now)
            .ExecuteUpdateAsync(row => row.SetProperty(token => token.UsedAt, now), CancellationToken.None);
        if (spent == 1)
            return true;

        var revoked = await database.Grants
            .Where(grant => grant.Id == grantId && grant.RevokedAt == null
                && database.RefreshTokens.Any(token => token.TokenHash == hash && token.UsedAt != null))
            .ExecuteUpdateAsync(row => row.SetProperty(grant => grant.RevokedAt, now), CancellationToken.None);
        if (revoked > 0)
            Reused(client.Id);
        return false;
    }
}
