using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.OpenIdConnectCore;

/// <summary>OpenID Connect Core sections 3.1.2.1 and 3.1.2.3: prompt, max_age, login_hint, id_token_hint.</summary>
public sealed class PromptTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    [Fact]
    public async Task Prompt_none_without_a_session_reports_login_required()
    {
        using var browser = host.OpenBrowser();

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "none")));

        Assert.Equal("login_required", Browser.Query(location)["error"]);
    }

    [Fact]
    public async Task Prompt_none_with_a_session_gives_a_code()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "none")));

        Assert.Contains("code", Browser.Query(location).Keys);
    }

    [Theory]
    [InlineData("prompt", "login")]
    [InlineData("prompt", "select_account")]
    [InlineData("max_age", "0")]
    [InlineData("max_age", "300")]
    public async Task A_person_signs_in_again_when_asked_and_then_goes_on(string name, string value)
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
        host.Clock.Advance(TimeSpan.FromSeconds(301));

        var toSignIn = await browser.RedirectOfAsync(Web.AuthorizeUrl((name, value)));
        var tokens = await Web.SignInAsync(host, browser, Person.Patient().Email, (name, value));

        Assert.StartsWith("/account/sign-in?", toSignIn.OriginalString, StringComparison.Ordinal);
        Assert.Equal(host.Clock.GetUtcNow().ToUnixTimeSeconds(), tokens.Claims.GetProperty("auth_time").GetInt64());
    }

    [Fact]
    public async Task A_sign_in_young_enough_for_max_age_serves()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
        host.Clock.Advance(TimeSpan.FromSeconds(299));

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("max_age", "300")));

        Assert.Contains("code", Browser.Query(location).Keys);
    }

    [Fact]
    public async Task Prompt_none_with_a_sign_in_too_old_for_max_age_reports_login_required()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
        host.Clock.Advance(TimeSpan.FromSeconds(301));

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "none"), ("max_age", "300")));

        Assert.Equal("login_required", Browser.Query(location)["error"]);
    }

    [Theory]
    [InlineData("none login")]
    [InlineData("none consent")]
    [InlineData("sometimes")]
    public async Task Prompts_that_contradict_each_other_or_do_not_exist_are_refused(string prompt)
    {
        using var browser = host.OpenBrowser();

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", prompt)));

        Assert.Equal("invalid_request", Browser.Query(location)["error"]);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("soon")]
    [InlineData("1e3")]
    public async Task A_max_age_that_is_no_number_is_refused(string maxAge)
    {
        using var browser = host.OpenBrowser();

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("max_age", maxAge)));

        Assert.Equal("invalid_request", Browser.Query(location)["error"]);
    }

    [Fact]
    public async Task The_proof_that_one_request_asked_for_a_sign_in_does_not_serve_another()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
        host.Clock.Advance(TimeSpan.FromSeconds(1));
        var toSignIn = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "login")));
        var returnUrl = Browser.Query(toSignIn)["returnUrl"].ToString();
        var proof = Browser.Query(new Uri(returnUrl, UriKind.Relative))["sign_in_asked"].ToString();
        await browser.SignInAsync(Person.Patient().Email);

        var same = await browser.RedirectOfAsync(returnUrl);
        var another = await browser.RedirectOfAsync(
            Web.AuthorizeUrl(("prompt", "login"), ("code_challenge", Application.Challenge("another request's verifier")), ("sign_in_asked", proof)));
        var madeUp = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "login"), ("sign_in_asked", "bWFkZSB1cA")));

        Assert.Contains("code", Browser.Query(same).Keys);
        Assert.StartsWith("/account/sign-in?", another.OriginalString, StringComparison.Ordinal);
        Assert.StartsWith("/account/sign-in?", madeUp.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sign_in_page_fills_in_the_login_hint_as_text()
    {
        using var browser = host.OpenBrowser();
        var toSignIn = await browser.RedirectOfAsync(Web.AuthorizeUrl(("login_hint", "\"><script>alert(1)</script>@example.com")));

        var page = await browser.OpenAsync(toSignIn.OriginalString);

        Assert.Equal("\"><script>alert(1)</script>@example.com", page.QuerySelector("#Email")?.GetAttribute("value"));
        Assert.DoesNotContain(page.Scripts, script => script.Text.Contains("alert", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_id_token_hint_for_someone_else_does_not_pass_silently()
    {
        using var first = host.OpenBrowser();
        using var second = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, first, Person.Patient(0).Email)).IdToken;
        await second.SignInAsync(Person.Patient(1).Email);

        var theirs = await first.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "none"), ("id_token_hint", hint)));
        var notTheirs = await second.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "none"), ("id_token_hint", hint)));
        var stillNotTheirs = await second.AuthorizeAsync(Web.AuthorizeUrl(("id_token_hint", hint)), Person.Patient(1).Email);

        Assert.Contains("code", Browser.Query(theirs).Keys);
        Assert.Equal("login_required", Browser.Query(notTheirs)["error"]);
        Assert.Equal("login_required", Browser.Query(stillNotTheirs)["error"]);
    }

    [Fact]
    public async Task An_unsigned_id_token_hint_is_refused()
    {
        using var browser = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, browser, Person.Patient().Email)).IdToken;

        var location = await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "none"), ("id_token_hint", Forged.Unsigned(hint))));

        Assert.Equal("invalid_request", Browser.Query(location)["error"]);
    }
}
