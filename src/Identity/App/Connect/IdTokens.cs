using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect;

/// <summary>Makes ID tokens (OpenID Connect Core section 2) and reads our own back when an application hints with one.</summary>
public sealed class IdTokens(
    SigningKeys keys, PersonClaims people, ClientRegistry clients, ProviderSettings settings, TimeProvider clock)
{
    /// <summary>An application reads the token once, seconds after it is made.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    private readonly JsonWebTokenHandler _handler = new() { SetDefaultTimesOnTokenCreation = false };

    public async Task<string> CreateAsync(Grant grant, Session session, Account account, string scope, string? nonce, string accessToken, CancellationToken cancellationToken)
    {
        var claims = await people.OfAsync(account, grant.ClientId, scope, cancellationToken);
        claims["auth_time"] = session.SignedInAt.ToUnixTimeSeconds();
        claims["acr"] = session.AuthenticationContext;
        if (session.AuthenticationMethods.Length > 0)
            claims["amr"] = session.AuthenticationMethods.Split(' ');
        claims["sid"] = session.Id.ToString();
        claims["at_hash"] = AccessTokenHash(accessToken);
        if (nonce is not null)
            claims["nonce"] = nonce;

        var now = clock.GetUtcNow();
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = settings.Issuer,
            Audience = grant.ClientId,
            IssuedAt = now.UtcDateTime,
            Expires = (now + Lifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = await keys.CurrentAsync(clients.Find(grant.ClientId)?.SigningAlgorithm ?? SigningKeys.Algorithms[0], cancellationToken),
        });
    }

    /// <summary>Reads an id_token_hint: one of ours, for a client of ours, however old (OpenID Connect Core section 3.1.2.1).</summary>
    /// <returns>Null when it is anything else.</returns>
    public async Task<IdTokenHint?> ReadHintAsync(string token, CancellationToken cancellationToken)
    {
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = settings.Issuer,
            ValidAudiences = clients.All.Select(client => client.Id),
            IssuerSigningKeys = await keys.PublishedAsync(cancellationToken),
            ValidAlgorithms = SigningKeys.Algorithms,
            RequireSignedTokens = true,
            ValidateLifetime = false,
        });
        return result.IsValid
            && result.SecurityToken is JsonWebToken hint
            && hint.Subject is { Length: > 0 } subject
            && clients.Find(hint.Audiences.FirstOrDefault()) is { } client
                ? new IdTokenHint(subject, client)
                : null;
    }

    /// <summary>OpenID Connect Core section 3.1.3.6: the left half of the token's SHA-256.</summary>
    private static string AccessTokenHash(string accessToken) =>
        Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16));
}

/// <summary>Who an application believes is signed in, by its own subject for them, and which application that is.</summary>
public sealed record IdTokenHint(string Subject, Client Client);
