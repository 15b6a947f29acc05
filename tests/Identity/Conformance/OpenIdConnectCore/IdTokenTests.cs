using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.OpenIdConnectCore;

/// <summary>OpenID Connect Core sections 2, 3.1.3.6 and 5.1.</summary>
public sealed class IdTokenTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    [Fact]
    public async Task An_ID_token_says_who_for_whom_when_and_how()
    {
        var person = Person.Clinician();
        using var browser = host.OpenBrowser();
        var signedInAt = host.Clock.GetUtcNow().ToUnixTimeSeconds();

        var tokens = await Application.Web.SignInAsync(host, browser, person.Email);

        var claims = tokens.Claims;
        Assert.Equal(IdentityHost.Issuer, claims.GetProperty("iss").GetString());
        Assert.Equal("web", claims.GetProperty("aud").GetString());
        Assert.Equal(person.Subject.ToString(), claims.GetProperty("sub").GetString());
        Assert.Equal(signedInAt, claims.GetProperty("iat").GetInt64());
        Assert.Equal(signedInAt + 300, claims.GetProperty("exp").GetInt64());
        Assert.Equal(signedInAt, claims.GetProperty("auth_time").GetInt64());
        Assert.Equal("n-0S6_WzA2Mj", claims.GetProperty("nonce").GetString());
        Assert.Equal("urn:telemedicine:acr:password+code", claims.GetProperty("acr").GetString());
        Assert.Equal(["pwd", "otp", "mfa"], Strings(claims.GetProperty("amr")));
        Assert.True(Guid.TryParse(claims.GetProperty("sid").GetString(), out _));
        Assert.Equal($"{person.GivenName} {person.FamilyName}", claims.GetProperty("name").GetString());
        Assert.Equal(person.GivenName, claims.GetProperty("given_name").GetString());
        Assert.Equal(person.FamilyName, claims.GetProperty("family_name").GetString());
        Assert.Equal(person.Email, claims.GetProperty("email").GetString());
        Assert.True(claims.GetProperty("email_verified").GetBoolean());
        Assert.Equal(["clinician"], Strings(claims.GetProperty("role")));
    }

    [Fact]
    public async Task An_ID_token_verifies_with_the_published_key_and_not_when_changed()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var tokens = await Application.Web.SignInAsync(host, browser, Person.Patient().Email);
        var keys = new JsonWebKeySet(await channel.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken));
        var rules = new TokenValidationParameters
        {
            ValidIssuer = IdentityHost.Issuer,
            ValidAudience = "web",
            IssuerSigningKeys = keys.GetSigningKeys(),
            ValidAlgorithms = ["ES256"],
            LifetimeValidator = (_, expires, _, _) => expires > host.Clock.GetUtcNow(),
        };
        var parts = tokens.IdToken.Split('.');
        var payload = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[1])).Replace("patient", "clinician", StringComparison.Ordinal);
        var changed = $"{parts[0]}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload))}.{parts[2]}";

        var result = await new JsonWebTokenHandler().ValidateTokenAsync(tokens.IdToken, rules);
        var changedResult = await new JsonWebTokenHandler().ValidateTokenAsync(changed, rules);

        Assert.True(result.IsValid, result.Exception?.Message);
        Assert.Equal("ES256", tokens.Header.GetProperty("alg").GetString());
        Assert.False(changedResult.IsValid);
    }

    [Fact]
    public async Task At_hash_binds_the_access_token()
    {
        using var browser = host.OpenBrowser();

        var tokens = await Application.Web.SignInAsync(host, browser, Person.Patient().Email);

        var expected = Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(tokens.AccessToken))[..16]);
        Assert.Equal(expected, tokens.Claims.GetProperty("at_hash").GetString());
    }

    [Fact]
    public async Task A_request_without_nonce_gets_none()
    {
        using var browser = host.OpenBrowser();

        var tokens = await Application.Web.SignInAsync(host, browser, Person.Patient().Email, ("nonce", ""));

        Assert.False(tokens.Claims.TryGetProperty("nonce", out _));
    }

    [Fact]
    public async Task Each_code_keeps_the_nonce_of_its_own_request()
    {
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var first = await browser.GetCodeAsync(Application.Web.AuthorizeUrl(("nonce", "first")), Person.Patient().Email);
        var second = await browser.GetCodeAsync(Application.Web.AuthorizeUrl(("nonce", "second")), Person.Patient().Email);

        using var secondResponse = await Application.Web.RedeemAsync(channel, second);
        using var firstResponse = await Application.Web.RedeemAsync(channel, first);

        Assert.Equal("first", (await Tokens.ReadAsync(firstResponse)).Claims.GetProperty("nonce").GetString());
        Assert.Equal("second", (await Tokens.ReadAsync(secondResponse)).Claims.GetProperty("nonce").GetString());
    }

    [Theory]
    [InlineData("openid", false, false)]
    [InlineData("openid profile", true, false)]
    [InlineData("openid email", false, true)]
    [InlineData("openid email unknown", false, true)]
    public async Task Scopes_decide_which_claims_are_told(string scope, bool hasName, bool hasEmail)
    {
        using var browser = host.OpenBrowser();

        var tokens = await Application.Web.SignInAsync(host, browser, Person.Patient().Email, ("scope", scope));

        Assert.Equal(hasName, tokens.Claims.TryGetProperty("name", out _));
        Assert.Equal(hasEmail, tokens.Claims.TryGetProperty("email", out _));
        Assert.Equal(
            scope.Replace(" unknown", string.Empty, StringComparison.Ordinal), tokens.Body.GetProperty("scope").GetString());
    }

    private static IEnumerable<string?> Strings(JsonElement array) => array.EnumerateArray().Select(item => item.GetString());
}
