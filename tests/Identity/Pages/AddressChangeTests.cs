using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Pages;

/// <summary>Another email address: the new mailbox confirms, the old one can undo.</summary>
public sealed class AddressChangeTests : IAsyncDisposable
{
    private const string NewEmail = "margaret.new@example.org";
    private const string NewPassword = "teapot-gravel-envelope";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Email => Person.Patient().Email;

    [Fact]
    public async Task The_new_mailbox_confirms_and_the_old_one_is_told()
    {
        using var browser = await SignedInAsync();
        using var asked = await AskAsync(browser);
        var notice = await browser.OpenAsync(Location(asked));
        var before = await EmailOfAsync();

        var done = await ConfirmAsync(browser, Assert.Single(await _host.MailboxAsync(NewEmail)).Link);

        Assert.Contains($"We have sent an email to {NewEmail}.", notice.Body?.TextContent, StringComparison.Ordinal);
        Assert.Equal((Email, NewEmail), (before, await EmailOfAsync()));
        Assert.Equal("Your email address is changed", done.QuerySelector("h1")?.TextContent);
        Assert.Equal("Your email address was changed", Assert.Single(await _host.MailboxAsync(Email)).Subject);
        using var old = await browser.TrySignInAsync(Email, IdentityHost.People.Password);
        using var now = await browser.TrySignInAsync(NewEmail, IdentityHost.People.Password);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.Redirect), (old.StatusCode, now.StatusCode));
        var history = await browser.OpenAsync("/account/devices");
        var events = history.QuerySelectorAll("ul.nhsuk-list--border li strong").Select(line => line.TextContent).ToList();
        Assert.Contains("Another email address was asked for", events);
        Assert.Contains("Email address changed", events);
    }

    [Fact]
    public async Task The_old_mailbox_gets_the_account_back_from_a_thief_whatever_was_changed_since()
    {
        using var thief = await SignedInAsync();
        (await AskAsync(thief)).Dispose();
        await ConfirmAsync(thief, Assert.Single(await _host.MailboxAsync(NewEmail)).Link);
        var undo = Assert.Single(await _host.MailboxAsync(Email)).Link;
        (await thief.SubmitAsync(await thief.OpenAsync("/account/password"), ("CurrentPassword", IdentityHost.People.Password), ("NewPassword", "lantern-window-pigeon"))).Dispose();
        (await AskAsync(thief, "further.away@example.org", "lantern-window-pigeon")).Dispose();
        await ConfirmAsync(thief, Assert.Single(await _host.MailboxAsync("further.away@example.org")).Link);
        _host.Clock.Advance(TimeSpan.FromDays(6));
        using var again = await thief.TrySignInAsync("further.away@example.org", "lantern-window-pigeon");
        using var owner = _host.OpenBrowser();
        using var scanner = _host.OpenBrowser();

        await scanner.OpenAsync(undo);
        var untouched = await EmailOfAsync();
        using var undone = await owner.SubmitAsync(await owner.OpenAsync(undo));
        using var chosen = await owner.SubmitAsync(await owner.OpenAsync(Location(undone)), ("Password", NewPassword));

        Assert.Equal(("further.away@example.org", Email), (untouched, await EmailOfAsync()));
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
        Assert.DoesNotContain("code", Browser.Query(await thief.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).Keys);
        using var theirs = await thief.TrySignInAsync(Email, "lantern-window-pigeon");
        Assert.Equal(HttpStatusCode.BadRequest, theirs.StatusCode);
        using var own = await owner.TrySignInAsync(Email, NewPassword);
        Assert.Equal(HttpStatusCode.Redirect, own.StatusCode);

        // The thief's own way back, sent to the first address that they set, is closed.
        var theirUndo = (await _host.MailboxAsync(NewEmail)).Single(email => email.Subject == "Your email address was changed").Link;
        Assert.Equal("/account/link-over", (await thief.RedirectOfAsync(theirUndo)).OriginalString);
        Assert.Equal("/account/link-over", (await thief.RedirectOfAsync(undo)).OriginalString);
    }

    [Fact]
    public async Task The_way_back_closes_after_7_days()
    {
        using var browser = await SignedInAsync();
        (await AskAsync(browser)).Dispose();
        await ConfirmAsync(browser, Assert.Single(await _host.MailboxAsync(NewEmail)).Link);
        var undo = Assert.Single(await _host.MailboxAsync(Email)).Link;

        _host.Clock.Advance(TimeSpan.FromDays(7));

        Assert.Equal("/account/link-over", (await browser.RedirectOfAsync(undo)).OriginalString);
    }

    [Fact]
    public async Task A_link_for_a_new_password_that_waits_in_the_old_mailbox_opens_nothing_after_the_change()
    {
        using var browser = await SignedInAsync();
        (await browser.SubmitAsync(await browser.OpenAsync("/account/forgotten"), ("Email", Email))).Dispose();
        var reset = Assert.Single(await _host.MailboxAsync(Email)).Link;
        (await AskAsync(browser)).Dispose();

        await ConfirmAsync(browser, Assert.Single(await _host.MailboxAsync(NewEmail)).Link);

        Assert.Equal("/account/link-over", (await browser.RedirectOfAsync(reset)).OriginalString);
    }

    [Fact]
    public async Task A_program_that_only_opens_links_changes_nothing_and_a_password_changed_since_ends_the_link()
    {
        using var browser = await SignedInAsync();
        using var scanner = _host.OpenBrowser();
        (await AskAsync(browser)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(NewEmail)).Link;

        await scanner.OpenAsync(link);
        Assert.Equal(Email, await EmailOfAsync());
        (await browser.SubmitAsync(await browser.OpenAsync("/account/password"), ("CurrentPassword", IdentityHost.People.Password), ("NewPassword", NewPassword))).Dispose();

        Assert.Equal("/account/link-over", (await browser.RedirectOfAsync(link)).OriginalString);
    }

    [Fact]
    public async Task The_page_does_not_tell_that_another_account_has_the_address()
    {
        using var browser = await SignedInAsync();

        using var free = await AskAsync(browser);
        var one = (await browser.OpenAsync(Location(free))).QuerySelector("main")?.TextContent.Replace(NewEmail, "?", StringComparison.Ordinal);
        using var taken = await AskAsync(browser, Person.Patient(1).Email);
        var other = (await browser.OpenAsync(Location(taken))).QuerySelector("main")?.TextContent.Replace(Person.Patient(1).Email, "?", StringComparison.Ordinal);

        Assert.Equal(one, other);
        Assert.Equal("You already have an account", Assert.Single(await _host.MailboxAsync(Person.Patient(1).Email)).Subject);
    }

    [Fact]
    public async Task An_address_that_another_account_confirmed_meanwhile_is_not_taken_from_it()
    {
        using var browser = await SignedInAsync();
        (await AskAsync(browser)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(NewEmail)).Link;
        await _host.InDatabaseAsync(database => database.Users.Where(account => account.Email == Person.Patient(1).Email)
            .ExecuteUpdateAsync(row => row.SetProperty(account => account.Email, NewEmail).SetProperty(account => account.NormalizedEmail, NewEmail.ToUpperInvariant()), Cancellation));

        using var refused = await browser.SubmitAsync(await browser.OpenAsync(link));

        Assert.Equal("/account/link-over", Location(refused));
        Assert.Equal(Email, await EmailOfAsync());
    }

    [Fact]
    public async Task An_account_that_never_confirmed_the_address_gives_way()
    {
        using var squatter = _host.OpenBrowser();
        (await squatter.SubmitAsync(
            await squatter.OpenAsync("/account/register"), ("GivenName", "No"), ("FamilyName", "Body"), ("Email", NewEmail), ("Password", NewPassword))).Dispose();
        using var browser = await SignedInAsync();
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await AskAsync(browser)).Dispose();

        await ConfirmAsync(browser, (await _host.MailboxAsync(NewEmail))[0].Link);

        Assert.Equal(NewEmail, await EmailOfAsync());
    }

    [Theory]
    [InlineData("NewEmail", "", "Enter your new email address")]
    [InlineData("NewEmail", "margaret", "Enter an email address in the correct format, like name@example.com")]
    [InlineData("NewEmail", "Margaret.Hughes@EXAMPLE.com", "This is your email address already")]
    [InlineData("Password", "", "Enter your password")]
    [InlineData("Password", "wrong", "Your password is not right. If you have tried many times, wait 15 minutes before you try again")]
    public async Task A_mistake_is_told_beside_its_field_and_sends_nothing(string field, string value, string message)
    {
        using var browser = await SignedInAsync();
        var fields = new Dictionary<string, string> { ["NewEmail"] = NewEmail, ["Password"] = IdentityHost.People.Password, [field] = value };

        using var answer = await browser.SubmitAsync(await browser.OpenAsync("/account/email"), [.. fields.Select(pair => (pair.Key, pair.Value))]);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await Browser.ReadAsync(answer);
        Assert.Equal([message], page.QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
        Assert.Equal(fields["NewEmail"], page.QuerySelector<IHtmlInputElement>("#NewEmail")?.Value);
        Assert.Equal("", page.QuerySelector<IHtmlInputElement>("#Password")?.Value);
        Assert.Equal(0, await _host.InDatabaseAsync(database => database.QueuedEmails.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task A_form_of_another_site_changes_nothing()
    {
        using var browser = await SignedInAsync();
        (await AskAsync(browser)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(NewEmail)).Link;

        using var asked = await browser.Client.PostAsync(
            "/account/email", new FormUrlEncodedContent([KeyValuePair.Create("NewEmail", "evil@example.org"), KeyValuePair.Create("Password", IdentityHost.People.Password)]), Cancellation);
        using var confirmed = await browser.Client.PostAsync(link, new FormUrlEncodedContent([]), Cancellation);

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (asked.StatusCode, confirmed.StatusCode));
        Assert.Equal(Email, await EmailOfAsync());
        Assert.Empty(await _host.MailboxAsync("evil@example.org"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task<HttpResponseMessage> AskAsync(Browser browser, string email = NewEmail, string? password = null) =>
        await browser.SubmitAsync(await browser.OpenAsync("/account/email"), ("NewEmail", email), ("Password", password ?? IdentityHost.People.Password));

    private static async Task<IHtmlDocument> ConfirmAsync(Browser browser, string link)
    {
        using var answer = await browser.SubmitAsync(await browser.OpenAsync(link));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return await Browser.ReadAsync(answer);
    }

    private static string Location(HttpResponseMessage answer) => answer.Headers.Location?.OriginalString ?? throw new InvalidOperationException("The answer is no redirect.");

    private async Task<Browser> SignedInAsync()
    {
        var browser = _host.OpenBrowser();
        await browser.SignInAsync(Email);
        return browser;
    }

    private Task<string?> EmailOfAsync()
    {
        var id = IdentityHost.People.People.Single(person => person.Email == Email).Subject;
        return _host.InDatabaseAsync(database => database.Users.Where(account => account.Id == id).Select(account => account.Email).SingleAsync(Cancellation));
    }
}
