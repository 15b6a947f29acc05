using System.Security.Cryptography;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>One of the product's own services as the provider sees it: it signs assertions in place of a secret and asks for tokens for itself.</summary>
public static class ServiceClient
{
    public const string Id = "service";

    public const string Scope = "accounts.read accounts.write";

    private static readonly ECDsaSecurityKey Key = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "service-key" };

    /// <summary>The private half, for a client in another process.</summary>
    public static string PrivateKeyPem => Key.ECDsa.ExportPkcs8PrivateKeyPem();

    /// <summary>The public half as the provider is given it.</summary>
    public static string JwksFile { get; } = WriteKeySet();

    public static IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>
    {
        ["Clients:2:Id"] = Id,
        ["Clients:2:JwksFile"] = JwksFile,
        ["Clients:2:GrantTypes"] = "client_credentials",
        ["Clients:2:ServiceScopes"] = Scope,
        ["Clients:2:MayIntrospect"] = "true",
    };

    /// <summary>An assertion as RFC 7523 asks for it.</summary>
    /// <param name="change">Spoils it.</param>
    public static string Assertion(IdentityHost host, Action<SecurityTokenDescriptor>? change = null)
    {
        var now = host.Clock.GetUtcNow().UtcDateTime;
        var descriptor = new SecurityTokenDescriptor
        {
            Issuer = Id,
            Audience = IdentityHost.Issuer,
            IssuedAt = now,
            NotBefore = now,
            Expires = now.AddMinutes(1),
            Claims = new Dictionary<string, object> { ["sub"] = Id, ["jti"] = Guid.NewGuid().ToString() },
            SigningCredentials = new SigningCredentials(Key, SecurityAlgorithms.EcdsaSha256),
        };
        change?.Invoke(descriptor);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(descriptor);
    }

    /// <summary>Posts a form to an endpoint, proved by an assertion.</summary>
    public static Task<HttpResponseMessage> PostAsync(HttpClient channel, string path, string assertion, params (string Name, string Value)[] form) =>
        channel.PostAsync(
            path,
            new FormUrlEncodedContent(form.Append(("client_assertion", assertion))
                .Append(("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"))
                .Select(pair => KeyValuePair.Create(pair.Item1, pair.Item2))),
            TestContext.Current.CancellationToken);

    private static string WriteKeySet()
    {
        var parameters = Key.ECDsa.ExportParameters(includePrivateParameters: false);
        var file = Path.Combine(Directory.CreateTempSubdirectory("identity-tests-keys-").FullName, "jwks.json");
        File.WriteAllText(
            file,
            $$"""{"keys":[{"kty":"EC","crv":"P-256","kid":"service-key","use":"sig","x":"{{Base64UrlEncoder.Encode(parameters.Q.X)}}","y":"{{Base64UrlEncoder.Encode(parameters.Q.Y)}}"}]}""");
        return file;
    }
}
