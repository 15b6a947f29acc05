using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Pages;

/// <summary>A patient closes their account; applications hear of it, and nothing of it can be used again.</summary>
public sealed class ClosingTests : IAsyncDisposable
{
    private readonly IdentityHost _host = new() { Overrides = { ["Clients:0:BackChannelLogoutUri"] = "http://localhost:5080/signout-backchannel" } };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Guid Subject => IdentityHost.People.People.Single(person => person.Email == Person.Patient().Email).Subject;

    [Fact]
    public async Task A_closed_account_is_gone_everywhere_and_applications_are_told()
    {
        using var phone = _host.OpenBrowser();
        var tokens = await Application.Web.SignInAsync(_host, phone, Person.Patient().Email);
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        using var closed = await CloseAsync(browser);
        var told = await browser.OpenAsync(closed.Headers.Location?.OriginalString ?? "");

        Assert.Equal("Your account is closed", told.QuerySelector("h1")?.TextContent);
        Assert.Equal("Your account is closed", Assert.Single(await _host.MailboxAsync(Person.Patient().Email)).Subject);
        Assert.Equal("You are not signed in", (await browser.OpenAsync("/")).QuerySelector("h1")?.TextContent);
        Assert.Equal("You are not signed in", (await phone.OpenAsync("/")).QuerySelector("h1")?.TextContent);
        using var channel = _host.OpenBackChannel();
        using var userInfo = await Application.UserInfoAsync(channel, tokens.AccessToken);
        Assert.Equal(HttpStatusCode.Unauthorized, userInfo.StatusCode);
        using var refused = await browser.TrySignInAsync(Person.Patient().Email, IdentityHost.People.Password);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var notice = await _host.InDatabaseAsync(database => database.LogoutNotices.SingleAsync(Cancellation));
        Assert.Equal((Subject, "web"), (notice.AccountId, notice.ClientId));
        var left = await _host.InDatabaseAsync(async database => (
            await database.Users.CountAsync(account => account.Id == Subject, Cancellation),
            await database.UserRoles.CountAsync(role => role.UserId == Subject, Cancellation),
            await database.Sessions.CountAsync(session => session.AccountId == Subject, Cancellation),
            await database.AccountEvents.CountAsync(happened => happened.AccountId == Subject && happened.Type == AccountEventType.Closed, Cancellation)));
        Assert.Equal((0, 0, 0, 1), left);
    }

    [Fact]
    public async Task The_page_tells_what_is_deleted_and_what_the_practice_keeps()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        var page = await browser.OpenAsync("/account/close");

        Assert.Contains("your name, email address and password here", page.Body?.TextContent, StringComparison.Ordinal);
        Assert.Contains("Your health record and your appointments.", page.Body?.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, null, "Tick the box to confirm that you want to close your account")]
    [InlineData("true", "", "Enter your password")]
    [InlineData("true", "wrong", "Your password is not right. If you have tried many times, wait 15 minutes before you try again")]
    public async Task A_mistake_is_told_and_closes_nothing(string? confirmed, string? password, string message)
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        using var answer = await CloseAsync(browser, confirmed, password);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await Browser.ReadAsync(answer);
        Assert.Equal([message], page.QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
        Assert.True(await _host.InDatabaseAsync(database => database.Users.AnyAsync(account => account.Id == Subject, Cancellation)));
    }

    [Theory]
    [InlineData("/account/close")]
    [InlineData("/account/email")]
    public async Task A_device_that_was_left_open_must_sign_in_again_first(string path)
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);
        _host.Clock.Advance(TimeSpan.FromMinutes(11));

        var location = await browser.RedirectOfAsync(path);

        Assert.Equal($"/account/sign-in?returnUrl={Uri.EscapeDataString(path)}", location.OriginalString, ignoreCase: true);
    }

    [Fact]
    public async Task Who_works_at_the_practice_asks_its_administrator()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Person.Clinician().Email);
        var page = await browser.OpenAsync("/account/close");
        var token = (await browser.OpenAsync("/account/email")).QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value");

        using var answer = await browser.Client.PostAsync("/account/close", new FormUrlEncodedContent(
        [
            KeyValuePair.Create("__RequestVerificationToken", token), KeyValuePair.Create("Confirmed", (string?)"true"), KeyValuePair.Create("Password", (string?)IdentityHost.People.Password),
        ]), Cancellation);

        Assert.Contains("Ask its administrator to close it.", page.Body?.TextContent, StringComparison.Ordinal);
        Assert.Equal("/account/close", answer.Headers.Location?.OriginalString);
        Assert.True(await _host.InDatabaseAsync(database => database.Users.AnyAsync(account => account.Email == Person.Clinician().Email, Cancellation)));
    }

    [Fact]
    public async Task A_form_of_another_site_closes_nothing()
    {
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Person.Patient().Email);

        using var answer = await browser.Client.PostAsync("/account/close", new FormUrlEncodedContent(
            [KeyValuePair.Create("Confirmed", "true"), KeyValuePair.Create("Password", IdentityHost.People.Password)]), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.True(await _host.InDatabaseAsync(database => database.Users.AnyAsync(account => account.Id == Subject, Cancellation)));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <param name="confirmed">Null leaves the box as it is: a browser does not send it then.</param>
    private static async Task<HttpResponseMessage> CloseAsync(Browser browser, string? confirmed = "true", string? password = null)
    {
        var page = await browser.OpenAsync("/account/close");
        page.QuerySelector("#Confirmed")?.Remove();
        (string, string)[] box = confirmed is null ? [] : [("Confirmed", confirmed)];
        return await browser.SubmitAsync(page, [.. box, ("Password", password ?? IdentityHost.People.Password)]);
    }
}
