using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Emails;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Pages;

/// <summary>A new account: made, confirmed through an email, and worth nothing before.</summary>
public sealed class RegistrationTests : IAsyncDisposable
{
    private const string Email = "nadia.hart@example.org";
    private const string Password = "teapot-gravel-envelope";
    private const string AnotherPassword = "lantern-window-pigeon";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_registers_confirms_and_comes_back_to_the_application_signed_in()
    {
        using var browser = _host.OpenBrowser();
        var page = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "create")));
        using var registered = await RegisterAsync(browser, address: page.OriginalString);
        var told = await browser.OpenAsync(Location(registered));
        var email = Assert.Single(await _host.MailboxAsync(Email));

        using var confirmed = await ConfirmAsync(browser, email.Link);
        var answer = await browser.RedirectOfAsync(Location(confirmed));

        Assert.Equal("Check your email", told.QuerySelector("h1")?.TextContent);
        Assert.Contains(Email, told.Body?.TextContent, StringComparison.Ordinal);
        Assert.StartsWith(Application.Web.RedirectUri, answer.OriginalString, StringComparison.Ordinal);
        using var channel = _host.OpenBackChannel();
        using var redeemed = await Application.Web.RedeemAsync(channel, Browser.Query(answer)["code"].ToString());
        var claims = (await Tokens.ReadAsync(redeemed)).Claims;
        Assert.Equal((Email, true, "patient"), (claims.GetProperty("email").GetString(), claims.GetProperty("email_verified").GetBoolean(), claims.GetProperty("role")[0].GetString()));
        Assert.Equal(("Nadia", "Hart"), (claims.GetProperty("given_name").GetString(), claims.GetProperty("family_name").GetString()));
    }

    [Fact]
    public async Task On_another_device_the_application_is_asked_to_begin_a_sign_in()
    {
        await using var host = new IdentityHost { Overrides = { ["Clients:0:InitiateLoginUri"] = "http://localhost:5080/account/sign-in?returnUrl=/registration" } };
        using var laptop = host.OpenBrowser();
        using var phone = host.OpenBrowser();
        using var registered = await RegisterAsync(laptop, address: $"/account/register?returnUrl={Uri.EscapeDataString(Application.Web.AuthorizeUrl())}");
        var email = Assert.Single(await host.MailboxAsync(Email));

        using var confirmed = await ConfirmAsync(phone, email.Link);

        Assert.Equal($"http://localhost:5080/account/sign-in?returnUrl=/registration&iss={Uri.EscapeDataString(IdentityHost.Issuer)}", Location(confirmed));
    }

    [Fact]
    public async Task The_page_says_the_same_to_an_address_with_an_account_and_the_mailbox_alone_learns_it()
    {
        using var newcomer = _host.OpenBrowser();
        using var other = _host.OpenBrowser();

        using var fresh = await RegisterAsync(newcomer);
        using var known = await RegisterAsync(other, Person.Patient().Email);

        Assert.Equal((fresh.StatusCode, Location(fresh)), (known.StatusCode, Location(known)));
        Assert.Equal(Names(fresh), Names(known));
        var freshPage = await newcomer.OpenAsync(Location(fresh));
        var knownPage = await other.OpenAsync(Location(known));
        Assert.Equal(Visible(freshPage).Replace(Email, "?", StringComparison.Ordinal), Visible(knownPage).Replace(Person.Patient().Email, "?", StringComparison.Ordinal));
        Assert.Equal("You already have an account", Assert.Single(await _host.MailboxAsync(Person.Patient().Email)).Subject);
        using var old = _host.OpenBrowser();
        await old.SignInAsync(Person.Patient().Email);
    }

    [Fact]
    public async Task Who_has_not_confirmed_is_told_so_only_after_the_right_password()
    {
        using var browser = _host.OpenBrowser();
        (await RegisterAsync(browser)).Dispose();

        using var wrong = await browser.TrySignInAsync(Email, AnotherPassword);
        using var right = await browser.TrySignInAsync(Email, Password);

        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.DoesNotContain("onfirm", (await Browser.ReadAsync(wrong)).QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        var told = await browser.OpenAsync(Location(right));
        Assert.Equal("Confirm your email address first", told.QuerySelector("h1")?.TextContent);
        Assert.DoesNotContain("code", Browser.Query(await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).Keys);
        Assert.Equal(2, (await _host.MailboxAsync(Email)).Count);
    }

    [Fact]
    public async Task A_program_that_only_opens_links_confirms_nothing()
    {
        using var browser = _host.OpenBrowser();
        using var scanner = _host.OpenBrowser();
        (await RegisterAsync(browser)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;

        await scanner.OpenAsync(link);
        await scanner.OpenAsync(link);

        Assert.False(await IsConfirmedAsync());
        using var confirmed = await ConfirmAsync(browser, link);
        Assert.Equal(HttpStatusCode.Redirect, confirmed.StatusCode);
        Assert.True(await IsConfirmedAsync());
    }

    [Fact]
    public async Task Nobody_prepares_an_account_for_the_owner_of_the_mailbox_to_confirm()
    {
        using var attacker = _host.OpenBrowser();
        (await RegisterAsync(attacker, password: AnotherPassword)).Dispose();
        var planted = Assert.Single(await _host.MailboxAsync(Email)).Link;
        using var owner = _host.OpenBrowser();

        using var confirmed = await ConfirmAsync(owner, planted, Password);

        Assert.Equal(HttpStatusCode.BadRequest, confirmed.StatusCode);
        Assert.False(await IsConfirmedAsync());

        // The owner registers too: the attacker's password and link are worth nothing then.
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        (await RegisterAsync(owner)).Dispose();
        await AssertOverAsync(attacker, planted);
        using var own = await ConfirmAsync(owner, (await _host.MailboxAsync(Email))[0].Link);
        Assert.Equal(HttpStatusCode.Redirect, own.StatusCode);
        using var theirs = await attacker.TrySignInAsync(Email, AnotherPassword);
        Assert.Equal(HttpStatusCode.BadRequest, theirs.StatusCode);
    }

    [Fact]
    public async Task A_link_works_once_for_24_hours_and_for_nothing_else()
    {
        using var browser = _host.OpenBrowser();
        (await RegisterAsync(browser)).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;

        await AssertOverAsync(browser, link.Replace(EmailTexts.ConfirmPath, EmailTexts.ResetPath, StringComparison.Ordinal));
        await AssertOverAsync(browser, EmailTexts.ConfirmPath);
        await AssertOverAsync(browser, EmailTexts.ConfirmPath + "?token=guess");
        (await ConfirmAsync(browser, link)).Dispose();
        await AssertOverAsync(browser, link);

        using var late = _host.OpenBrowser();
        (await RegisterAsync(late, "late@example.org")).Dispose();
        var lateLink = Assert.Single(await _host.MailboxAsync("late@example.org")).Link;
        _host.Clock.Advance(TimeSpan.FromHours(24));
        await AssertOverAsync(late, lateLink);
    }

    [Fact]
    public async Task The_email_can_be_sent_again_and_says_what_there_is_to_know()
    {
        using var browser = _host.OpenBrowser();
        using var registered = await RegisterAsync(browser);
        var page = await browser.OpenAsync(Location(registered));

        using var again = await browser.SubmitAsync(page);
        var told = await browser.OpenAsync(Location(again));
        using var unknown = await browser.SubmitAsync(page, ("Email", "nobody@example.org"));
        using var known = await browser.SubmitAsync(page, ("Email", Person.Patient().Email));

        Assert.Contains("We have sent the email again.", told.Body?.TextContent, StringComparison.Ordinal);
        Assert.Equal((Location(again), Location(again)), (Location(unknown), Location(known)));
        var mailbox = await _host.MailboxAsync(Email);
        Assert.Equal(2, mailbox.Count);
        Assert.Equal("There is no account with this email address", Assert.Single(await _host.MailboxAsync("nobody@example.org")).Subject);
        Assert.Equal("You already have an account", Assert.Single(await _host.MailboxAsync(Person.Patient().Email)).Subject);

        // Both links work: which of two emails is opened does not matter.
        using var confirmed = await ConfirmAsync(browser, mailbox[1].Link);
        Assert.Equal(HttpStatusCode.Redirect, confirmed.StatusCode);
        await AssertOverAsync(browser, mailbox[0].Link);
    }

    [Fact]
    public async Task Nobody_fills_anothers_mailbox_and_the_page_does_not_tell_that_it_stopped()
    {
        using var browser = _host.OpenBrowser();
        var answers = new List<string>();
        for (var i = 0; i < EmailOutbox.AskedForPerHour + 2; i++)
        {
            using var answer = await RegisterAsync(browser, Person.Patient().Email);
            answers.Add(Location(answer));
        }

        Assert.Equal(EmailOutbox.AskedForPerHour, (await _host.MailboxAsync(Person.Patient().Email)).Count);
        Assert.Single(answers.Distinct());
        _host.Clock.Advance(TimeSpan.FromHours(1));
        (await RegisterAsync(browser, Person.Patient().Email)).Dispose();
        Assert.Equal(EmailOutbox.AskedForPerHour + 1, (await _host.MailboxAsync(Person.Patient().Email)).Count);
    }

    [Theory]
    [InlineData("GivenName", "", "Enter your first name")]
    [InlineData("FamilyName", "", "Enter your last name")]
    [InlineData("GivenName", "Nadia\r\nBcc: everybody@example.org", "Your first name has a character that cannot be shown. Type it again")]
    [InlineData("Email", "", "Enter an email address")]
    [InlineData("Email", "nadia", "Enter an email address in the correct format, like name@example.com")]
    [InlineData("Email", "nadia@example.org\r\nBcc: everybody@example.org", "Enter an email address in the correct format, like name@example.com")]
    [InlineData("Email", "nadia@example.org, everybody@example.org", "Enter an email address in the correct format, like name@example.com")]
    [InlineData("Email", "Nadia <nadia@example.org>", "Enter an email address in the correct format, like name@example.com")]
    [InlineData("Password", "", "Enter a password")]
    [InlineData("Password", "short", "Your password must be between 12 and 256 characters")]
    [InlineData("Password", "passwordpassword", "This password is easy to guess. Try three or more words that do not belong together")]
    [InlineData("Password", "nadiahartnadiahart", "This password is easy to guess. Try three or more words that do not belong together")]
    public async Task A_mistake_is_told_beside_its_field_and_nothing_typed_is_lost_but_the_password(string field, string value, string message)
    {
        using var browser = _host.OpenBrowser();

        using var answer = await RegisterAsync(browser, changes: (field, value));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var page = await Browser.ReadAsync(answer);
        Assert.Equal([message], page.QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
        Assert.Contains(message, page.GetElementById($"{field}-error")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(field == "FamilyName" ? "" : "Hart", page.QuerySelector<IHtmlInputElement>("#FamilyName")?.Value);
        Assert.Equal("", page.QuerySelector<IHtmlInputElement>("#Password")?.Value);
        Assert.Equal(0, await _host.InDatabaseAsync(database => database.QueuedEmails.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task All_that_is_missing_is_told_in_the_order_of_the_page()
    {
        using var browser = _host.OpenBrowser();

        using var answer = await RegisterAsync(browser, "/account/register", ("GivenName", ""), ("FamilyName", ""), ("Email", ""), ("Password", ""));

        var page = await Browser.ReadAsync(answer);
        Assert.Equal(["#GivenName", "#FamilyName", "#Email", "#Password"], page.QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.GetAttribute("href")));
    }

    [Fact]
    public async Task A_name_is_no_way_to_write_to_others_in_our_name_or_into_our_pages()
    {
        const string Lure = "<b>Win</b> at https://evil.example/";
        using var browser = _host.OpenBrowser();
        (await RegisterAsync(browser, changes: ("GivenName", Lure))).Dispose();
        var email = Assert.Single(await _host.MailboxAsync(Email));

        using var confirmed = await ConfirmAsync(browser, email.Link);
        var start = await browser.OpenAsync("/");

        Assert.DoesNotContain("evil", email.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Win", email.Text, StringComparison.Ordinal);
        Assert.Contains(Lure, start.Body?.TextContent, StringComparison.Ordinal);
        Assert.Empty(start.QuerySelectorAll("main b"));
    }

    [Fact]
    public async Task Links_lead_to_the_issuer_whatever_host_the_request_names()
    {
        using var browser = _host.OpenBrowser();
        var page = await browser.OpenAsync("/account/register");
        browser.Client.DefaultRequestHeaders.Host = "evil.example";
        browser.Client.DefaultRequestHeaders.Add("X-Forwarded-Host", "evil.example");

        (await browser.SubmitAsync(page, Fields())).Dispose();
        (await browser.SubmitAsync(page, Fields(("Email", Person.Patient().Email)))).Dispose();

        // The mailbox checks that every link is the issuer's.
        var registered = Assert.Single(await _host.MailboxAsync(Email));
        var known = Assert.Single(await _host.MailboxAsync(Person.Patient().Email));
        Assert.DoesNotContain("evil", registered.Text + known.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_of_another_site_registers_nobody()
    {
        using var browser = _host.OpenBrowser();
        var fields = Fields().Select(field => KeyValuePair.Create(field.Name, field.Value));

        using var answer = await browser.Client.PostAsync("/account/register", new FormUrlEncodedContent(fields), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Empty(await _host.MailboxAsync(Email));
    }

    [Fact]
    public async Task What_was_never_confirmed_is_deleted()
    {
        using var browser = _host.OpenBrowser();
        (await RegisterAsync(browser)).Dispose();
        (await RegisterAsync(browser, "second@example.org")).Dispose();
        (await ConfirmAsync(browser, Assert.Single(await _host.MailboxAsync("second@example.org")).Link)).Dispose();
        using var upkeep = ActivatorUtilities.CreateInstance<Upkeep>(_host.Services);

        _host.Clock.Advance(Registrations.UnconfirmedKept);
        await upkeep.CleanAsync();
        var before = await IsThereAsync(Email);
        _host.Clock.Advance(TimeSpan.FromSeconds(1));
        await upkeep.CleanAsync();

        Assert.True(before);
        Assert.False(await IsThereAsync(Email));
        Assert.True(await IsThereAsync("second@example.org"));
        Assert.True(await IsThereAsync(Person.Patient().Email));
        Assert.Equal((0, 0), await _host.InDatabaseAsync(async database =>
            (await database.QueuedEmails.CountAsync(Cancellation), await database.EmailLinks.CountAsync(Cancellation))));
    }

    [Fact]
    public async Task Two_registrations_at_once_make_one_account()
    {
        using var one = _host.OpenBrowser();
        using var two = _host.OpenBrowser();
        var (first, second) = (await one.OpenAsync("/account/register"), await two.OpenAsync("/account/register"));

        var answers = await Task.WhenAll(one.SubmitAsync(first, Fields()), two.SubmitAsync(second, Fields()));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode));
        Assert.Equal(1, await _host.InDatabaseAsync(database => database.Users.CountAsync(account => account.Email == Email, Cancellation)));
    }

    [Fact]
    public async Task Registrations_from_one_address_are_limited()
    {
        await using var host = new IdentityHost { Overrides = { ["RateLimits:EmailsPerMinute"] = "2" } };
        using var browser = host.OpenBrowser();

        using var one = await RegisterAsync(browser, "one@example.org");
        using var two = await RegisterAsync(browser, "two@example.org");
        using var three = await RegisterAsync(browser, "three@example.org");

        Assert.Equal([302, 302, 429], new[] { one, two, three }.Select(answer => (int)answer.StatusCode));
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    public async Task A_return_address_elsewhere_is_not_followed(string returnUrl)
    {
        using var browser = _host.OpenBrowser();
        (await RegisterAsync(browser, address: $"/account/register?returnUrl={Uri.EscapeDataString(returnUrl)}")).Dispose();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;
        browser.Client.DefaultRequestHeaders.Add("Cookie", $"telemedicine-identity-return={Uri.EscapeDataString(returnUrl)}");

        using var confirmed = await ConfirmAsync(browser, link);

        Assert.Equal("/", Location(confirmed));
    }

    [Fact]
    public async Task The_history_tells_of_it()
    {
        using var browser = _host.OpenBrowser();
        (await RegisterAsync(browser)).Dispose();
        (await ConfirmAsync(browser, Assert.Single(await _host.MailboxAsync(Email)).Link)).Dispose();

        var page = await browser.OpenAsync("/account/devices");

        Assert.Equal(["Signed in", "Email address confirmed", "Account created"], page.QuerySelectorAll("ul.nhsuk-list--border li strong").Select(line => line.TextContent));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static (string Name, string Value)[] Fields(params (string Name, string Value)[] changes)
    {
        var fields = new Dictionary<string, string> { ["GivenName"] = "Nadia", ["FamilyName"] = "Hart", ["Email"] = Email, ["Password"] = Password };
        foreach (var (name, value) in changes)
            fields[name] = value;
        return [.. fields.Select(field => (field.Key, field.Value))];
    }

    private static Task<HttpResponseMessage> RegisterAsync(Browser browser, string email = Email, string password = Password, string address = "/account/register") =>
        RegisterAsync(browser, address, ("Email", email), ("Password", password));

    private static Task<HttpResponseMessage> RegisterAsync(Browser browser, (string Name, string Value) changes) =>
        RegisterAsync(browser, "/account/register", changes);

    private static async Task<HttpResponseMessage> RegisterAsync(Browser browser, string address, params (string Name, string Value)[] changes) =>
        await browser.SubmitAsync(await browser.OpenAsync(address), Fields(changes));

    private static async Task<HttpResponseMessage> ConfirmAsync(Browser browser, string link, string password = Password) =>
        await browser.SubmitAsync(await browser.OpenAsync(link), ("Password", password));

    private static async Task AssertOverAsync(Browser browser, string link)
    {
        var over = await browser.OpenAsync((await browser.RedirectOfAsync(link)).OriginalString, HttpStatusCode.NotFound);
        Assert.Equal("This link does not work any more", over.QuerySelector("h1")?.TextContent);
    }

    private static string Location(HttpResponseMessage answer) => answer.Headers.Location?.OriginalString ?? throw new InvalidOperationException("The answer is no redirect.");

    private static IEnumerable<string> Names(HttpResponseMessage answer) => answer.Headers.Select(header => header.Key).Order();

    private static string Visible(IHtmlDocument page) => page.QuerySelector("main")?.TextContent ?? "";

    private Task<bool> IsConfirmedAsync() =>
        _host.InDatabaseAsync(database => database.Users.AnyAsync(account => account.Email == Email && account.EmailConfirmed, Cancellation));

    private Task<bool> IsThereAsync(string email) => _host.InDatabaseAsync(database => database.Users.AnyAsync(account => account.Email == email, Cancellation));
}
