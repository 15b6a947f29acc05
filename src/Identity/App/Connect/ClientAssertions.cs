using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect;

/// <summary>private_key_jwt (OpenID Connect Core section 9, RFC 7523 section 3): the application proves itself with a key that never leaves it.</summary>
public sealed class ClientAssertions(ClientRegistry clients, SingleUse uses, ProviderSettings settings, TimeProvider clock)
{
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    /// <summary>An assertion is made for one request. This is also how long a used one must be remembered.</summary>
    private static readonly TimeSpan LongestLifetime = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new();

    public static IReadOnlyList<string> Algorithms { get; } =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSsaPssSha256];

    /// <returns>The client that signed it, once; null when it is not good.</returns>
    public async Task<Client?> VerifyAsync(string? type, string assertion)
    {
        if (type != Type || Read(assertion) is not { } claimed)
            return null;
        if (clients.Find(claimed.Subject) is not { Keys.Count: > 0 } client || claimed.Issuer != client.Id || claimed.Id is not { Length: > 0 } id)
            return null;

        var now = clock.GetUtcNow();
        var result = await _handler.ValidateTokenAsync(assertion, new TokenValidationParameters
        {
            ValidIssuer = client.Id,

            // The issuer is what RFC 7523bis will have; the token endpoint's address is what libraries send today.
            ValidAudiences = [settings.Issuer, settings.Issuer + TokenEndpoint.Path],
            IssuerSigningKeys = client.Keys,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            LifetimeValidator = (notBefore, expires, _, _) =>
                expires is { } end && end > (now - ClockSkew).UtcDateTime && end <= (now + LongestLifetime).UtcDateTime
                && (notBefore is not { } start || start <= (now + ClockSkew).UtcDateTime),
        });

        // RFC 7523 section 3 item 7.
        return result.IsValid && await uses.IsFirstAsync($"{client.Id} {id}", now + LongestLifetime + ClockSkew) ? client : null;
    }

    /// <returns>What it claims, unverified; null for what is no token.</returns>
    private JsonWebToken? Read(string assertion)
    {
        try
        {
            return _handler.ReadJsonWebToken(assertion);
        }
        catch (Exception malformed) when (malformed is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }
}
