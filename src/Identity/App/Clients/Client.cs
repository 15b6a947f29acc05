using System.Security.Cryptography;
using System.Text;

namespace Telemedicine.Identity.Clients;

/// <summary>A confidential application that people sign in to through this provider. It comes from configuration and is checked at start.</summary>
/// <param name="Id">The client_id.</param>
/// <param name="Name">What a person is shown.</param>
/// <param name="SecretSha256">SHA-256 of the UTF-8 secret, 32 bytes. The secret itself is never here: it is random, so a plain hash is enough.</param>
/// <param name="RedirectUris">Compared character by character (RFC 9700 section 2.1).</param>
/// <param name="PostLogoutRedirectUris">Likewise.</param>
public sealed record Client(
    string Id,
    string Name,
    byte[] SecretSha256,
    IReadOnlyList<string> RedirectUris,
    IReadOnlyList<string> PostLogoutRedirectUris)
{
    /// <summary>The address of the application's own pages: scheme, host and port.</summary>
    public string HomeUrl => new Uri(RedirectUris[0]).GetLeftPart(UriPartial.Authority);

    public bool HasSecret(string secret) =>
        CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SecretSha256);
}
