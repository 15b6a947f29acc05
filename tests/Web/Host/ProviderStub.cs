using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.TestHost;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Telemedicine.Web.Tests.Host;

/// <summary>Whom the provider lets in.</summary>
public sealed record Account(string Subject, string GivenName, string FamilyName, string? Email, params string[] Roles)
{
    public string Name => $"{GivenName} {FamilyName}";

    /// <summary>Whether they have shown that the address is theirs.</summary>
    public bool EmailVerified { get; init; } = true;
}

/// <summary>
/// A small OpenID provider on a host of its own: discovery, keys, authorize, token, userinfo and end-session, with checks of client, redirect address
/// and PKCE. What it answers can be bent, to show that the relying party notices.
/// </summary>
public sealed class ProviderStub : IAsyncDisposable
{
    public const string Origin = "https://identity.test";
    public const string ClientId = "web";
    public const string ClientSecret = "a client secret of thirty-two bytes or more: 7Qh2";

    private readonly ConcurrentDictionary<string, Grant> _codes = new();
    private readonly WebApplication _app;
    private readonly TimeProvider _time;
    private ECDsaSecurityKey _key = NewKey();

    private ProviderStub(WebApplication app, TimeProvider time)
    {
        _app = app;
        _time = time;
    }

    /// <summary>Bends the ID token's claims before it is signed.</summary>
    public Action<SecurityTokenDescriptor>? BendIdToken { get; set; }

    /// <summary>Bends the parameters of the answer to the browser.</summary>
    public Action<Dictionary<string, string?>>? BendAnswer { get; set; }

    /// <summary>Replaces the whole ID token.</summary>
    public Func<string, string>? ReplaceIdToken { get; set; }

    /// <summary>Leaves name and role to the userinfo endpoint.</summary>
    public bool ThinIdTokens { get; set; }

    public string? UserInfoSubject { get; set; }

    /// <summary>What it says about everybody besides.</summary>
    public Dictionary<string, object> MoreClaims { get; set; } = [];

    /// <summary>SubjectPublicKeyInfo, DER: known to everybody.</summary>
    public byte[] PublicKey => _key.ECDsa.ExportSubjectPublicKeyInfo();

    public bool Down { get; set; }

    /// <summary>"prompt_values_supported" of the discovery document.</summary>
    public string[] Prompts { get; set; } = ["none", "login", "create"];

    public int KeyReads { get; private set; }

    /// <summary>The parameters of the last authorization request.</summary>
    public IReadOnlyDictionary<string, string> LastRequest { get; private set; } = new Dictionary<string, string>();

    public IReadOnlyDictionary<string, string> LastSignOut { get; private set; } = new Dictionary<string, string>();

    private sealed record Grant(Account Account, string RedirectUri, string Challenge, string Nonce);

    public static async Task<ProviderStub> StartAsync(TimeProvider time)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var stub = new ProviderStub(app, time);
        app.Use((context, next) => stub.Down ? Fail(context) : next(context));
        app.MapGet("/.well-known/openid-configuration", () => Results.Json(new
        {
            issuer = Origin,
            authorization_endpoint = Origin + "/authorize",
            token_endpoint = Origin + "/token",
            userinfo_endpoint = Origin + "/userinfo",
            end_session_endpoint = Origin + "/end-session",
            jwks_uri = Origin + "/keys",
            prompt_values_supported = stub.Prompts,
            authorization_response_iss_parameter_supported = true,
            token_endpoint_auth_methods_supported = new[] { "client_secret_basic" },
        }));
        app.MapGet("/keys", (Delegate)stub.Keys);
        app.MapGet("/authorize", (Delegate)stub.Authorize);
        app.MapPost("/token", (Delegate)stub.TokenAsync);
        app.MapGet("/userinfo", (Delegate)stub.UserInfo);
        app.MapGet("/end-session", (Delegate)stub.EndSession);
        await app.StartAsync();
        return stub;
    }

    /// <summary>The session of the last sign-in: its "sid".</summary>
    public string LastSession { get; private set; } = "";

    public string LastIdToken { get; private set; } = "";

    public HttpMessageHandler Handler() => _app.GetTestServer().CreateHandler();

    public void RotateKey() => _key = NewKey();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>A token signed with a key that nobody published.</summary>
    public static string SignedByStranger(string token)
    {
        var claims = new JsonWebToken(token).Claims.GroupBy(c => c.Type).ToDictionary(g => g.Key, g => (object)g.First().Value);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }
            .CreateToken(new SecurityTokenDescriptor { Claims = claims, SigningCredentials = new SigningCredentials(NewKey(), SecurityAlgorithms.EcdsaSha256) });
    }

    public static ECDsaSecurityKey StrangersKey() => NewKey();

    /// <summary>What the provider posts when a session has ended, bent or not.</summary>
    public string LogoutToken(string? session, string subject, Action<SecurityTokenDescriptor>? bend = null)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        var token = new SecurityTokenDescriptor
        {
            TokenType = "logout+jwt",
            Issuer = Origin,
            Audience = ClientId,
            IssuedAt = now,
            Expires = now.AddMinutes(2),
            Claims = new Dictionary<string, object>
            {
                ["jti"] = Guid.NewGuid().ToString("N"),
                ["sub"] = subject,
                ["events"] = new Dictionary<string, object> { ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>() },
            },
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
        };
        if (session is not null)
            token.Claims["sid"] = session;
        bend?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    private static Task Fail(HttpContext context)
    {
        context.Response.StatusCode = 503;
        return Task.CompletedTask;
    }

    private static ECDsaSecurityKey NewKey() => new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = Guid.NewGuid().ToString("N") };

    private IResult Keys()
    {
        KeyReads++;
        var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(ECDsa.Create(_key.ECDsa.ExportParameters(false))) { KeyId = _key.KeyId });
        return Results.Json(new { keys = new[] { new { kty = "EC", use = "sig", alg = "ES256", kid = jwk.Kid, crv = jwk.Crv, x = jwk.X, y = jwk.Y } } });
    }

    /// <summary>The account to sign in comes in a header that the test's browser sends: there is no sign-in page.</summary>
    private IResult Authorize(HttpContext context)
    {
        var request = context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        LastRequest = request;
        if (request["client_id"] != ClientId || request["response_type"] != "code" || request["code_challenge_method"] != "S256" || !request["scope"].Split(' ').Contains("openid"))
            return Results.BadRequest();
        var answer = new Dictionary<string, string?> { ["state"] = request["state"], ["iss"] = Origin };
        if (Browser.AccountOf(context.Request) is { } account)
        {
            var code = Guid.NewGuid().ToString("N");
            _codes[code] = new Grant(account, request["redirect_uri"], request["code_challenge"], request["nonce"]);
            answer["code"] = code;
        }
        else
        {
            answer["error"] = "access_denied";
        }
        BendAnswer?.Invoke(answer);
        return Results.Redirect(QueryHelpers.AddQueryString(request["redirect_uri"], answer.Where(a => a.Value is not null)));
    }

    private async Task<IResult> TokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var expected = Convert.ToBase64String(Encoding.ASCII.GetBytes($"{ClientId}:{WebUtility(ClientSecret)}"));
        if (context.Request.Headers.Authorization != $"Basic {expected}")
            return Results.Json(new { error = "invalid_client" }, statusCode: 401);
        if (!_codes.TryRemove(form["code"].ToString(), out var grant) || form["redirect_uri"] != grant.RedirectUri || Challenge(form["code_verifier"].ToString()) != grant.Challenge)
            return Results.Json(new { error = "invalid_grant" }, statusCode: 400);
        var accessToken = Convert.ToBase64String(Encoding.UTF8.GetBytes(grant.Account.Subject));
        _accounts[accessToken] = grant.Account;
        var idToken = IdToken(grant, accessToken);
        LastIdToken = idToken;
        return Results.Json(new { access_token = accessToken, token_type = "Bearer", expires_in = 300, id_token = ReplaceIdToken?.Invoke(idToken) ?? idToken });
    }

    private readonly ConcurrentDictionary<string, Account> _accounts = new();

    private string IdToken(Grant grant, string accessToken)
    {
        var now = _time.GetUtcNow().UtcDateTime;
        LastSession = Guid.NewGuid().ToString("N");
        var claims = new Dictionary<string, object> { ["sub"] = grant.Account.Subject, ["nonce"] = grant.Nonce, ["sid"] = LastSession, ["at_hash"] = AtHash(accessToken) };
        if (!ThinIdTokens)
        {
            foreach (var (key, value) in Profile(grant.Account))
                claims[key] = value;
        }
        var token = new SecurityTokenDescriptor
        {
            Issuer = Origin,
            Audience = ClientId,
            IssuedAt = now,
            Expires = now.AddMinutes(5),
            Claims = claims,
            SigningCredentials = new SigningCredentials(_key, SecurityAlgorithms.EcdsaSha256),
        };
        BendIdToken?.Invoke(token);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(token);
    }

    private IResult UserInfo(HttpContext context)
    {
        if (!_accounts.TryGetValue(context.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal), out var account))
            return Results.Unauthorized();
        var claims = Profile(account);
        claims["sub"] = UserInfoSubject ?? account.Subject;
        return Results.Json(claims);
    }

    private IResult EndSession(HttpContext context)
    {
        LastSignOut = context.Request.Query.ToDictionary(q => q.Key, q => q.Value.ToString());
        return Results.Redirect(QueryHelpers.AddQueryString(LastSignOut["post_logout_redirect_uri"], "state", LastSignOut["state"]));
    }

    private Dictionary<string, object> Profile(Account account)
    {
        var claims = new Dictionary<string, object> { ["name"] = account.Name, ["given_name"] = account.GivenName, ["family_name"] = account.FamilyName };
        if (account.Email is { } email)
            (claims["email"], claims["email_verified"]) = (email, account.EmailVerified);
        claims["role"] = account.Roles is [var only] ? only : account.Roles;
        foreach (var (name, value) in MoreClaims)
            claims[name] = value;
        return claims;
    }

    private static string AtHash(string accessToken) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)).AsSpan(0, 16));

    private static string Challenge(string verifier) => WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(verifier)));

    private static string WebUtility(string value) => Uri.EscapeDataString(value).Replace("%20", "+", StringComparison.Ordinal);
}
