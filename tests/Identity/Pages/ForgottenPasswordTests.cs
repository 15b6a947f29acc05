using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Pages;

/// <summary>A new password for who reads the account's mailbox, and for nobody else.</summary>
public sealed class ForgottenPasswordTests : IAsyncDisposable
{
    private const string NewPassword = "teapot-gravel-envelope";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Email => Person.Patient().Email;

    [Fact]
    public async Task A_new_password_ends_every_session_and_what_it_gave_and_comes_back_to_the_application()
    {
        using var laptop = _host.OpenBrowser();
        var tokens = await Application.Web.SignInAsync(_host, laptop, Email);
        using var browser = _host.OpenBrowser();
        var signIn = await browser.OpenAsync((await browser.RedirectOfAsync(Application.Web.AuthorizeUrl())).OriginalString);
        using var asked = await AskAsync(browser, Email, Href(signIn, "I do not know my password"));
        var told = await browser.OpenAsync(Location(asked));
        _host.Clock.Advance(TimeSpan.FromSeconds(1));

        using var changed = await ChooseAsync(browser, Assert.Single(await _host.MailboxAsync(Email)).Link);
        var done = await browser.OpenAsync(Location(changed));
        using var signedIn = await browser.TrySignInAsync(Email, NewPassword, Href(done, "Sign in"));
        var answer = await browser.RedirectOfAsync(Location(signedIn));

        Assert.Equal("Check your email", told.QuerySelector("h1")?.TextContent);
        Assert.Equal("Your password is changed", done.QuerySelector("h1")?.TextContent);
        Assert.StartsWith(Application.Web.RedirectUri, answer.OriginalString, StringComparison.Ordinal);
        using var channel = _host.OpenBackChannel();
        using var userInfo = await Application.UserInfoAsync(channel, tokens.AccessToken);
        Assert.Equal(HttpStatusCode.Unauthorized, userInfo.StatusCode);
        Assert.DoesNotContain("code", Browser.Query(await laptop.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).Keys);
        using var old = await laptop.TrySignInAsync(Email, IdentityHost.People.Password);
        Assert.Equal(HttpStatusCode.BadRequest, old.StatusCode);
        Assert.Equal(["Your password was changed", "Choose a new password"], (await _host.MailboxAsync(Email)).Select(email => email.Subject));
        var history = await browser.OpenAsync("/account/devices");
        var events = history.QuerySelectorAll("ul.nhsuk-list--border li strong").Select(line => line.TextContent).ToList();
        Assert.Contains("New password chosen through an email", events);
        Assert.Contains("A link for a new password was asked for", events);
    }

    [Fact]
    public async Task Applications_are_told_in_the_same_transaction_that_the_sessions_ended()
    {
        await using var host = new IdentityHost { Overrides = { ["Clients:0:BackChannelLogoutUri"] = "http://localhost:5080/signout-backchannel" } };
        using var laptop = host.OpenBrowser();
        await Application.Web.SignInAsync(host, laptop, Email);
        using var browser = host.OpenBrowser();
        (await AskAsync(browser, Email)).Dispose();

        (await ChooseAsync(browser, Assert.Single(await host.MailboxAsync(Email)).Link)).Dispose();

        Assert.Equal(1, await host.InDatabaseAsync(database => database.LogoutNotices.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task Choosing_a_password_signs_nobody_in()
    {
        using var browser = _host.OpenBrowser();
        (await AskAsync(browser, Person.Clinician().Email)).Dispose();

        (await ChooseAsync(browser, Assert.Single(await _host.MailboxAsync(Person.Clinician().Email)).Link)).Dispose();

        Assert.DoesNotContain("code", Browser.Query(await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).Keys);
    }

    [Fact]
    public async Task A_second_factor_is_still_asked_for()
    {
        using var browser = _host.OpenBrowser();
        (await AskAsync(browser, Person.Clinician().Email)).Dispose();
        (await ChooseAsync(browser, Assert.Single(await _host.MailboxAsync(Person.Clinician().Email)).Link)).Dispose();

        using var answer = await browser.TrySignInAsync(Person.Clinician().Email, NewPassword);

        Assert.StartsWith("/account/sign-in/code", Location(answer), StringComparison.Ordinal);
        Assert.DoesNotContain("code", Browser.Query(await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).Keys);
    }

    [Fact]
    public async Task The_page_says_the_same_whether_there_is_an_account()
    {
        using var one = _host.OpenBrowser();
        using var two = _host.OpenBrowser();

        using var known = await AskAsync(one, Email);
        using var unknown = await AskAsync(two, "nobody@example.org");

        Assert.Equal((known.StatusCode, Location(known)), (unknown.StatusCode, Location(unknown)));
        Assert.Equal(known.Headers.Select(header => header.Key).Order(), unknown.Headers.Select(header => header.Key).Order());
        var (knownPage, unknownPage) = (await one.OpenAsync(Location(known)), await two.OpenAsync(Location(unknown)));
        Assert.Equal(Visible(knownPage).Replace(Email, "?", StringComparison.Ordinal), Visible(unknownPage).Replace("nobody@example.org", "?", StringComparison.Ordinal));
        Assert.Equal("There is no account with this email address", Assert.Single(await _host.MailboxAsync("nobody@example.org")).Subject);
    }

    [Fact]
    public async Task It_costs_the_same_rows_whether_there_is_an_account()
    {
        using var browser = _host.OpenBrowser();
        (await AskAsync(browser, Email)).Dispose();
        var known = await RowsAsync();
        (await AskAsync(browser, "nobody@example.org")).Dispose();

        var unknown = await RowsAsync();

        Assert.Equal(((1, 1), (2, 2)), (known, unknown));

        Task<(int, int)> RowsAsync() => _host.InDatabaseAsync(async database =>
            (await database.QueuedEmails.CountAsync(Cancellation), await database.AccountEvents.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task An_address_that_is_only_spelt_alike_gets_nothing_that_opens_the_account()
    {
        using var browser = _host.OpenBrowser();

        (await AskAsync(browser, Email.ToUpperInvariant())).Dispose();

        Assert.Empty(await _host.MailboxAsync(Email.ToUpperInvariant()));
        Assert.Equal("Choose a new password", Assert.Single(await _host.MailboxAsync(Email)).Subject);
    }

    [Fact]
    public async Task A_program_that_only_opens_links_uses_nothing_up()
    {
        using var browser = _host.OpenBrowser();
        using var scanner = _host.OpenBrowser();
        (await AskAsync(browser, Email)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;

        await scanner.OpenAsync(link);
        await scanner.OpenAsync(link);

        using var changed = await ChooseAsync(browser, link);
        Assert.Equal(HttpStatusCode.Redirect, changed.StatusCode);
    }

    [Fact]
    public async Task A_link_works_once_for_30_minutes_and_for_its_own_account()
    {
        using var browser = _host.OpenBrowser();
        (await AskAsync(browser, Email)).Dispose();
        (await AskAsync(browser, Email)).Dispose();
        var links = (await _host.MailboxAsync(Email)).Select(email => email.Link).ToList();
        var page = await browser.OpenAsync(links[0]);
        (await ChooseAsync(browser, links[0])).Dispose();

        // Both the link and its twin end with the password that they were sent for; a page that was open is of no use.
        await AssertOverAsync(browser, links[0]);
        await AssertOverAsync(browser, links[1]);
        using var replayed = await browser.SubmitAsync(page, ("Password", "another-lantern-window"));
        Assert.Equal("/account/link-over", Location(replayed));

        // An attacker's own link does not reach another's account by a field of the form.
        using var attacker = _host.OpenBrowser();
        (await AskAsync(attacker, Person.Patient(1).Email)).Dispose();
        var own = await attacker.OpenAsync(Assert.Single(await _host.MailboxAsync(Person.Patient(1).Email)).Link);
        (await attacker.SubmitAsync(own, ("Password", "another-lantern-window"), ("username", Email), ("Email", Email))).Dispose();
        using var victim = await browser.TrySignInAsync(Email, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, victim.StatusCode);

        (await AskAsync(browser, Email)).Dispose();
        var late = (await _host.MailboxAsync(Email))[0].Link;
        _host.Clock.Advance(TimeSpan.FromMinutes(30));
        await AssertOverAsync(browser, late);
    }

    [Fact]
    public async Task A_link_used_twice_at_once_works_once()
    {
        using var one = _host.OpenBrowser();
        using var two = _host.OpenBrowser();
        (await AskAsync(one, Email)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;
        var (first, second) = (await one.OpenAsync(link), await two.OpenAsync(link));

        var answers = await Task.WhenAll(one.SubmitAsync(first, ("Password", NewPassword)), two.SubmitAsync(second, ("Password", "another-lantern-window")));

        Assert.Equal(["/account/link-over", "/account/password-changed"], answers.Select(Location).Order());
    }

    [Fact]
    public async Task A_password_changed_in_between_ends_the_link()
    {
        using var browser = _host.OpenBrowser();
        (await AskAsync(browser, Email)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        await browser.SignInAsync(Email);
        (await browser.SubmitAsync(await browser.OpenAsync("/account/password"), ("CurrentPassword", IdentityHost.People.Password), ("NewPassword", NewPassword))).Dispose();

        await AssertOverAsync(browser, link);

        Assert.Equal("Your password was changed", (await _host.MailboxAsync(Email))[0].Subject);
    }

    [Fact]
    public async Task A_new_password_ends_the_wait_after_too_many_failures()
    {
        using var browser = _host.OpenBrowser();
        for (var i = 0; i < SignInAttempts.FreeFailures; i++)
            (await browser.TrySignInAsync(Email, $"guess {i}")).Dispose();
        (await AskAsync(browser, Email)).Dispose();

        (await ChooseAsync(browser, Assert.Single(await _host.MailboxAsync(Email)).Link)).Dispose();

        using var signedIn = await browser.TrySignInAsync(Email, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
    }

    [Theory]
    [InlineData("", "Enter a new password")]
    [InlineData("short", "Your new password must be between 12 and 256 characters")]
    [InlineData("margarethughes", "This password is easy to guess. Try three or more words that do not belong together")]
    public async Task A_password_that_is_refused_leaves_the_link_good(string password, string message)
    {
        using var browser = _host.OpenBrowser();
        (await AskAsync(browser, Email)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;

        using var refused = await ChooseAsync(browser, link, password);
        using var accepted = await ChooseAsync(browser, link);

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal([message], (await Browser.ReadAsync(refused)).QuerySelectorAll(".nhsuk-error-summary__list a").Select(one => one.TextContent));
        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
    }

    [Fact]
    public async Task A_form_of_another_site_neither_asks_nor_changes()
    {
        using var browser = _host.OpenBrowser();
        (await AskAsync(browser, Email)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;

        using var asked = await browser.Client.PostAsync("/account/forgotten", new FormUrlEncodedContent([KeyValuePair.Create("Email", Email)]), Cancellation);
        using var chosen = await browser.Client.PostAsync(link, new FormUrlEncodedContent([KeyValuePair.Create("Password", NewPassword)]), Cancellation);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (asked.StatusCode, chosen.StatusCode));
        Assert.Single(await _host.MailboxAsync(Email));
        await browser.SignInAsync(Email);
    }

    [Fact]
    public async Task Tokens_are_not_in_the_database()
    {
        using var browser = _host.OpenBrowser();
        (await AskAsync(browser, Email)).Dispose();
        var token = Assert.Single(await _host.MailboxAsync(Email)).Link.Split('=')[1];

        var stored = await File.ReadAllBytesAsync(_host.DatabaseFile, Cancellation);
        var waiting = File.Exists(_host.DatabaseFile + "-wal") ? await File.ReadAllBytesAsync(_host.DatabaseFile + "-wal", Cancellation) : [];

        Assert.Equal(43, token.Length);
        Assert.Contains(Email, System.Text.Encoding.Latin1.GetString([.. stored, .. waiting]), StringComparison.Ordinal);
        Assert.DoesNotContain(token, System.Text.Encoding.Latin1.GetString([.. stored, .. waiting]), StringComparison.Ordinal);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<HttpResponseMessage> AskAsync(Browser browser, string email, string address = "/account/forgotten") =>
        await browser.SubmitAsync(await browser.OpenAsync(address), ("Email", email));

    private static async Task<HttpResponseMessage> ChooseAsync(Browser browser, string link, string password = NewPassword) =>
        await browser.SubmitAsync(await browser.OpenAsync(link), ("Password", password));

    private static async Task AssertOverAsync(Browser browser, string link) =>
        Assert.Equal("/account/link-over", (await browser.RedirectOfAsync(link)).OriginalString);

    private static string Href(IHtmlDocument page, string link) =>
        page.QuerySelectorAll<IHtmlAnchorElement>("main a").Single(one => one.TextContent == link).GetAttribute("href") ?? "";

    private static string Location(HttpResponseMessage answer) => answer.Headers.Location?.OriginalString ?? throw new InvalidOperationException("The answer is no redirect.");

    private static string Visible(IHtmlDocument page) => page.QuerySelector("main")?.TextContent ?? "";
}
