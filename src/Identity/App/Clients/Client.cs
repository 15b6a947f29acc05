using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;

namespace Telemedicine.Identity.Clients;

/// <summary>A confidential application that people sign in to through this provider. It comes from configuration and is checked at start.</summary>
public sealed record Client
{
    /// <summary>The client_id.</summary>
    public required string Id { get; init; }

    /// <summary>What a person is shown.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the UTF-8 secret, 32 bytes; empty when it has none. The secret itself is never here: it is random, so a plain hash is enough.</summary>
    public byte[] SecretSha256 { get; init; } = [];

    /// <summary>The public keys of an application that signs assertions in place of a secret (private_key_jwt).</summary>
    public IReadOnlyList<SecurityKey> Keys { get; init; } = [];

    /// <summary>Of <see cref="Clients.GrantTypes"/>.</summary>
    public IReadOnlyList<string> GrantTypes { get; init; } = [Clients.GrantTypes.AuthorizationCode];

    /// <summary>What it may ask for itself with client_credentials.</summary>
    public IReadOnlyList<string> ServiceScopes { get; init; } = [];

    /// <summary>What its ID and logout tokens are signed with: ES256, or RS256 for an application that can do no other.</summary>
    public string SigningAlgorithm { get; init; } = SecurityAlgorithms.EcdsaSha256;

    /// <summary>
    /// OpenID Connect Core section 8: people's subjects are of this host's alone, so that applications of different hosts cannot tell that theirs is the same
    /// person. Null for the same subject as everybody else's.
    /// </summary>
    public string? PairwiseSector { get; init; }

    /// <summary>People are asked before it learns anything about them: for applications that are not the practice's own.</summary>
    public bool NeedsConsent { get; init; }

    /// <summary>It may ask about tokens that others were given (RFC 7662): only for our own services.</summary>
    public bool MayIntrospect { get; init; }

    /// <summary>Compared character by character (RFC 9700 section 2.1).</summary>
    public IReadOnlyList<string> RedirectUris { get; init; } = [];

    /// <summary>Likewise.</summary>
    public IReadOnlyList<string> PostLogoutRedirectUris { get; init; } = [];

    /// <summary>
    /// Where the application begins a sign-in when we ask it to (OpenID Connect Core section 4): for people who confirmed their address on another
    /// device, or long after they began. Null when it offers none.
    /// </summary>
    public Uri? InitiateLoginUri { get; init; }

    /// <summary>Where the application hears that a session ended (OpenID Connect Back-Channel Logout 1.0); null when it does not want to.</summary>
    public Uri? BackChannelLogoutUri { get; init; }

    /// <summary>The address of the application's own pages (scheme, host and port); null for a service without any.</summary>
    public string? HomeUrl => RedirectUris is [var first, ..] ? new Uri(first).GetLeftPart(UriPartial.Authority) : null;

    public bool May(string grantType) => GrantTypes.Contains(grantType, StringComparer.Ordinal);

    public bool HasSecret(string secret) =>
        SecretSha256.Length > 0 && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SecretSha256);
}
