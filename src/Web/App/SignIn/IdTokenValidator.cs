using System.IdentityModel.Tokens.Jwt;
using System.Security.Claims;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Telemedicine.Web.SignIn;

/// <summary>Checks an ID token as OpenID Connect Core 1.0 section 3.1.3.7 says: signature, issuer, audience, times, nonce, at_hash.</summary>
public sealed class IdTokenValidator(TimeProvider time)
{
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(2);

    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>The nonce's own time stamp is not used: the protected state that holds it has its own age.</summary>
    private readonly OpenIdConnectProtocolValidator _protocol = new() { RequireTimeStampInNonce = false, RequireNonce = true };

    /// <returns>The person's claims, or the name of the rule that the token breaks.</returns>
    internal async Task<(ClaimsIdentity? Claims, string? Reason)> ValidateAsync(
        OidcOptions options, OpenIdConnectConfiguration provider, OpenIdConnectMessage tokens, string? nonce, CancellationToken cancellationToken)
    {
        var (token, broken) = await ValidateSignedAsync(options, provider, tokens.IdToken, cancellationToken);
        if (token is null)
            return (null, broken);
        // OpenID Connect Core 1.0 section 3.1.3.7, rules 4 and 5: a token for several clients names the one it was made for.
        if (token.Azp.Length > 0 ? token.Azp != options.ClientId : token.Audiences.Count() > 1)
            return (null, "AuthorizedParty");
        try
        {
            _protocol.ValidateTokenResponse(new OpenIdConnectProtocolValidationContext
            {
                ClientId = options.ClientId,
                ProtocolMessage = tokens,
                ValidatedIdToken = new JwtSecurityToken(tokens.IdToken),
                Nonce = nonce,
            });
        }
        catch (OpenIdConnectProtocolException e)
        {
            return (null, e.GetType().Name);
        }
        var claims = new ClaimsIdentity(OidcHandler.SchemeName, SessionClaims.Name, SessionClaims.Role);
        claims.AddClaims(token.Claims.Where(c => SessionClaims.OfSignIn.Contains(c.Type)).Select(c => new Claim(c.Type, c.Value)));
        foreach (var type in SessionClaims.Profile)
        {
            if (token.Claims.FirstOrDefault(c => c.Type == options.NameOf(type)) is { Value.Length: > 0 } claim)
                claims.AddClaim(new Claim(type, type == SessionClaims.EmailVerified ? claim.Value.ToLowerInvariant() : claim.Value));
        }
        claims.AddClaims(token.Claims.Where(c => c.Type == options.RoleClaim).SelectMany(c => options.RoleOf(c.Value)));
        return (claims, null);
    }

    /// <summary>What any token of the provider's for us must be: signed by it, named ours, current.</summary>
    /// <returns>The token, or the name of the rule that it breaks.</returns>
    /// <exception cref="InvalidOperationException">The provider's keys cannot be read.</exception>
    internal async Task<(JsonWebToken? Token, string? Reason)> ValidateSignedAsync(
        OidcOptions options, OpenIdConnectConfiguration provider, string token, CancellationToken cancellationToken)
    {
        var result = await _handler.ValidateTokenAsync(token, ParametersFor(options, provider));
        if (result.Exception is SecurityTokenSignatureKeyNotFoundException && options.Provider is { } metadata)
        {
            // The provider may have rotated its keys since they were read.
            result = await _handler.ValidateTokenAsync(token, ParametersFor(options, await metadata.RefreshAsync(cancellationToken)));
        }
        return result is { IsValid: true, SecurityToken: JsonWebToken read } ? (read, null) : (null, result.Exception?.GetType().Name);
    }

    private TokenValidationParameters ParametersFor(OidcOptions options, OpenIdConnectConfiguration provider) => new()
    {
        ValidIssuer = options.Authority,
        ValidAudience = options.ClientId,
        IssuerSigningKeys = provider.SigningKeys,
        ValidAlgorithms = Algorithms,
        LifetimeValidator = (notBefore, expires, _, _) => IsCurrent(notBefore, expires),
    };

    private bool IsCurrent(DateTime? notBefore, DateTime? expires)
    {
        var now = time.GetUtcNow().UtcDateTime;
        return expires is { } end && now - Skew < end && (notBefore is not { } start || now + Skew >= start);
    }
}
