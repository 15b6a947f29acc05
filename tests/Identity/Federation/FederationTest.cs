using System.Net;
using System.Text.Json;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Federation;

/// <summary>A host with another provider to sign in with, at the time of the machine: browsers' cookies and the client's nonce go by it.</summary>
public abstract class FederationTest : IAsyncLifetime
{
    protected const string With = "/account/sign-in/with/health-login";

    protected IdentityHost Host { get; } = new();

    protected OtherProvider Elsewhere => Host.Elsewhere;

    protected static PersonElsewhere Newcomer { get; } = new("sub-ines", "ines@example.org");

    public ValueTask InitializeAsync()
    {
        foreach (var (key, value) in OtherProvider.Settings())
            Host.Overrides[key] = value;
        Host.Clock.SetUtcNow(TimeProvider.System.GetUtcNow());
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Host.DisposeAsync();
    }

    /// <summary>To the provider, where this person signs in, and back.</summary>
    /// <returns>The answer to the way back, which may lead on.</returns>
    protected async Task<HttpResponseMessage> ComeBackAsync(Browser browser, PersonElsewhere? person, string begin = With) =>
        await browser.GetAsync(Elsewhere.Answer(await browser.RedirectOfAsync(begin), person));

    /// <summary>As <see cref="ComeBackAsync"/>, and on to where that leads.</summary>
    protected async Task<HttpResponseMessage> ContinueAsync(Browser browser, PersonElsewhere? person, string begin = With)
    {
        using var back = await ComeBackAsync(browser, person, begin);
        Assert.Equal(HttpStatusCode.Redirect, back.StatusCode);
        return await browser.GetAsync(Local(back));
    }

    /// <summary>Somebody new makes an account with what the provider says.</summary>
    protected async Task RegisterAsync(Browser browser, PersonElsewhere person)
    {
        using var response = await ContinueAsync(browser, person);
        using var made = await browser.SubmitAsync(await Browser.ReadAsync(response));
        Assert.Equal("/", Local(made));
    }

    /// <summary>The account's owner, signed in, connects the provider.</summary>
    protected async Task ConnectAsync(Browser browser, PersonElsewhere person)
    {
        using var response = await ContinueAsync(browser, person, "/account/providers?handler=Connect&id=health-login");
        using var connected = await browser.SubmitAsync(await Browser.ReadAsync(response));
        Assert.Equal("/account/providers", Local(connected));
    }

    /// <summary>Nobody is signed in, and the page says why.</summary>
    protected static async Task AssertNotSignedInAsync(Browser browser, HttpResponseMessage response, string text)
    {
        var page = await Browser.ReadAsync(response);
        Assert.True(response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.ServiceUnavailable, $"{response.StatusCode} {response.Headers.Location}");
        Assert.Equal("You are not signed in", page.QuerySelector("h1")?.TextContent);
        Assert.Contains(text, page.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(browser));
    }

    protected static async Task<bool> IsSignedInAsync(Browser browser) =>
        (await browser.OpenAsync("/")).QuerySelector("h1")?.TextContent == "Your account";

    protected static string Local(HttpResponseMessage response) =>
        response.Headers.Location?.OriginalString ?? throw new InvalidOperationException($"{response.StatusCode} leads nowhere.");

    /// <summary>The ID token that an application gets for the browser's session, without a sign-in.</summary>
    protected async Task<JsonElement> ClaimsAsync(Browser browser)
    {
        var answer = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")));
        using var channel = Host.OpenBackChannel();
        using var redeemed = await Application.Web.RedeemAsync(channel, Browser.Query(answer)["code"].ToString());
        return (await Tokens.ReadAsync(redeemed)).Claims;
    }
}
