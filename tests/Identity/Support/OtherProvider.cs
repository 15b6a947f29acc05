using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>Somebody at the other provider.</summary>
public sealed record PersonElsewhere(string Subject, string? Email = null, bool EmailVerified = true, string GivenName = "Ines", string FamilyName = "Newcomer");

/// <summary>
/// Another OpenID provider: discovery, keys, token and userinfo, with checks of client, redirect address and PKCE. Its sign-in page is the test. What it
/// answers can be bent, to show that we notice.
/// </summary>
public sealed class OtherProvider(IdentityHost host) : HttpMessageHandler
{
    public const string Origin = "https://login.example";
    public const string ClientId = "telemedicine";
    public const string ClientSecret = "a client secret at the other provider of 32 bytes";
    public const string Id = "health-login";

    private readonly ConcurrentDictionary<string, Grant> _codes = new();
    private ECDsaSecurityKey _key = NewKey();

    private sealed record Grant(PersonElsewhere Person, string RedirectUri, string Challenge, string Nonce);

    public Action<SecurityTokenDescriptor>? BendIdToken { get; set; }

    public Func<string, string>? ReplaceIdToken { get; set; }

    public Action<Dictionary<string, string?>>? BendAnswer { get; set; }

    /// <summary>More in the ID token, or in userinfo with <see cref="ThinIdTokens"/>.</summary>
    public Dictionary<string, object> MoreClaims { get; } = [];

    /// <summary>Leaves names and address to userinfo.</summary>
    public bool ThinIdTokens { get; set; }

    public string? UserInfoSubject { get; set; }

    /// <summary>The paths that do not answer.</summary>
    public Func<string, bool> IsDown { get; set; } = _ => false;

    public Dictionary<string, string> LastTokenRequest { get; private set; } = [];

    public byte[] PublicKey => _key.ECDsa.ExportSubjectPublicKeyInfo();

    /// <summary>What the host is to be set up with.</summary>
    public static Dictionary<string, string> Settings(int index = 0, string id = Id) => new()
    {
        [$"Federation:{index}:Id"] = id,
        [$"Federation:{index}:Name"] = "Health login",
        [$"Federation:{index}:Authority"] = Origin,
        [$"Federation:{index}:ClientId"] = ClientId,
        [$"Federation:{index}:ClientSecret"] = ClientSecret,
        [$"Federation:{index}:Roles"] = "patient clinician",
        [$"Federation:{index}:MayRegister"] = "true",
        [$"Federation:{index}:TwoFactors:acr"] = "stronger strong",
    };

    public void RotateKey() => _key = NewKey();

    /// <summary>The person signs in, or without one says no.</summary>
    /// <param name="request">Where we sent the browser.</param>
    /// <returns>Where it sends the browser back to, without our host.</returns>
    public string Answer(Uri request, PersonElsewhere? person)
    {
        Assert.Equal(Origin, request.GetLeftPart(UriPartial.Authority));
        var asked = QueryHelpers.ParseQuery(request.Query).ToDictionary(pair => pair.Key, pair => pair.Value.ToString());
        Assert.Equal(("code", ClientId, "S256"), (asked["response_type"], asked["client_id"], asked["code_challenge_method"]));
        var answer = new Dictionary<string, string?> { ["state"] = asked["state"], ["iss"] = Origin };
        if (person is null)
        {
            answer["error"] = "access_denied";
        }
        else
        {
            var code = Guid.NewGuid().ToString("N");
            _codes[code] = new Grant(person, asked["redirect_uri"], asked["code_challenge"], asked["nonce"]);
            answer["code"] = code;
        }

        BendAnswer?.Invoke(answer);
        var address = new Uri(asked["redirect_uri"]);
        Assert.Equal(IdentityHost.Issuer, address.GetLeftPart(UriPartial.Authority));
        return QueryHelpers.AddQueryString(address.AbsolutePath, answer.Where(pair => pair.Value is not null));
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var path = request.RequestUri?.AbsolutePath ?? "";
        if (IsDown(path))
            throw new HttpRequestException("No connection.");
        return path switch
        {
            "/.well-known/openid-configuration" => Json(new
            {
                issuer = Origin,
                authorization_endpoint = Origin + "/authorize",
                token_endpoint = Origin + "/token",
                userinfo_endpoint = Origin + "/userinfo",
                jwks_uri = Origin + "/keys",
                authorization_response_iss_parameter_supported = true,
            }),
            "/keys" => Keys(),
            "/token" => Token(QueryHelpers.ParseQuery(await (request.Content ?? throw new InvalidOperationException("No form.")).ReadAsStringAsync(cancellationToken))
                .ToDictionary(pair => pair.Key, pair => pair.Value.ToString())),
            "/userinfo" => UserInfo(request.Headers.Authorization?.Parameter ?? ""),
            _ => new HttpResponseMessage(HttpStatusCode.NotFound),
        };
    }

    private static HttpResponseMessage Json(object body, HttpStatusCode status = HttpStatusCode.OK) => new(status) { Content = JsonContent.Create(body) };

    private static ECDsaSecurityKey NewKey() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };

    private HttpResponseMessage Keys()
    {
        var point = _key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return Json(new { keys = new[] { new { kty = "EC", use = "sig", alg = "ES256", kid = _key.KeyId, crv = "P-256", x = Base64UrlEncoder.Encode(point.X), y = Base64UrlEncoder.Encode(point.Y) } } });
    }

    private HttpResponseMessage Token(Dictionary<string, string> form)
    {
        LastTokenRequest = form;
        var isProved = form.GetValueOrDefault("client_secret") == ClientSecret || form.ContainsKey("client_assertion");
        if (!isProved || !_codes.TryRemove(form["code"], out var grant) || form["redirect_uri"] != grant.RedirectUri || Application.Challenge(form["code_verifier"]) != grant.Challenge)
            return Json(new { error = "invalid_grant", error_description = "Margaret Hughes may not" }, HttpStatusCode.BadRequest);
        var accessToken = Base64Url.EncodeToString(Encoding.UTF8.GetBytes(grant.Person.Subject));
        _people[accessToken] = grant.Person;
        var idToken = IdToken(grant, accessToken);
        return Json(new { access_token = accessToken, token_type = "Bearer", expires_in = 300, id_token = ReplaceIdToken?.Invoke(idToken) ?? idToken });
    }

    private readonly ConcurrentDictionary<string, PersonElsewhere> _people = new();

    private string IdToken(Grant grant, string accessToken)
    {
        var now = host.Clock.GetUtcNow();
        var claims = new Dictionary<string, object>
        {
            ["sub"] = grant.Person.Subject,
            ["nonce"] = grant.Nonce,
            ["auth_time"] = now.ToUnixTimeSeconds(),
            ["at_hash"] = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16)),
        };
        if (!ThinIdTokens)
        {
            foreach (var (name, value) in Profile(grant.Person))
                claims[name] = value;
        }

        var token = new SecurityTokenDescriptor
        {
            Issuer = Origin,
            Audience = ClientId,
            IssuedAt = now.UtcDateTime,
            Expires = now.UtcDateTime.AddMinutes(5),
            Claims = claims,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
        };
        BendIdToken?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    private HttpResponseMessage UserInfo(string accessToken)
    {
        if (!_people.TryGetValue(accessToken, out var person))
            return new HttpResponseMessage(HttpStatusCode.Unauthorized);
        var claims = Profile(person);
        claims["sub"] = UserInfoSubject ?? person.Subject;
        return Json(claims);
    }

    private Dictionary<string, object> Profile(PersonElsewhere person)
    {
        var claims = new Dictionary<string, object> { ["given_name"] = person.GivenName, ["family_name"] = person.FamilyName };
        if (person.Email is { } email)
            (claims["email"], claims["email_verified"]) = (email, person.EmailVerified);
        foreach (var (name, value) in MoreClaims)
            claims[name] = value;
        return claims;
    }
}
