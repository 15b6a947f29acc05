using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.SignIn;

public sealed class SignInTests : WebTest
{
    [Fact]
    public async Task Signing_in_asks_for_a_code_with_PKCE_state_and_nonce_and_leads_back()
    {
        using var browser = Web.Browser(People.NoRole);

        var page = await browser.GetAsync("/account/sign-in?returnUrl=%2Faccessibility");

        Assert.Equal("/accessibility", page.Path);
        Assert.Contains(People.NoRole.Name, page.Document.QuerySelector("header")?.TextContent);
        var request = Web.Provider.LastRequest;
        Assert.Equal("code", request["response_type"]);
        Assert.Equal("S256", request["code_challenge_method"]);
        Assert.Equal(43, request["code_challenge"].Length);
        Assert.Equal(43, request["nonce"].Length);
        Assert.Equal(WebHost.Origin + "/signin-oidc", request["redirect_uri"]);
        Assert.DoesNotContain("verifier", request["state"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_sign_in_has_its_own_state_nonce_and_challenge()
    {
        using var browser = Web.Browser(People.NoRole);
        await browser.GetAsync("/account/sign-in");
        var first = Web.Provider.LastRequest;
        using var other = Web.Browser(People.NoRole);
        await other.GetAsync("/account/sign-in");

        foreach (var name in new[] { "state", "nonce", "code_challenge" })
            Assert.NotEqual(first[name], Web.Provider.LastRequest[name]);
    }

    [Fact]
    public async Task Creating_an_account_asks_the_provider_for_its_page_and_leads_to_the_persons_details()
    {
        using var browser = Web.Browser(People.NewPatient);
        var start = await browser.GetAsync("/");

        var page = await browser.GetAsync(start.Document.QuerySelectorAll("main a").Single(link => link.TextContent == "Create an account").GetAttribute("href") ?? "");

        Assert.Equal("create", Web.Provider.LastRequest["prompt"]);
        Assert.Equal(("/registration", "Your details"), (page.Path, page.Heading));
    }

    [Fact]
    public async Task A_provider_that_has_no_page_for_new_accounts_shows_its_sign_in_page()
    {
        Web.Provider.Prompts = ["none", "login"];
        using var browser = Web.Browser(People.NewPatient);

        await browser.GetAsync("/account/register");

        Assert.DoesNotContain("prompt", Web.Provider.LastRequest.Keys);
    }

    [Theory]
    [InlineData("https://evil.test/")]
    [InlineData("//evil.test/")]
    [InlineData("/\\evil.test/")]
    [InlineData("javascript:alert(1)")]
    public async Task A_return_address_elsewhere_is_ignored(string returnUrl)
    {
        using var browser = Web.Browser(People.NoRole);

        var page = await browser.GetAsync(QueryHelpers.AddQueryString("/account/sign-in", "returnUrl", returnUrl));

        Assert.Equal("web.test", page.Address.Host);
        Assert.Equal(HttpStatusCode.OK, page.Status);
    }

    [Fact]
    public async Task The_session_cookie_is_out_of_scripts_and_other_sites_reach()
    {
        using var browser = Web.Browser(People.NoRole);
        var callback = await CallbackAsync(browser);

        var answer = await browser.GetAsync(callback, follow: false);

        var cookie = answer.Response.Headers.GetValues("Set-Cookie").Single(c => c.StartsWith("telemedicine-web=", StringComparison.Ordinal));
        Assert.Contains("; secure", cookie, StringComparison.Ordinal);
        Assert.Contains("; httponly", cookie, StringComparison.Ordinal);
        Assert.Contains("; samesite=lax", cookie, StringComparison.Ordinal);
        Assert.True(cookie.Length < 4096, $"The cookie has {cookie.Length} characters.");
    }

    public static TheoryData<string> BentIdTokens => [.. Bends.Keys];

    private static readonly Dictionary<string, Action<ProviderStub>> Bends = new()
    {
        ["wrong audience"] = p => p.BendIdToken = t => t.Audience = "another-client",
        ["two audiences without azp"] = p => p.BendIdToken = t => { t.Audience = null; t.Claims["aud"] = new[] { "web", "another-client" }; },
        ["wrong issuer"] = p => p.BendIdToken = t => t.Issuer = "https://identity.test.evil.test",
        ["expired"] = p => p.BendIdToken = t => { t.IssuedAt = t.IssuedAt?.AddHours(-1); t.Expires = t.IssuedAt?.AddMinutes(1); },
        ["not valid yet"] = p => p.BendIdToken = t => t.NotBefore = t.IssuedAt?.AddMinutes(4),
        ["no expiry"] = p => p.BendIdToken = t => t.Expires = null,
        ["wrong nonce"] = p => p.BendIdToken = t => t.Claims["nonce"] = "a nonce of another sign-in",
        ["no nonce"] = p => p.BendIdToken = t => t.Claims.Remove("nonce"),
        ["no subject"] = p => p.BendIdToken = t => t.Claims.Remove("sub"),
        ["wrong at_hash"] = p => p.BendIdToken = t => t.Claims["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA",
        ["alg none"] = p => p.ReplaceIdToken = Unsigned,
        ["signature cut off"] = p => p.ReplaceIdToken = t => t[..(t.LastIndexOf('.') + 1)],
        ["signed by a stranger"] = p => p.ReplaceIdToken = ProviderStub.SignedByStranger,
        ["signed with the client secret"] = p => p.BendIdToken = t => t.SigningCredentials =
            new SigningCredentials(new SymmetricSecurityKey(System.Text.Encoding.ASCII.GetBytes(ProviderStub.ClientSecret)), SecurityAlgorithms.HmacSha256),
        ["signed with the provider's public key as a secret"] = p => p.BendIdToken = t => t.SigningCredentials =
            new SigningCredentials(new SymmetricSecurityKey(p.PublicKey) { KeyId = t.SigningCredentials.Kid }, SecurityAlgorithms.HmacSha256),
        ["garbage"] = p => p.ReplaceIdToken = _ => "not.a.token",
    };

    [Theory]
    [MemberData(nameof(BentIdTokens))]
    public async Task A_bent_ID_token_signs_nobody_in(string bend)
    {
        Bends[bend](Web.Provider);
        using var browser = Web.Browser(People.NoRole);

        var page = await browser.GetAsync("/account/sign-in");

        await AssertRefusedAsync(browser, page);
        Assert.Contains(Web.Log.Entries, e => e.EventId == 1001 && e.IsWritten && e.Message.Contains("IdToken", StringComparison.Ordinal));
    }

    public static TheoryData<string> BentAnswers => [.. AnswerBends.Keys];

    private static readonly Dictionary<string, Action<Dictionary<string, string?>>> AnswerBends = new()
    {
        ["no state"] = a => a["state"] = null,
        ["tampered state"] = a => a["state"] = "A" + a["state"]?[1..],
        ["no code"] = a => a["code"] = null,
        ["a code the provider does not know"] = a => a["code"] = "0123456789",
        ["another provider's iss"] = a => a["iss"] = "https://other.test",
        ["no iss though promised"] = a => a["iss"] = null,
        ["an error with markup"] = a => { a["code"] = null; a["error"] = "<script>alert(1)</script>"; a["error_description"] = "Margaret Hughes is locked out"; },
    };

    [Theory]
    [MemberData(nameof(BentAnswers))]
    public async Task A_bent_answer_signs_nobody_in(string bend)
    {
        Web.Provider.BendAnswer = AnswerBends[bend];
        using var browser = Web.Browser(People.NoRole);

        var page = await browser.GetAsync("/account/sign-in");

        await AssertRefusedAsync(browser, page);
        Assert.DoesNotContain("alert(1)", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Margaret", page.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(Web.Log.Entries, e => e.IsWritten && e.Message.Contains("Margaret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_answer_meant_for_another_browser_signs_nobody_in()
    {
        using var attacker = Web.Browser(People.NoRole);
        var callback = await CallbackAsync(attacker);
        using var victim = Web.Browser();

        var page = await victim.GetAsync(callback);

        await AssertRefusedAsync(victim, page);
    }

    [Fact]
    public async Task An_answer_works_once()
    {
        using var browser = Web.Browser(People.NoRole);
        var callback = await CallbackAsync(browser);
        await browser.GetAsync(callback);
        browser.Cookies.GetCookies(Browser.Web).Single(c => c.Name == "telemedicine-web").Expired = true;

        var page = await browser.GetAsync(callback);

        await AssertRefusedAsync(browser, page);
    }

    [Fact]
    public async Task An_answer_after_a_quarter_of_an_hour_is_too_late()
    {
        using var browser = Web.Browser(People.NoRole);
        var callback = await CallbackAsync(browser);
        Web.Time.Advance(TimeSpan.FromMinutes(16));

        var page = await browser.GetAsync(callback);

        await AssertRefusedAsync(browser, page);
    }

    [Fact]
    public async Task An_answer_by_POST_is_refused()
    {
        using var browser = Web.Browser(People.NoRole);
        var callback = new Uri(await CallbackAsync(browser));

        var page = await browser.PostAsync(callback.GetLeftPart(UriPartial.Path), QueryHelpers.ParseQuery(callback.Query).Select(q => KeyValuePair.Create(q.Key, q.Value.ToString())));

        await AssertRefusedAsync(browser, page);
    }

    [Fact]
    public async Task Who_declines_at_the_provider_comes_back_to_the_start()
    {
        using var browser = Web.Browser(account: null);

        var page = await browser.GetAsync("/account/sign-in");

        Assert.Equal("/", page.Path);
        Assert.Equal(HttpStatusCode.OK, page.Status);
    }

    [Fact]
    public async Task A_rotated_key_is_fetched_by_itself()
    {
        using (await Web.SignInAsync(People.NoRole))
        {
        }
        Web.Provider.RotateKey();

        using var browser = await Web.SignInAsync(People.NoRole);

        Assert.Contains(browser.Cookies.GetCookies(Browser.Web), c => c.Name == "telemedicine-web");
        Assert.Equal(2, Web.Provider.KeyReads);
    }

    [Fact]
    public async Task Claims_that_the_ID_token_lacks_come_from_userinfo()
    {
        Web.Provider.ThinIdTokens = true;
        using var browser = Web.Browser(People.NewPatient);

        var page = await browser.GetAsync("/account/sign-in?returnUrl=%2Faccessibility");

        Assert.Contains(People.NewPatient.Name, page.Document.QuerySelector("header")?.TextContent);
        Assert.Contains("Your appointments", page.Document.QuerySelector("header")?.TextContent);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_provider_with_words_of_its_own_for_claims_and_roles_is_settings(bool fromUserInfo)
    {
        await using var web = await WebHost.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Oidc:RoleClaim"] = "groups",
            ["Oidc:RoleValues:clinician"] = "b7a1-doctors",
            ["Oidc:ClaimNames:name"] = "displayName",
        });
        web.Provider.ThinIdTokens = fromUserInfo;
        web.Provider.MoreClaims = new() { ["groups"] = new[] { "clinician", "b7a1-doctors", "staff" }, ["displayName"] = "Dr A. Okafor" };
        using var browser = web.Browser(People.Amara with { Roles = ["administrator"] });

        var page = await browser.GetAsync("/clinics");

        // Their own word for it counts, ours where they have none of their own, and no other claim.
        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.Contains("Dr A. Okafor", page.Document.QuerySelector("header")?.TextContent);
        Assert.Equal(HttpStatusCode.Forbidden, (await browser.GetAsync("/practice/services")).Status);
    }

    [Fact]
    public async Task A_provider_that_knows_no_roles_and_no_whole_names_serves_patients()
    {
        await using var web = await WebHost.StartAsync(settings: new Dictionary<string, string?> { ["Oidc:RoleClaim"] = "no-such-claim", ["Oidc:DefaultRole"] = "patient", ["Oidc:ClaimNames:name"] = "no-such-claim" });
        using var browser = web.Browser(People.NewPatient);

        var page = await browser.GetAsync("/registration");

        Assert.Equal("Your details", page.Heading);
        Assert.Contains(People.NewPatient.Name, page.Document.QuerySelector("header")?.TextContent);
    }

    [Fact]
    public async Task Userinfo_about_another_person_is_refused()
    {
        Web.Provider.ThinIdTokens = true;
        Web.Provider.UserInfoSubject = "somebody-else";
        using var browser = Web.Browser(People.NewPatient);

        var page = await browser.GetAsync("/account/sign-in");

        await AssertRefusedAsync(browser, page);
    }

    [Fact]
    public async Task A_provider_that_is_away_gives_a_plain_page()
    {
        Web.Provider.Down = true;
        using var browser = Web.Browser(People.NoRole);

        var page = await browser.GetAsync("/account/sign-in");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Equal("We could not sign you in", page.Heading);
        Assert.Contains(Web.Log.Entries, e => e.EventId == 1003);
    }

    [Fact]
    public async Task Signing_out_ends_the_session_here_and_at_the_provider()
    {
        using var browser = await Web.SignInAsync(People.NoRole);
        var page = await browser.GetAsync("/accessibility");

        var after = await browser.SubmitAsync(page, "Sign out");

        Assert.Equal("/account/signed-out", after.Path);
        Assert.Equal(WebHost.Origin + "/signout-callback-oidc", Web.Provider.LastSignOut["post_logout_redirect_uri"]);
        Assert.Equal(People.NoRole.Subject, new JsonWebToken(Web.Provider.LastSignOut["id_token_hint"]).Subject);
        Assert.DoesNotContain(People.NoRole.Name, (await browser.GetAsync("/accessibility")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_by_a_link_or_another_sites_form_does_nothing()
    {
        using var browser = await Web.SignInAsync(People.NoRole);

        await browser.GetAsync("/account/sign-out");
        var forged = await browser.PostAsync("/account/sign-out", []);

        Assert.Equal(HttpStatusCode.BadRequest, forged.Status);
        Assert.Contains(People.NoRole.Name, (await browser.GetAsync("/accessibility")).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_ends_after_half_an_hour_of_nothing()
    {
        using var browser = await Web.SignInAsync(People.NoRole);
        Web.Time.Advance(TimeSpan.FromMinutes(20));
        var used = await browser.GetAsync("/accessibility");
        Web.Time.Advance(TimeSpan.FromMinutes(20));
        var usedAgain = await browser.GetAsync("/accessibility");
        Web.Time.Advance(TimeSpan.FromMinutes(31));

        var late = await browser.GetAsync("/accessibility");

        Assert.Contains(People.NoRole.Name, used.Text, StringComparison.Ordinal);
        Assert.Contains(People.NoRole.Name, usedAgain.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(People.NoRole.Name, late.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_session_ends_after_twelve_hours_whatever_is_done()
    {
        using var browser = await Web.SignInAsync(People.NoRole);
        for (var minutes = 0; minutes < 11 * 60 + 40; minutes += 20)
        {
            Web.Time.Advance(TimeSpan.FromMinutes(20));
            Assert.Contains(People.NoRole.Name, (await browser.GetAsync("/accessibility")).Text, StringComparison.Ordinal);
        }
        Web.Time.Advance(TimeSpan.FromMinutes(21));

        var late = await browser.GetAsync("/accessibility");

        Assert.DoesNotContain(People.NoRole.Name, late.Text, StringComparison.Ordinal);
    }

    private static string Unsigned(string token)
    {
        var header = Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""");
        return $"{header}.{token.Split('.')[1]}.";
    }

    /// <summary>The address the provider sends the browser back to, not yet opened.</summary>
    private async Task<string> CallbackAsync(Browser browser)
    {
        var challenge = await browser.GetAsync("/account/sign-in", follow: false);
        var answer = await browser.GetAsync(challenge.Response.Headers.Location?.ToString() ?? "", follow: false);
        return answer.Response.Headers.Location?.ToString() ?? "";
    }

    private static async Task AssertRefusedAsync(Browser browser, Page page)
    {
        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Equal("We could not sign you in", page.Heading);
        Assert.DoesNotContain(browser.Cookies.GetCookies(Browser.Web), c => c.Name == "telemedicine-web" && !c.Expired);
        Assert.DoesNotContain("Sign out", (await browser.GetAsync("/accessibility")).Text, StringComparison.Ordinal);
    }
}
