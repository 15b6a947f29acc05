using System.Net;
using System.Security.Cryptography;
using AngleSharp.Dom;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Federation;

public sealed class SigningInTests : FederationTest
{
    [Fact]
    public async Task The_request_is_a_code_with_PKCE_state_and_nonce_and_its_addresses_come_from_the_settings()
    {
        Host.Overrides["Federation:0:Scopes"] = "openid email phone";
        Host.Overrides["Federation:0:Parameters:vtr"] = """["P9.Cp.Cd"]""";
        using var browser = Host.OpenBrowser();
        browser.Client.DefaultRequestHeaders.Host = "evil.example";

        var asked = Browser.Query(await browser.RedirectOfAsync(With));

        Assert.Equal("code", asked["response_type"]);
        Assert.DoesNotContain("response_mode", asked.Keys);
        Assert.Equal("S256", asked["code_challenge_method"]);
        Assert.Equal(43, asked["code_challenge"].ToString().Length);
        Assert.NotEmpty(asked["state"].ToString());
        Assert.NotEmpty(asked["nonce"].ToString());
        Assert.Equal("openid email phone", asked["scope"]);
        Assert.Equal("""["P9.Cp.Cd"]""", asked["vtr"]);
        Assert.Equal($"{IdentityHost.Issuer}/federation/health-login/callback", asked["redirect_uri"]);
        Assert.DoesNotContain("prompt", asked.Keys);
        Assert.DoesNotContain(asked.Keys, name => name.StartsWith("x-client", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_sign_in_page_offers_it_and_keeps_where_the_person_was_going()
    {
        using var browser = Host.OpenBrowser();
        var page = await browser.OpenAsync((await browser.RedirectOfAsync(Application.Web.AuthorizeUrl())).OriginalString);
        var link = page.QuerySelectorAll("a").Single(one => one.TextContent == "Continue with Health login").GetAttribute("href") ?? "";
        using var response = await ContinueAsync(browser, Newcomer, link);

        using var made = await browser.SubmitAsync(await Browser.ReadAsync(response));
        var application = await browser.RedirectOfAsync(Local(made));

        Assert.StartsWith(Application.Web.RedirectUri, application.OriginalString, StringComparison.Ordinal);
        Assert.Contains("code", Browser.Query(application).Keys);
    }

    [Fact]
    public async Task Somebody_new_whose_address_the_provider_vouches_for_gets_an_account_without_a_password_and_comes_back_to_it()
    {
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);
        var first = await ClaimsAsync(browser);

        using var another = Host.OpenBrowser();
        using var response = await ContinueAsync(another, Newcomer);
        var second = await ClaimsAsync(another);

        Assert.Equal("/", Local(response));
        Assert.Equal("urn:telemedicine:acr:federated", first.GetProperty("acr").GetString());
        Assert.False(first.TryGetProperty("amr", out _));
        Assert.Equal("ines@example.org", first.GetProperty("email").GetString());
        Assert.True(first.GetProperty("email_verified").GetBoolean());
        Assert.Equal("patient", Assert.Single(first.GetProperty("role").EnumerateArray()).GetString());
        Assert.Equal(first.GetProperty("sub").GetString(), second.GetProperty("sub").GetString());
        var history = (await another.OpenAsync("/account/devices")).QuerySelector("main")?.TextContent;
        Assert.Contains("Signed in with another service", history, StringComparison.Ordinal);
        Assert.Contains("Account created", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Names_and_address_come_from_userinfo_where_the_ID_token_lacks_them_and_by_the_providers_names()
    {
        Elsewhere.ThinIdTokens = true;
        Elsewhere.MoreClaims["firstName"] = "Inés";
        Host.Overrides["Federation:0:ClaimNames:given_name"] = "firstName";
        using var browser = Host.OpenBrowser();

        await RegisterAsync(browser, Newcomer);

        var claims = await ClaimsAsync(browser);
        Assert.Equal(("Inés", "Newcomer", "ines@example.org"), (claims.GetProperty("given_name").GetString(), claims.GetProperty("family_name").GetString(), claims.GetProperty("email").GetString()));
    }

    [Fact]
    public async Task Names_are_asked_for_again_when_they_are_missing()
    {
        using var browser = Host.OpenBrowser();
        using var response = await ContinueAsync(browser, Newcomer with { GivenName = "" });

        using var refused = await browser.SubmitAsync(await Browser.ReadAsync(response));
        var page = await Browser.ReadAsync(refused);
        using var made = await browser.SubmitAsync(page, ("GivenName", "Ines"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal("#GivenName", page.QuerySelector(".nhsuk-error-summary__list a")?.GetAttribute("href"));
        Assert.Equal("Newcomer", page.QuerySelector("#FamilyName")?.GetAttribute("value"));
        Assert.Equal("/", Local(made));
    }

    [Fact]
    public async Task The_key_that_signs_at_the_provider_may_change()
    {
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);
        Elsewhere.RotateKey();
        using var another = Host.OpenBrowser();

        using var response = await ContinueAsync(another, Newcomer);

        Assert.True(await IsSignedInAsync(another));
    }

    [Fact]
    public async Task With_a_key_in_place_of_a_secret_each_token_request_is_signed()
    {
        using var key = RSA.Create(2048);
        var file = Path.Combine(Directory.CreateTempSubdirectory("identity-tests-key-").FullName, "key.pem");
        await File.WriteAllTextAsync(file, key.ExportPkcs8PrivateKeyPem(), TestContext.Current.CancellationToken);
        Host.Overrides["Federation:0:ClientSecret"] = "";
        Host.Overrides["Federation:0:PrivateKeyFile"] = file;
        Host.Overrides["Federation:0:PrivateKeyId"] = "our-key";
        Host.Overrides["Federation:0:PrivateKeyAlgorithm"] = "RS512";
        using var browser = Host.OpenBrowser();

        await RegisterAsync(browser, Newcomer);

        var request = Elsewhere.LastTokenRequest;
        Assert.DoesNotContain("client_secret", request.Keys);
        Assert.Equal("urn:ietf:params:oauth:client-assertion-type:jwt-bearer", request["client_assertion_type"]);
        var assertion = new JsonWebToken(request["client_assertion"]);
        Assert.Equal(("RS512", "our-key", OtherProvider.ClientId, OtherProvider.ClientId), (assertion.Alg, assertion.Kid, assertion.Issuer, assertion.Subject));
        Assert.Equal(OtherProvider.Origin + "/token", Assert.Single(assertion.Audiences));
        Assert.NotEmpty(assertion.Id);
        var valid = await new JsonWebTokenHandler().ValidateTokenAsync(request["client_assertion"], new TokenValidationParameters
        {
            ValidIssuer = OtherProvider.ClientId,
            ValidAudience = OtherProvider.Origin + "/token",
            IssuerSigningKey = new RsaSecurityKey(key.ExportParameters(false)),
        });
        Assert.True(valid.IsValid, valid.Exception?.Message);
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/")]
    [InlineData("/\\evil.example/")]
    public async Task A_return_address_elsewhere_is_ignored(string returnUrl)
    {
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);
        using var another = Host.OpenBrowser();

        using var response = await ContinueAsync(another, Newcomer, QueryHelpers.AddQueryString(With, "returnUrl", returnUrl));

        Assert.Equal("/", Local(response));
    }

    [Fact]
    public async Task A_provider_that_is_away_says_so_and_every_other_way_works()
    {
        Elsewhere.IsDown = _ => true;
        using var browser = Host.OpenBrowser();

        using var response = await browser.GetAsync(With);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        await AssertNotSignedInAsync(browser, response, "does not answer at the moment");
        await browser.SignInAsync(Person.Patient().Email);
    }

    [Theory]
    [InlineData("/token", "does not answer")]
    [InlineData("/userinfo", "does not answer")]
    public async Task A_provider_that_goes_away_on_the_way_back_says_so(string path, string text)
    {
        using var browser = Host.OpenBrowser();
        var request = await browser.RedirectOfAsync(With);
        Elsewhere.IsDown = asked => asked == path;

        using var back = await browser.GetAsync(Elsewhere.Answer(request, Newcomer));
        using var response = await browser.GetAsync(Local(back));

        await AssertNotSignedInAsync(browser, response, text);
    }

    [Fact]
    public async Task Who_says_no_there_is_told_and_can_go_on_to_where_they_were_going()
    {
        using var browser = Host.OpenBrowser();

        using var response = await ContinueAsync(browser, person: null, With + "?returnUrl=%2Faccount%2Fdevices");

        await AssertNotSignedInAsync(browser, response, "You did not finish signing in with Health login");
        var page = await Browser.ReadAsync(response);
        Assert.Equal("/account/sign-in?returnUrl=%2Faccount%2Fdevices", page.QuerySelector("main a")?.GetAttribute("href"));
    }

    [Theory]
    [InlineData("no-such-provider")]
    [InlineData("health-login/NoSuchProblem")]
    [InlineData("health-login/99")]
    public async Task Addresses_of_no_provider_are_not_found(string path)
    {
        using var browser = Host.OpenBrowser();

        using var response = await browser.GetAsync($"/account/sign-in/with/{path}");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Who_must_prove_again_who_they_are_does_so_at_the_provider_too()
    {
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);
        Host.Clock.Advance(TimeSpan.FromMinutes(11));
        var signIn = (await browser.RedirectOfAsync("/account/providers")).OriginalString;
        var link = (await browser.OpenAsync(signIn)).QuerySelectorAll("a").Single(one => one.TextContent == "Continue with Health login").GetAttribute("href") ?? "";

        var request = await browser.RedirectOfAsync(link);
        Elsewhere.BendIdToken = token => token.Claims["auth_time"] = Host.Clock.GetUtcNow().AddMinutes(-10).ToUnixTimeSeconds();
        using var old = await browser.GetAsync(Elsewhere.Answer(request, Newcomer));
        var oldPage = await Browser.ReadAsync(await browser.GetAsync(Local(old)));
        Elsewhere.BendIdToken = token => token.Claims.Remove("auth_time");
        using var silent = await ComeBackAsync(browser, Newcomer, link);
        Elsewhere.BendIdToken = null;
        using var anew = await ContinueAsync(browser, Newcomer, link);

        Assert.Equal(("login", "0"), (Browser.Query(request)["prompt"].ToString(), Browser.Query(request)["max_age"].ToString()));
        Assert.Contains("check again that it is you", oldPage.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.StartsWith($"{With}/NotAnew", Local(silent), StringComparison.Ordinal);
        Assert.Equal("/account/providers", Local(anew));
        await browser.OpenAsync("/account/providers");
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("max_age", "60")]
    public async Task An_application_that_wants_a_new_sign_in_gets_one_at_the_provider_too(string name, string value)
    {
        using var browser = Host.OpenBrowser();
        var signIn = (await browser.RedirectOfAsync(Application.Web.AuthorizeUrl((name, value)))).OriginalString;
        var link = (await browser.OpenAsync(signIn)).QuerySelectorAll("a").Single(one => one.TextContent == "Continue with Health login").GetAttribute("href") ?? "";

        var request = Browser.Query(await browser.RedirectOfAsync(link));

        Assert.Equal(("login", "0"), (request["prompt"].ToString(), request["max_age"].ToString()));
    }

    [Fact]
    public async Task No_name_address_subject_or_text_of_the_provider_reaches_a_log()
    {
        Host.Overrides["Logging:LogLevel:Default"] = "Trace";
        Host.Overrides["Logging:LogLevel:Microsoft.AspNetCore"] = "Trace";
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);
        Elsewhere.BendAnswer = answer => (answer["code"], answer["error"], answer["error_description"]) = (null, "server_error", "Wilhelmina is\r\nlocked out");
        using var failed = await ContinueAsync(browser, Newcomer);
        Elsewhere.BendAnswer = answer => answer["code"] = "no-such-code";
        using var unknown = await ContinueAsync(browser, Newcomer);

        var log = string.Join('\n', Host.LogLines);

        Assert.Contains("A sign-in with provider health-login failed: Refused", log, StringComparison.Ordinal);
        foreach (var secret in new[] { "ines@example.org", "Newcomer", "sub-ines", "Wilhelmina", "Margaret Hughes", "no-such-code", OtherProvider.ClientSecret })
            Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
    }
}
