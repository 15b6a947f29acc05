using System.Text;
using AngleSharp.Dom;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Federation;

/// <summary>OpenID Connect Core section 3.1.3.7, RFC 9207 and RFC 9700: answers that sign nobody in, though the person has an account that is connected.</summary>
public sealed class HostileProviderTests : FederationTest
{
    private static readonly Dictionary<string, Action<OtherProvider>> TokenBends = new()
    {
        ["wrong issuer"] = p => p.BendIdToken = t => t.Issuer = "https://login.example.evil.example",
        ["wrong audience"] = p => p.BendIdToken = t => t.Audience = "another-client",
        ["two audiences without azp"] = p => p.BendIdToken = t => { t.Audience = null; t.Claims["aud"] = new[] { OtherProvider.ClientId, "another-client" }; },
        ["another's azp"] = p => p.BendIdToken = t => t.Claims["azp"] = "another-client",
        ["wrong nonce"] = p => p.BendIdToken = t => t.Claims["nonce"] = "638000000000000000.bm9uY2Utb2YtYW5vdGhlci1zaWduLWlu",
        ["no nonce"] = p => p.BendIdToken = t => t.Claims.Remove("nonce"),
        ["no subject"] = p => p.BendIdToken = t => t.Claims.Remove("sub"),
        ["empty subject"] = p => p.BendIdToken = t => t.Claims["sub"] = "",
        ["subject longer than may be"] = p => p.BendIdToken = t => t.Claims["sub"] = new string('s', 256),
        ["two subjects"] = p => p.BendIdToken = t => t.Claims["sub"] = new[] { "sub-ines", "sub-another" },
        ["expired"] = p => p.BendIdToken = t => { t.IssuedAt = t.IssuedAt?.AddHours(-1); t.Expires = t.IssuedAt?.AddMinutes(1); },
        ["no expiry"] = p => p.BendIdToken = t => t.Expires = null,
        ["not valid yet"] = p => p.BendIdToken = t => t.NotBefore = t.IssuedAt?.AddMinutes(4),
        ["wrong at_hash"] = p => p.BendIdToken = t => t.Claims["at_hash"] = "AAAAAAAAAAAAAAAAAAAAAA",
        ["alg none"] = p => p.ReplaceIdToken = Forged.Unsigned,
        ["signature cut off"] = p => p.ReplaceIdToken = t => t[..(t.LastIndexOf('.') + 1)],
        ["signed by a stranger"] = p => p.ReplaceIdToken = Forged.SignedByStranger,
        ["signed with the client secret"] = p => p.BendIdToken = t => t.SigningCredentials = Hmac(Encoding.ASCII.GetBytes(OtherProvider.ClientSecret), t),
        ["signed with the public key as a secret"] = p => p.BendIdToken = t => t.SigningCredentials = Hmac(p.PublicKey, t),
        ["garbage"] = p => p.ReplaceIdToken = _ => "not.a.token",
        ["userinfo about somebody else"] = p => { p.ThinIdTokens = true; p.UserInfoSubject = "sub-another"; },
    };

    private static readonly Dictionary<string, Action<Dictionary<string, string?>>> AnswerBends = new()
    {
        ["no state"] = a => a["state"] = null,
        ["tampered state"] = a => a["state"] = "A" + a["state"]?[1..],
        ["no code"] = a => a["code"] = null,
        ["a code that the provider does not know"] = a => a["code"] = "0123456789",
        ["another provider's iss"] = a => a["iss"] = "https://other.example",
        ["no iss though promised"] = a => a["iss"] = null,
        ["an error with markup"] = a => (a["code"], a["error"], a["error_description"]) = (null, "<script>alert(1)</script>", "<b>Margaret</b>"),
    };

    public static TheoryData<string> BentTokens => [.. TokenBends.Keys];

    public static TheoryData<string> BentAnswers => [.. AnswerBends.Keys];

    [Theory]
    [MemberData(nameof(BentTokens))]
    public async Task A_bent_ID_token_signs_nobody_in(string bend)
    {
        await ConnectInesAsync();
        TokenBends[bend](Elsewhere);
        using var browser = Host.OpenBrowser();

        using var response = await ContinueAsync(browser, Newcomer);

        await AssertNotSignedInAsync(browser, response, "Something went wrong with the answer of Health login");
        Assert.StartsWith("/account/sign-in", (await browser.RedirectOfAsync("/account/sign-in/continue")).OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(BentAnswers))]
    public async Task A_bent_answer_signs_nobody_in(string bend)
    {
        await ConnectInesAsync();
        Elsewhere.BendAnswer = AnswerBends[bend];
        using var browser = Host.OpenBrowser();

        using var response = await ContinueAsync(browser, Newcomer);

        await AssertNotSignedInAsync(browser, response, "Something went wrong with the answer of Health login");
        var page = (await Browser.ReadAsync(response)).DocumentElement.OuterHtml;
        Assert.DoesNotContain("alert(1)", page, StringComparison.Ordinal);
        Assert.DoesNotContain("Margaret", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_meant_for_another_browser_signs_nobody_in()
    {
        await ConnectInesAsync();
        using var attacker = Host.OpenBrowser();
        var callback = Elsewhere.Answer(await attacker.RedirectOfAsync(With), Newcomer);
        using var victim = Host.OpenBrowser();
        await victim.RedirectOfAsync(With);

        using var back = await victim.GetAsync(callback);
        using var response = await victim.GetAsync(Local(back));

        await AssertNotSignedInAsync(victim, response, "Something went wrong");
    }

    [Fact]
    public async Task An_answer_works_once()
    {
        await ConnectInesAsync();
        using var browser = Host.OpenBrowser();
        var callback = Elsewhere.Answer(await browser.RedirectOfAsync(With), Newcomer);
        (await browser.GetAsync(callback)).Dispose();

        using var again = await browser.GetAsync(callback);

        Assert.StartsWith($"{With}/Refused", Local(again), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_states_of_two_tabs_do_not_mix()
    {
        using var browser = Host.OpenBrowser();
        var (first, second) = (await browser.RedirectOfAsync(With), await browser.RedirectOfAsync(With));
        Elsewhere.BendAnswer = answer => answer["state"] = Browser.Query(second)["state"];

        // The answer to the first with the state of the second: its nonce and its verifier are another's.
        using var back = await browser.GetAsync(Elsewhere.Answer(first, Newcomer));

        Assert.StartsWith($"{With}/Refused", Local(back), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_of_one_provider_is_not_taken_to_another()
    {
        foreach (var (key, value) in OtherProvider.Settings(1, "second"))
            Host.Overrides[key] = value;
        Host.Overrides["Federation:1:Authority"] = "https://second.example";
        using var browser = Host.OpenBrowser();
        var callback = Elsewhere.Answer(await browser.RedirectOfAsync(With), Newcomer);

        using var back = await browser.GetAsync(callback.Replace("/federation/health-login/", "/federation/second/", StringComparison.Ordinal));

        Assert.StartsWith("/account/sign-in/with/second/", Local(back), StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task An_answer_by_POST_is_refused()
    {
        using var browser = Host.OpenBrowser();
        var callback = Elsewhere.Answer(await browser.RedirectOfAsync(With), Newcomer);
        var form = Browser.Query(new Uri(callback, UriKind.Relative)).Select(pair => KeyValuePair.Create(pair.Key, pair.Value.ToString()));

        using var back = await browser.Client.PostAsync(callback[..callback.IndexOf('?', StringComparison.Ordinal)], new FormUrlEncodedContent(form), TestContext.Current.CancellationToken);

        Assert.StartsWith($"{With}/Refused", Local(back), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Huge_claims_fill_neither_cookie_nor_page()
    {
        using var browser = Host.OpenBrowser();
        Elsewhere.MoreClaims["note"] = new string('x', 60_000);
        var huge = new PersonElsewhere("sub-huge", new string('a', 300) + "@example.org", GivenName: new string('G', 20_000), FamilyName: "Ok\u0007");

        using var back = await ComeBackAsync(browser, huge);
        var cookie = Assert.Single(back.Headers.GetValues("Set-Cookie"), one => one.StartsWith("telemedicine-identity-federated=", StringComparison.Ordinal));
        var page = await browser.OpenAsync(Local(back));

        Assert.True(cookie.Length < 2000, $"The cookie has {cookie.Length} characters.");
        Assert.DoesNotContain("GGGG", page.DocumentElement.OuterHtml, StringComparison.Ordinal);
        Assert.Null(page.QuerySelector("form"));
    }

    [Fact]
    public async Task A_subject_that_changed_is_another_person()
    {
        await ConnectInesAsync();
        using var browser = Host.OpenBrowser();

        using var response = await ContinueAsync(browser, Newcomer with { Subject = "sub-ines-2" });

        Assert.Equal("You have not used Health login here before", (await Browser.ReadAsync(response)).QuerySelector("h1")?.TextContent);
        Assert.False(await IsSignedInAsync(browser));
    }

    private static SigningCredentials Hmac(byte[] secret, SecurityTokenDescriptor token) =>
        new(new SymmetricSecurityKey(secret) { KeyId = token.SigningCredentials.Kid }, SecurityAlgorithms.HmacSha256);

    private async Task ConnectInesAsync()
    {
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);
    }
}
