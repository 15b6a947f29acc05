using System.Text.Json.Serialization;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 6749 section 5.2.</summary>
internal sealed record ErrorBody(string Error, string ErrorDescription);

/// <summary>RFC 6749 section 5.1 and OpenID Connect Core section 3.1.3.3.</summary>
/// <param name="ExpiresIn">Seconds.</param>
internal sealed record TokenBody(string AccessToken, string TokenType, int ExpiresIn, string Scope, string? IdToken = null, string? RefreshToken = null);

/// <summary>RFC 7662 section 2.2.</summary>
/// <param name="Active">When false nothing else is said.</param>
internal sealed record IntrospectionBody(bool Active)
{
    public string? Scope { get; init; }
    public string? ClientId { get; init; }
    public string? TokenType { get; init; }
    public long? Exp { get; init; }
    public long? Iat { get; init; }
    public string? Sub { get; init; }
    public string? Sid { get; init; }
    public string? Iss { get; init; }
}

/// <summary>RFC 7517 section 5.</summary>
internal sealed record KeySetBody(IReadOnlyList<KeyBody> Keys);

/// <summary>A public key: of an elliptic curve (RFC 7518 section 6.2.1), or of RSA (section 6.3.1).</summary>
internal sealed record KeyBody(string Kty, string Use, string Alg, string Kid)
{
    public string? Crv { get; init; }
    public string? X { get; init; }
    public string? Y { get; init; }
    public string? N { get; init; }
    public string? E { get; init; }
}

/// <summary>OpenID Connect Discovery section 3 and RFC 8414 section 2.</summary>
internal sealed record DiscoveryBody
{
    public required string Issuer { get; init; }
    public required string AuthorizationEndpoint { get; init; }
    public required string TokenEndpoint { get; init; }
    public required string UserinfoEndpoint { get; init; }
    public required string EndSessionEndpoint { get; init; }
    public required string RevocationEndpoint { get; init; }
    public required string IntrospectionEndpoint { get; init; }
    public required string JwksUri { get; init; }
    public IReadOnlyList<string> ScopesSupported { get; } = Scopes.All;
    public IReadOnlyList<string> ResponseTypesSupported { get; } = ["code"];
    public IReadOnlyList<string> ResponseModesSupported { get; } = ["query"];
    public IReadOnlyList<string> GrantTypesSupported { get; } = Clients.GrantTypes.All;
    public IReadOnlyList<string> SubjectTypesSupported { get; } = ["public", "pairwise"];
    public IReadOnlyList<string> IdTokenSigningAlgValuesSupported { get; } = SigningKeys.Algorithms;
    public IReadOnlyList<string> TokenEndpointAuthMethodsSupported { get; } = ClientAuthentication.Methods;
    public IReadOnlyList<string> TokenEndpointAuthSigningAlgValuesSupported { get; } = ClientAssertions.Algorithms;
    public IReadOnlyList<string> RevocationEndpointAuthMethodsSupported { get; } = ClientAuthentication.Methods;
    public IReadOnlyList<string> IntrospectionEndpointAuthMethodsSupported { get; } = ClientAuthentication.Methods;
    public IReadOnlyList<string> CodeChallengeMethodsSupported { get; } = ["S256"];
    public IReadOnlyList<string> PromptValuesSupported { get; } = ["none", "login", "select_account", "create", "consent"];
    public IReadOnlyList<string> AcrValuesSupported { get; } = Accounts.AuthenticationContext.All;
    public IReadOnlyList<string> ClaimTypesSupported { get; } = ["normal"];
    public IReadOnlyList<string> ClaimsSupported { get; } =
    [
        "sub", "iss", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "sid", "at_hash",
        "name", "given_name", "family_name", "email", "email_verified", "role",
    ];
    public IReadOnlyList<string> UiLocalesSupported { get; } = ["en-GB"];
    public bool ClaimsParameterSupported { get; }
    public bool RequestParameterSupported { get; }
    public bool RequestUriParameterSupported { get; }
    public bool BackchannelLogoutSupported { get; } = true;
    public bool BackchannelLogoutSessionSupported { get; } = true;
    public bool AuthorizationResponseIssParameterSupported { get; } = true;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(TokenBody))]
[JsonSerializable(typeof(IntrospectionBody))]
[JsonSerializable(typeof(KeySetBody))]
[JsonSerializable(typeof(DiscoveryBody))]
[JsonSerializable(typeof(Dictionary<string, object>))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]))]
[JsonSerializable(typeof(bool))]
internal sealed partial class ConnectJson : JsonSerializerContext;
