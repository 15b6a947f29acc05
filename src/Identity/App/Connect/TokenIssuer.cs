using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>Makes the tokens that an answer of the token endpoint carries (RFC 6749 section 5.1) and stores what is to be recognised later.</summary>
public sealed class TokenIssuer(AccountsDbContext database, IdTokens idTokens, TimeProvider clock)
{
    /// <summary>For a person: access and ID token, and a refresh token when offline_access was granted.</summary>
    /// <param name="scope">The grant's scope, or part of it.</param>
    /// <param name="nonce">The authorization request's; null at a refresh (OpenID Connect Core section 12.2).</param>
    internal async Task<TokenBody> ForPersonAsync(Grant grant, Session session, Account account, string scope, string? nonce, CancellationToken cancellationToken)
    {
        var accessToken = AddAccessToken(grant.ClientId, scope, grant.Id);
        var refreshToken = Scopes.Contains(grant.Scope, Scopes.OfflineAccess) ? AddRefreshToken(grant) : null;
        await database.SaveChangesAsync(CancellationToken.None);
        var idToken = await idTokens.CreateAsync(grant, session, account, scope, nonce, accessToken, cancellationToken);
        return new TokenBody(accessToken, "Bearer", (int)AccessToken.Lifetime.TotalSeconds, scope, idToken, refreshToken);
    }

    /// <summary>For the application itself.</summary>
    internal async Task<TokenBody> ForClientAsync(Client client, string scope)
    {
        var accessToken = AddAccessToken(client.Id, scope, grant: null);
        await database.SaveChangesAsync(CancellationToken.None);
        return new TokenBody(accessToken, "Bearer", (int)AccessToken.Lifetime.TotalSeconds, scope);
    }

    private string AddAccessToken(string clientId, string scope, Guid? grant)
    {
        var now = clock.GetUtcNow();
        var token = OpaqueSecret.New();
        database.AccessTokens.Add(new AccessToken
        {
            TokenHash = OpaqueSecret.Hash(token),
            GrantId = grant,
            ClientId = clientId,
            Scope = scope,
            IssuedAt = now,
            ExpiresAt = now + AccessToken.Lifetime,
        });
        return token;
    }

    private string AddRefreshToken(Grant grant)
    {
        var token = OpaqueSecret.New();
        database.RefreshTokens.Add(new RefreshToken
        {
            TokenHash = OpaqueSecret.Hash(token),
            GrantId = grant.Id,
            ExpiresAt = clock.GetUtcNow() + RefreshToken.Lifetime,
        });
        return token;
    }
}
