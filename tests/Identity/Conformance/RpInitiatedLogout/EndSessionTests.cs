using System.Net;
using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Conformance.RpInitiatedLogout;

/// <summary>OpenID Connect RP-Initiated Logout 1.0, sections 2 to 4.</summary>
public sealed class EndSessionTests(IdentityHost host) : IClassFixture<IdentityHost>
{
    private static readonly Application Web = Application.Web;

    [Fact]
    public async Task A_hint_that_fits_the_session_signs_out_and_returns_with_the_state()
    {
        using var browser = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, browser, Person.Patient().Email)).IdToken;

        var location = await browser.RedirectOfAsync(EndSession(
            ("id_token_hint", hint), ("post_logout_redirect_uri", Web.PostLogoutRedirectUri), ("state", "a b&c")));

        Assert.Equal(Web.PostLogoutRedirectUri + "?state=a%20b%26c", location.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_hint_may_be_long_expired()
    {
        using var browser = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, browser, Person.Patient().Email)).IdToken;
        host.Clock.Advance(TimeSpan.FromDays(2));

        var location = await browser.RedirectOfAsync(EndSession(
            ("id_token_hint", hint), ("post_logout_redirect_uri", Web.PostLogoutRedirectUri)));

        Assert.Equal(Web.PostLogoutRedirectUri, location.OriginalString);
    }

    [Fact]
    public async Task Signing_out_by_POST_from_another_site_works_too()
    {
        using var browser = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, browser, Person.Patient().Email)).IdToken;

        using var posted = await browser.Client.PostAsync(
            "/connect/end-session",
            new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["id_token_hint"] = hint,
                ["post_logout_redirect_uri"] = Web.PostLogoutRedirectUri,
            }),
            TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.SeeOther, posted.StatusCode);
        Assert.NotNull(posted.Headers.Location);
        var location = await browser.RedirectOfAsync(posted.Headers.Location.OriginalString);
        Assert.Equal(Web.PostLogoutRedirectUri, location.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task Without_a_hint_the_person_is_asked_and_then_returned()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        var toPage = await browser.RedirectOfAsync(EndSession(
            ("client_id", "web"), ("post_logout_redirect_uri", Web.PostLogoutRedirectUri), ("state", "xyz")));
        var page = await browser.OpenAsync(toPage.OriginalString);
        var stillSignedIn = await IsSignedInAsync(browser);
        using var confirmed = await browser.SubmitAsync(page);

        Assert.Equal("Do you want to sign out?", page.QuerySelector("h1")?.TextContent);
        Assert.True(stillSignedIn);
        Assert.Equal(Web.PostLogoutRedirectUri + "?state=xyz", confirmed.Headers.Location?.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Theory]
    [InlineData("alg=none")]
    [InlineData("HS256 with the public key")]
    [InlineData("a stranger's key")]
    [InlineData("garbage")]
    public async Task A_forged_hint_signs_nobody_out_unasked(string kind)
    {
        using var browser = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, browser, Person.Patient().Email)).IdToken;
        var keySet = await browser.Client.GetStringAsync("/.well-known/jwks.json", TestContext.Current.CancellationToken);
        var forged = kind switch
        {
            "alg=none" => Forged.Unsigned(hint),
            "HS256 with the public key" => Forged.SignedWithPublicKey(hint, keySet),
            "a stranger's key" => Forged.SignedByStranger(hint),
            _ => "garbage",
        };

        var location = await browser.RedirectOfAsync(EndSession(
            ("id_token_hint", forged), ("post_logout_redirect_uri", Web.PostLogoutRedirectUri)));

        Assert.Equal("/account/sign-out", location.OriginalString);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_hint_about_someone_else_signs_nobody_out_unasked()
    {
        using var first = host.OpenBrowser();
        using var second = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, first, Person.Patient(0).Email)).IdToken;
        await second.SignInAsync(Person.Patient(1).Email);

        var location = await second.RedirectOfAsync(EndSession(("id_token_hint", hint)));

        Assert.StartsWith("/account/sign-out", location.OriginalString, StringComparison.Ordinal);
        Assert.True(await IsSignedInAsync(second));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("http://localhost:5080/signout-callback-oidc/")]
    [InlineData("http://localhost:5080/signout-callback-oidc?next=//evil.example")]
    [InlineData("http://localhost:5080/signin-oidc")]
    [InlineData("https://other.example/bye")]
    [InlineData("//evil.example")]
    public async Task An_unregistered_return_address_is_never_redirected_to(string address)
    {
        using var browser = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, browser, Person.Patient().Email)).IdToken;

        var location = await browser.RedirectOfAsync(EndSession(("id_token_hint", hint), ("post_logout_redirect_uri", address)));

        Assert.Equal("/account/signed-out", location.OriginalString);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task The_confirmation_page_checks_the_return_address_itself()
    {
        using var browser = host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
        var page = await browser.OpenAsync("/account/sign-out?clientId=web&returnUri=https%3A%2F%2Fevil.example%2F");

        using var confirmed = await browser.SubmitAsync(page);

        Assert.Equal("/account/signed-out", confirmed.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Without_a_session_and_a_hint_nobody_is_bounced_through_here()
    {
        using var browser = host.OpenBrowser();

        var location = await browser.RedirectOfAsync(EndSession(
            ("client_id", "web"), ("post_logout_redirect_uri", Web.PostLogoutRedirectUri)));

        Assert.Equal("/account/signed-out", location.OriginalString);
        await browser.OpenAsync(location.OriginalString);
    }

    [Fact]
    public async Task A_hint_for_one_client_does_not_speak_for_another()
    {
        using var browser = host.OpenBrowser();
        var hint = (await Web.SignInAsync(host, browser, Person.Patient().Email)).IdToken;

        var location = await browser.RedirectOfAsync(EndSession(
            ("id_token_hint", hint), ("client_id", "other"), ("post_logout_redirect_uri", Application.Other.PostLogoutRedirectUri)));

        Assert.StartsWith("/account/sign-out?", location.OriginalString, StringComparison.Ordinal);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_copied_cookie_is_worth_nothing_after_signing_out()
    {
        using var browser = host.OpenBrowser();
        using var response = await browser.TrySignInAsync(Person.Patient().Email, IdentityHost.People.Password);
        var cookie = response.Headers.GetValues("Set-Cookie").Single(value => value.StartsWith("telemedicine-identity=", StringComparison.Ordinal));
        using var confirmed = await browser.SubmitAsync(await browser.OpenAsync("/account/sign-out"));
        using var thief = host.OpenBackChannel();
        using var request = new HttpRequestMessage(HttpMethod.Get, Web.AuthorizeUrl(("prompt", "none")));
        request.Headers.Add("Cookie", cookie.Split(';')[0]);

        using var stolen = await thief.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Contains("error=login_required", stolen.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    private static string EndSession(params (string Name, string Value)[] parameters) => QueryHelpers.AddQueryString(
        "/connect/end-session", parameters.Select(parameter => KeyValuePair.Create(parameter.Name, (string?)parameter.Value)));

    private static async Task<bool> IsSignedInAsync(Browser browser) =>
        Browser.Query(await browser.RedirectOfAsync(Web.AuthorizeUrl(("prompt", "none")))).ContainsKey("code");
}
