using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Telemedicine.Identity.Tests.Support;
using Browser = Telemedicine.Identity.Tests.Support.Browser;

namespace Telemedicine.Identity.Tests.Conformance.OpenIdConnectCore;

/// <summary>OpenID Connect Core sections 3.1.2.1 (prompt=consent), 3.1.2.4 and 3.1.2.6 (consent_required, access_denied).</summary>
public sealed class ConsentTests : IAsyncDisposable
{
    private readonly IdentityHost _host = new()
    {
        Overrides = { ["Clients:1:Name"] = "A rota planner", ["Clients:1:NeedsConsent"] = "true", ["Clients:1:GrantTypes"] = "authorization_code refresh_token" },
    };

    private static string Email => Person.Patient().Email;

    [Fact]
    public async Task An_application_that_needs_consent_learns_nothing_before_and_is_not_asked_about_again()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);
        var request = Application.Other.AuthorizeUrl();

        var asked = await browser.RedirectOfAsync(request);
        var page = await browser.OpenAsync(asked.OriginalString);
        using var agreed = await PressAsync(browser, page, "Share");
        var answer = await browser.RedirectOfAsync(agreed.Headers.Location?.OriginalString ?? "");
        var again = await browser.RedirectOfAsync(request);
        var silently = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl(("prompt", "none")));

        Assert.StartsWith("/account/consent?", asked.OriginalString, StringComparison.Ordinal);
        Assert.Contains("A rota planner", page.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("your email address", page.QuerySelector("#shared")?.TextContent, StringComparison.Ordinal);
        Assert.All(new[] { answer, again, silently }, one => Assert.Contains("code", Browser.Query(one).Keys));
    }

    [Fact]
    public async Task More_scopes_than_were_agreed_to_are_asked_about_and_fewer_are_not()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);
        await AgreeAsync(browser, Application.Other.AuthorizeUrl(("scope", "openid profile")));

        var fewer = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl(("scope", "openid")));
        var more = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl(("scope", "openid email")));
        await AgreeAsync(browser, Application.Other.AuthorizeUrl(("scope", "openid email")));
        var all = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl(("scope", "openid profile email")));

        Assert.Contains("code", Browser.Query(fewer).Keys);
        Assert.StartsWith("/account/consent?", more.OriginalString, StringComparison.Ordinal);
        Assert.Contains("code", Browser.Query(all).Keys);
    }

    [Fact]
    public async Task Prompt_none_without_consent_reports_consent_required()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);

        var location = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl(("prompt", "none")));

        Assert.Equal("consent_required", Browser.Query(location)["error"]);
        Assert.Equal(IdentityHost.Issuer, Browser.Query(location)["iss"]);
    }

    [Theory]
    [InlineData("consent")]
    [InlineData("login consent")]
    public async Task Prompt_consent_asks_whatever_was_agreed_to_before_and_then_goes_on(string prompt)
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);
        await AgreeAsync(browser, Application.Web.AuthorizeUrl(("prompt", "consent")));
        _host.Clock.Advance(TimeSpan.FromSeconds(31));

        var location = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", prompt)));
        if (prompt.Contains("login", StringComparison.Ordinal))
        {
            using var signedIn = await browser.TrySignInAsync(Email, IdentityHost.People.Password, location.OriginalString);
            location = await browser.RedirectOfAsync(signedIn.Headers.Location?.OriginalString ?? "");
        }

        using var agreed = await PressAsync(browser, await browser.OpenAsync(location.OriginalString), "Share");
        var answer = await browser.RedirectOfAsync(agreed.Headers.Location?.OriginalString ?? "");

        Assert.StartsWith("/account/consent?", location.OriginalString, StringComparison.Ordinal);
        Assert.Contains("code", Browser.Query(answer).Keys);
    }

    [Fact]
    public async Task Who_does_not_want_to_share_sends_the_application_away()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);
        var asked = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl());

        using var declined = await PressAsync(browser, await browser.OpenAsync(asked.OriginalString), "Do not share");

        var location = declined.Headers.Location ?? throw new InvalidOperationException("The answer leads nowhere.");
        Assert.StartsWith("https://other.example/return?tenant=1&", location.OriginalString, StringComparison.Ordinal);
        var answer = Browser.Query(location);
        Assert.Equal(("access_denied", "a state/with?odd&characters=", IdentityHost.Issuer), (answer["error"].ToString(), answer["state"].ToString(), answer["iss"].ToString()));
        Assert.StartsWith("/account/consent?", (await browser.RedirectOfAsync(Application.Other.AuthorizeUrl())).OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/account/consent")]
    [InlineData("/account/consent?returnUrl=https%3A%2F%2Fevil.example%2F")]
    [InlineData("/account/consent?returnUrl=%2Faccount%2Fdevices")]
    [InlineData("/account/consent?returnUrl=%2Fconnect%2Fauthorize%3Fclient_id%3Dother%26redirect_uri%3Dhttps%3A%2F%2Fevil.example%2F")]
    public async Task A_made_up_address_asks_for_nothing(string address)
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);

        Assert.Equal("/", (await browser.RedirectOfAsync(address)).OriginalString);
    }

    [Fact]
    public async Task Another_sites_form_agrees_to_nothing()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);
        var asked = await browser.RedirectOfAsync(Application.Other.AuthorizeUrl());

        using var forged = await browser.Client.PostAsync(asked.OriginalString + "&handler=Agree", new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.StartsWith("/account/consent?", (await browser.RedirectOfAsync(Application.Other.AuthorizeUrl())).OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_was_agreed_to_is_listed_and_taken_back_with_all_that_it_gave()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);
        var answer = await AgreeAsync(browser, Application.Other.AuthorizeUrl(("scope", "openid email offline_access")));
        using var channel = _host.OpenBackChannel();
        using var redeemed = await Application.Other.RedeemAsync(channel, Browser.Query(answer)["code"].ToString());
        var tokens = await Tokens.ReadAsync(redeemed);

        var home = await browser.OpenAsync("/");
        var list = await browser.OpenAsync("/account/applications");
        using var withdrawn = await PressAsync(browser, list, "Stop sharing with A rota planner");
        using var refreshed = await Application.Other.RefreshAsync(channel, tokens.RefreshToken);
        using var userInfo = await Application.UserInfoAsync(channel, tokens.AccessToken);

        Assert.Contains("Applications you share with", home.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("your email address", list.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Redirect, withdrawn.StatusCode);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Unauthorized), (refreshed.StatusCode, userInfo.StatusCode));
        Assert.StartsWith("/account/consent?", (await browser.RedirectOfAsync(Application.Other.AuthorizeUrl())).OriginalString, StringComparison.Ordinal);
        Assert.Contains("Took that agreement back", (await browser.OpenAsync("/account/devices")).QuerySelector("main")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_persons_agreement_is_not_anothers()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);
        await AgreeAsync(browser, Application.Other.AuthorizeUrl());
        using var other = _host.OpenBrowser();
        await other.SignInAsync(Person.Patient(1).Email);

        Assert.StartsWith("/account/consent?", (await other.RedirectOfAsync(Application.Other.AuthorizeUrl())).OriginalString, StringComparison.Ordinal);
        Assert.Contains("have not agreed to share anything", (await other.OpenAsync("/account/applications")).QuerySelector("main")?.TextContent, StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<Uri> AgreeAsync(Browser browser, string request)
    {
        using var agreed = await PressAsync(browser, await browser.OpenAsync((await browser.RedirectOfAsync(request)).OriginalString), "Share");
        return await browser.RedirectOfAsync(agreed.Headers.Location?.OriginalString ?? "");
    }

    private static Task<HttpResponseMessage> PressAsync(Browser browser, IHtmlDocument page, string text)
    {
        var button = page.QuerySelectorAll<IHtmlButtonElement>("button").Single(one => one.TextContent.Trim() == text);
        var token = button.Form?.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value ?? "";
        return browser.Client.PostAsync(
            button.GetAttribute("formaction") ?? button.Form?.GetAttribute("action"),
            new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token)]), TestContext.Current.CancellationToken);
    }
}
