using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Pages;

/// <summary>What people do about their own account: see where they are signed in, end it there, change the password.</summary>
public sealed class AccountPagesTests : IAsyncDisposable
{
    private const string Phone = "Mozilla/5.0 (Linux; Android 14; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Mobile Safari/537.36";
    private const string NewPassword = "teapot-gravel-envelope";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Email => Person.Patient().Email;

    [Theory]
    [InlineData("/account/devices")]
    [InlineData("/account/password")]
    [InlineData("/account/email")]
    [InlineData("/account/close")]
    [InlineData("/account/authenticator")]
    [InlineData("/account/recovery-codes")]
    public async Task Who_is_not_signed_in_is_asked_to_sign_in_first(string path)
    {
        using var browser = _host.OpenBrowser();

        var location = await browser.RedirectOfAsync(path);

        Assert.Equal($"/account/sign-in?returnUrl={Uri.EscapeDataString(path)}", location.OriginalString, ignoreCase: true);
    }

    [Fact]
    public async Task Devices_are_listed_by_names_that_people_know()
    {
        using var here = await SignedInAsync();
        using var phone = await SignedInAsync(Phone);

        var page = await here.OpenAsync("/account/devices");

        var rows = page.QuerySelectorAll(".nhsuk-summary-list__row").Select(row => row.TextContent).ToList();
        Assert.Equal(2, rows.Count);
        Assert.Contains("Chrome on Android", rows[0], StringComparison.Ordinal);
        Assert.Contains("This device.", rows[1], StringComparison.Ordinal);
        Assert.Contains("5 January 2026 at 09:00", rows[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_device_can_be_signed_out_from_another()
    {
        using var here = await SignedInAsync();
        using var phone = await SignedInAsync(Phone);

        var after = await PressAsync(here, "Sign out Chrome on Android");

        Assert.False(await IsSignedInAsync(phone));
        Assert.True(await IsSignedInAsync(here));
        Assert.Contains("That device is signed out.", after.Body?.TextContent, StringComparison.Ordinal);
        Assert.Contains("Signed out from another device", after.Body?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_other_devices_can_be_signed_out_at_once()
    {
        using var here = await SignedInAsync();
        using var phone = await SignedInAsync(Phone);
        using var tablet = await SignedInAsync();

        await PressAsync(here, "Sign out all other devices");

        Assert.False(await IsSignedInAsync(phone));
        Assert.False(await IsSignedInAsync(tablet));
        Assert.True(await IsSignedInAsync(here));
    }

    [Fact]
    public async Task Nobody_ends_anothers_session()
    {
        using var victim = await SignedInAsync();
        var session = await _host.InDatabaseAsync(database => database.Sessions.Select(row => row.Id).SingleAsync(Cancellation));
        using var attacker = _host.OpenBrowser();
        await attacker.SignInAsync(Person.Patient(1).Email);
        var page = await attacker.OpenAsync("/account/devices");

        using var answer = await attacker.Client.PostAsync(
            $"/account/devices?handler=End&id={session}",
            new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", page.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value)]),
            Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.True(await IsSignedInAsync(victim));
    }

    [Fact]
    public async Task A_form_of_another_site_ends_nothing()
    {
        using var here = await SignedInAsync();
        using var phone = await SignedInAsync(Phone);

        using var answer = await here.Client.PostAsync("/account/devices?handler=EndOthers", new FormUrlEncodedContent([]), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(await IsSignedInAsync(phone));
    }

    [Fact]
    public async Task The_history_tells_of_refused_attempts_and_of_nobody_elses()
    {
        using var stranger = _host.OpenBrowser();
        using (await stranger.TrySignInAsync(Email, "not the password"))
        using (await stranger.TrySignInAsync(Person.Patient(1).Email, "not the password"))
        using (await stranger.TrySignInAsync("nobody@example.com", "not the password"))
        {
        }

        using var here = await SignedInAsync();
        var page = await here.OpenAsync("/account/devices");

        var events = page.QuerySelectorAll("ul.nhsuk-list--border li strong").Select(line => line.TextContent).ToList();
        Assert.Equal(["Signed in", "A sign-in was refused"], events);
    }

    [Fact]
    public async Task An_attempt_costs_the_same_rows_whether_the_account_exists_or_not_and_is_forgotten_if_not()
    {
        using var stranger = _host.OpenBrowser();
        using (await stranger.TrySignInAsync(Email, "not the password"))
        {
        }

        var afterKnown = await _host.InDatabaseAsync(database => database.AccountEvents.CountAsync(Cancellation));
        using (await stranger.TrySignInAsync("nobody@example.com", "not the password"))
        {
        }

        var afterUnknown = await _host.InDatabaseAsync(database => database.AccountEvents.CountAsync(Cancellation));
        using var upkeep = ActivatorUtilities.CreateInstance<Upkeep>(_host.Services);
        await upkeep.CleanAsync();
        var afterUpkeep = await _host.InDatabaseAsync(database => database.AccountEvents.CountAsync(Cancellation));
        Assert.Equal((1, 2, 1), (afterKnown, afterUnknown, afterUpkeep));
    }

    [Fact]
    public async Task A_changed_password_keeps_this_device_and_signs_out_the_others()
    {
        using var here = await SignedInAsync();
        using var phone = await SignedInAsync(Phone);

        using var answer = await ChangeAsync(here, IdentityHost.People.Password, NewPassword);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.True(await IsSignedInAsync(here));
        Assert.False(await IsSignedInAsync(phone));
        using var old = _host.OpenBrowser();
        using var refused = await old.TrySignInAsync(Email, IdentityHost.People.Password);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var accepted = await old.TrySignInAsync(Email, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
    }

    [Theory]
    [InlineData("", NewPassword, "Enter your current password")]
    [InlineData("wrong", NewPassword, "Your current password is not right. If you have tried many times, wait 15 minutes before you try again")]
    [InlineData(null, "", "Enter a new password")]
    [InlineData(null, "short", "Your new password must be between 12 and 256 characters")]
    [InlineData(null, "passwordpassword", "This password is easy to guess. Try three or more words that do not belong together")]
    [InlineData(null, "margarethughes", "This password is easy to guess. Try three or more words that do not belong together")]
    [InlineData(null, "qwertyuiop12", "This password is easy to guess. Try three or more words that do not belong together")]
    [InlineData(null, "aaaaaaaaaaaaaaaa", "This password is easy to guess. Try three or more words that do not belong together")]
    public async Task A_change_that_is_refused_says_why_beside_the_field_and_changes_nothing(string? current, string next, string message)
    {
        using var here = await SignedInAsync();

        using var answer = await ChangeAsync(here, current ?? IdentityHost.People.Password, next);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await Browser.ReadAsync(answer);
        Assert.Equal([message], page.QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
        Assert.All(page.QuerySelectorAll<IHtmlInputElement>("input[type=password]"), field => Assert.Equal("", field.Value));
        using var again = _host.OpenBrowser();
        await again.SignInAsync(Email);
    }

    [Fact]
    public async Task Guesses_at_the_current_password_are_counted_like_those_at_signing_in()
    {
        using var here = await SignedInAsync();
        for (var i = 0; i < SignInAttempts.FreeFailures; i++)
            (await ChangeAsync(here, $"guess {i}", NewPassword)).Dispose();

        using var right = await ChangeAsync(here, IdentityHost.People.Password, NewPassword);

        Assert.Equal(HttpStatusCode.BadRequest, right.StatusCode);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone")]
    [InlineData("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0", "Edge on Windows")]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox on Linux")]
    [InlineData("<script>alert(1)</script>", "A browser")]
    [InlineData("", "A browser")]
    public async Task A_browser_is_named_coarsely_whatever_it_says(string userAgent, string name)
    {
        using var browser = await SignedInAsync(userAgent);

        var page = await browser.OpenAsync("/account/devices");

        Assert.Equal(name, page.QuerySelector(".nhsuk-summary-list__key")?.TextContent);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static Task<HttpResponseMessage> ChangeAsync(Browser browser, string current, string next) =>
        SubmitAsync(browser, "/account/password", ("CurrentPassword", current), ("NewPassword", next));

    private static async Task<HttpResponseMessage> SubmitAsync(Browser browser, string path, params (string, string)[] fields) =>
        await browser.SubmitAsync(await browser.OpenAsync(path), fields);

    private static async Task<bool> IsSignedInAsync(Browser browser) =>
        Browser.Query(await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).ContainsKey("code");

    /// <summary>Presses the button that begins with these words on the page of devices, and reads the page that follows.</summary>
    private static async Task<IHtmlDocument> PressAsync(Browser browser, string button)
    {
        var page = await browser.OpenAsync("/account/devices");
        var form = page.QuerySelectorAll<IHtmlButtonElement>("button").Single(one => one.TextContent.StartsWith(button, StringComparison.Ordinal)).Form
            ?? throw new InvalidOperationException("The button has no form.");
        using var answer = await browser.Client.PostAsync(
            form.GetAttribute("action"),
            new FormUrlEncodedContent(form.QuerySelectorAll<IHtmlInputElement>("input[name]").Select(input => KeyValuePair.Create(input.Name ?? "", input.Value))),
            Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return await browser.OpenAsync(answer.Headers.Location?.OriginalString ?? "");
    }

    private async Task<Browser> SignedInAsync(string? userAgent = null)
    {
        var browser = _host.OpenBrowser();
        if (!string.IsNullOrEmpty(userAgent))
            browser.Client.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", userAgent);
        await browser.SignInAsync(Email);
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        return browser;
    }
}
