using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect;

/// <summary>What applications read about this provider: OpenID Connect Discovery and the key set. Addresses come from settings alone.</summary>
internal static class Metadata
{
    public const string DiscoveryPath = "/.well-known/openid-configuration";

    public const string KeySetPath = "/.well-known/jwks.json";

    /// <summary>Long enough to spare us repeats, far shorter than the overlap of keys.</summary>
    private const string CacheControl = "public, max-age=300";

    public static IResult Discovery(ProviderSettings settings, HttpContext context)
    {
        context.Response.Headers.CacheControl = CacheControl;
        return Results.Json(
            new DiscoveryBody
            {
                Issuer = settings.Issuer,
                AuthorizationEndpoint = settings.Issuer + AuthorizeEndpoint.Path,
                TokenEndpoint = settings.Issuer + TokenEndpoint.Path,
                UserinfoEndpoint = settings.Issuer + UserInfoEndpoint.Path,
                EndSessionEndpoint = settings.Issuer + EndSessionEndpoint.Path,
                RevocationEndpoint = settings.Issuer + RevocationEndpoint.Path,
                IntrospectionEndpoint = settings.Issuer + IntrospectionEndpoint.Path,
                JwksUri = settings.Issuer + KeySetPath,
            },
            ConnectJson.Default.DiscoveryBody);
    }

    public static async Task<IResult> KeySetAsync(SigningKeys keys, HttpContext context)
    {
        var published = await keys.PublishedAsync(context.RequestAborted);
        context.Response.Headers.CacheControl = CacheControl;
        return Results.Json(new KeySetBody([.. published.Select(Describe)]), ConnectJson.Default.KeySetBody);
    }

    private static KeyBody Describe(AsymmetricSecurityKey key)
    {
        if (key is RsaSecurityKey { Rsa: { } rsa })
        {
            var numbers = rsa.ExportParameters(includePrivateParameters: false);
            return new KeyBody("RSA", "sig", SecurityAlgorithms.RsaSha256, key.KeyId) { N = Base64UrlEncoder.Encode(numbers.Modulus), E = Base64UrlEncoder.Encode(numbers.Exponent) };
        }

        var point = ((ECDsaSecurityKey)key).ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new KeyBody("EC", "sig", SecurityAlgorithms.EcdsaSha256, key.KeyId) { Crv = "P-256", X = Base64UrlEncoder.Encode(point.X), Y = Base64UrlEncoder.Encode(point.Y) };
    }
}
