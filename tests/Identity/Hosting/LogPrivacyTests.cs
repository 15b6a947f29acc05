using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Hosting;

public sealed class LogPrivacyTests
{
    [Fact]
    public async Task No_name_address_password_code_or_token_reaches_a_log_even_when_the_framework_is_told_to_talk()
    {
        await using var host = new IdentityHost
        {
            Overrides =
            {
                ["Logging:LogLevel:Default"] = "Trace",
                ["Logging:LogLevel:Microsoft.AspNetCore"] = "Information",
                ["Logging:LogLevel:Microsoft.EntityFrameworkCore"] = "Information",
            },
        };
        using var browser = host.OpenBrowser();
        using var channel = host.OpenBackChannel();
        browser.Client.DefaultRequestHeaders.Add(IdentityHost.AddressHeader, "203.0.113.77");
        var person = Person.Clinician();
        using var wrong = await browser.TrySignInAsync(person.Email, "a-wrong-password-typed");
        using var unknown = await browser.TrySignInAsync("unknown.person@example.com", "a-wrong-password-typed");
        var code = await browser.GetCodeAsync(Application.Web.AuthorizeUrl(("login_hint", person.Email), ("state", "a-state-value")), person.Email);
        using var redeemed = await Application.Web.RedeemAsync(channel, code);
        using var replayed = await Application.Web.RedeemAsync(channel, code);
        var tokens = await Tokens.ReadAsync(redeemed);
        using var userInfo = await Application.UserInfoAsync(channel, tokens.AccessToken);
        using var refused = await browser.GetAsync(Application.Web.AuthorizeUrl(("redirect_uri", "https://evil.example/")));
        using var ended = await browser.GetAsync($"/connect/end-session?id_token_hint={tokens.IdToken}&post_logout_redirect_uri=https://evil.example/");

        using var registered = await browser.SubmitAsync(
            await browser.OpenAsync("/account/register"), ("GivenName", "Wilhelmina"), ("FamilyName", "Registrantson"), ("Email", "new.person@example.org"), ("Password", "teapot-gravel-envelope"));
        using var forgotten = await browser.SubmitAsync(await browser.OpenAsync("/account/forgotten"), ("Email", person.Email));
        var links = (await host.MailboxAsync(person.Email)).Concat(await host.MailboxAsync("new.person@example.org")).Select(email => email.Link).ToList();
        foreach (var link in links)
            (await browser.SubmitAsync(await browser.OpenAsync(link), ("Password", "teapot-gravel-envelope"))).Dispose();

        var log = string.Join('\n', host.LogLines);

        Assert.Contains("Gave a code to client web", log, StringComparison.Ordinal);
        Assert.Contains("sent a code a second time", log, StringComparison.Ordinal);
        Assert.Contains("(ResetPassword) was sent", log, StringComparison.Ordinal);
        foreach (var secret in new[]
        {
            "Wilhelmina", "Registrantson", "new.person", "teapot-gravel-envelope", links[0].Split('=')[1], links[1].Split('=')[1],
            person.Email, person.GivenName, person.FamilyName, "unknown.person", "a-wrong-password-typed", IdentityHost.People.Password,
            code, tokens.AccessToken, tokens.IdToken, tokens.IdToken.Split('.')[1], "a-state-value", Application.Verifier, Application.Web.Secret,
            "203.0.113.77", "evil.example", "BEGIN", "PRIVATE",
        })
        {
            Assert.DoesNotContain(secret, log, StringComparison.OrdinalIgnoreCase);
        }
    }
}
