using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Attacks;

/// <summary>Lines of an attacker's own in the log, and addresses of their own to go on to.</summary>
public sealed class InjectionTests
{
    private const string Forged = "\r\nCritical 9999 forged-entry";
    private const string Elsewhere = "https://evil.example/";

    [Fact]
    public async Task Nothing_that_is_sent_makes_a_line_of_the_log()
    {
        await using var host = new IdentityHost { Overrides = { ["Logging:LogLevel:Default"] = "Trace", ["Logging:LogLevel:Microsoft.AspNetCore"] = "Information" } };
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        var forged = Uri.EscapeDataString(Forged);

        (await browser.TrySignInAsync($"someone@example.com{Forged}", $"password{Forged}")).Dispose();
        (await browser.GetAsync($"/account/sign-in?returnUrl={forged}")).Dispose();
        (await browser.GetAsync($"/no-such-page{forged}")).Dispose();
        foreach (var parameter in new[] { "client_id", "redirect_uri", "scope", "state", "prompt", "code_challenge", "acr_values", "login_hint", "id_token_hint" })
            (await browser.GetAsync(Application.Web.AuthorizeUrl((parameter, $"web{Forged}")))).Dispose();
        foreach (var field in new[] { "grant_type", "code", "code_verifier", "redirect_uri", "client_id", "client_assertion" })
            (await Application.Web.RedeemAsync(channel, "code", (field, $"x{Forged}"))).Dispose();
        (await browser.SubmitAsync(
            await browser.OpenAsync("/account/register"), ("GivenName", $"Nadia{Forged}"), ("FamilyName", $"Hart{Forged}"), ("Email", "nadia@example.org"), ("Password", "teapot-gravel-envelope"))).Dispose();
        using var odd = new HttpRequestMessage(HttpMethod.Get, "/account/sign-in");
        odd.Headers.TryAddWithoutValidation("User-Agent", "Firefox/1 forged-entry");
        odd.Headers.TryAddWithoutValidation("X-Forwarded-For", "forged-entry");
        (await browser.Client.SendAsync(odd, TestContext.Current.CancellationToken)).Dispose();
        await browser.SignInAsync(Person.Patient().Email);
        using var passkey = new SoftwareAuthenticator { Origin = $"http://{Forged}", UserHandle = Forged };
        (await passkey.RegisterAsync(browser, $"Phone{Forged}")).Dispose();
        (await passkey.SignInAsync(browser)).Dispose();

        Assert.Contains(host.LogLines, line => line.Contains("unknown client", StringComparison.Ordinal));
        Assert.DoesNotContain(host.LogLines, line => line.Contains("forged-entry", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("code")]
    [InlineData("recovery-code")]
    [InlineData("passkey")]
    public async Task No_step_of_a_sign_in_leads_to_another_site(string step)
    {
        await using var host = new IdentityHost();
        using var browser = host.OpenBrowser();
        var email = step == "code" ? Person.Clinician().Email : Person.Patient().Email;
        var codes = new List<string>();
        using var passkey = new SoftwareAuthenticator();
        if (step != "code")
        {
            await browser.SignInAsync(email);
            (await passkey.RegisterAsync(browser)).Dispose();
            var setUp = await browser.OpenAsync($"/account/authenticator/set-up?returnUrl={Uri.EscapeDataString(Elsewhere)}");
            using var added = await browser.SubmitAsync(setUp, ("Code", App.Code(host, setUp)));
            var kept = await browser.OpenAsync(added.Headers.Location?.OriginalString ?? "");
            codes.AddRange(kept.QuerySelectorAll("li code").Select(code => code.TextContent));
            using var left = await browser.SubmitAsync(kept);
            Assert.Equal("/", left.Headers.Location?.OriginalString);
        }

        using var anew = host.OpenBrowser();
        var query = $"?returnUrl={Uri.EscapeDataString(Elsewhere)}";
        using var answer = step == "passkey" ? await passkey.SignInAsync(anew, "/account/sign-in" + query) : await AfterPasswordAsync();

        Assert.Equal("/", answer.Headers.Location?.OriginalString);

        async Task<HttpResponseMessage> AfterPasswordAsync()
        {
            using var afterPassword = await anew.TrySignInAsync(email, IdentityHost.People.Password, "/account/sign-in" + query);
            var page = await anew.OpenAsync(step == "code" ? afterPassword.Headers.Location?.OriginalString ?? "" : "/account/sign-in/recovery-code" + query);
            return await anew.SubmitAsync(page, ("Code", step == "code" ? page.QuerySelector("[data-demonstration-code]")?.TextContent ?? "" : codes[0]));
        }
    }
}
