using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Accounts;

/// <summary>The code after the password: who needs one, that each works once, and that there is no way round it.</summary>
public sealed class SecondStepTests : IAsyncDisposable
{
    private const string AskAgain = "/account/sign-in?returnUrl=";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Password => IdentityHost.People.Password;

    [Theory]
    [InlineData("clinician")]
    [InlineData("staff")]
    [InlineData("administrator")]
    public async Task Who_works_for_the_practice_does_not_pass_with_a_password_alone(string role)
    {
        using var browser = _host.OpenBrowser();
        using var afterPassword = await browser.TrySignInAsync(EmailOf(role), Password);

        Assert.StartsWith("/account/sign-in/code", afterPassword.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(browser));
        await browser.TakeSecondStepAsync(afterPassword);
        Assert.True(await IsSignedInAsync(browser));
    }

    [Theory]
    [InlineData("/account/password")]
    [InlineData("/account/devices")]
    [InlineData("/account/authenticator")]
    [InlineData("/account/recovery-codes")]
    [InlineData("/account/authenticator/set-up")]
    public async Task Between_password_and_code_no_page_of_the_account_opens(string path)
    {
        using var browser = _host.OpenBrowser();
        (await browser.TrySignInAsync(EmailOf("clinician"), Password)).Dispose();

        var location = await browser.RedirectOfAsync(path);

        Assert.StartsWith("/account/sign-in", location.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_not_asked_for_again_within_ten_minutes_of_it()
    {
        using var browser = _host.OpenBrowser();
        using var afterPassword = await browser.TrySignInAsync(EmailOf("clinician"), Password);
        var page = await browser.OpenAsync(Location(afterPassword));
        _host.Clock.Advance(TimeSpan.FromMinutes(11));

        using var answer = await browser.SubmitAsync(page, ("Code", "123456"));

        Assert.StartsWith("/account/sign-in", Location(answer), StringComparison.Ordinal);
        Assert.DoesNotContain("code", Location(answer), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_that_was_changed_in_between_does_not_count()
    {
        var app = await NewAppAsync(Person.Patient().Email);
        using var browser = _host.OpenBrowser();
        using var afterPassword = await browser.TrySignInAsync(Person.Patient().Email, Password);
        var page = await browser.OpenAsync(Location(afterPassword));
        await _host.InDatabaseAsync(database => database.Users.Where(row => row.Id == Person.Patient().Subject)
            .ExecuteUpdateAsync(row => row.SetProperty(account => account.SecurityStamp, "another"), Cancellation));

        using var answer = await browser.SubmitAsync(page, ("Code", app.Code(step: 1)));

        Assert.StartsWith("/account/sign-in", Location(answer), StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task A_code_works_once_even_within_its_time_and_at_another_instance()
    {
        var app = await NewAppAsync(Person.Patient().Email);
        var code = app.Code(step: 1);
        using var first = await EnterAsync(_host, code);
        using var again = await EnterAsync(_host, code);
        await using var other = _host.AnotherInstance();
        using var elsewhere = await EnterAsync(other, code);

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        await AssertRefusedAsync(again, "That code has been used. Wait for your app to show the next one");
        await AssertRefusedAsync(elsewhere, "That code has been used. Wait for your app to show the next one");
    }

    [Fact]
    public async Task Of_twenty_who_send_the_same_code_at_once_one_gets_in()
    {
        var app = await NewAppAsync(Person.Patient().Email);
        var code = app.Code(step: 1);
        var pages = new List<(Browser Browser, IHtmlDocument Page)>();
        for (var i = 0; i < 20; i++)
        {
            var browser = _host.OpenBrowser();
            using var afterPassword = await browser.TrySignInAsync(Person.Patient().Email, Password);
            pages.Add((browser, await browser.OpenAsync(Location(afterPassword))));
        }

        var answers = await Task.WhenAll(pages.Select(one => one.Browser.SubmitAsync(one.Page, ("Code", code))));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Redirect));
    }

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public async Task A_clock_may_be_half_a_minute_off_and_no_more(int step, bool accepted)
    {
        var app = await NewAppAsync(Person.Patient().Email);
        _host.Clock.Advance(TimeSpan.FromMinutes(5));

        using var answer = await EnterAsync(_host, app.Code(step));

        Assert.Equal(accepted ? HttpStatusCode.Redirect : HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Theory]
    [InlineData("", "Enter the 6 digits that your app shows")]
    [InlineData("12345", "Enter the 6 digits that your app shows")]
    [InlineData("1234567", "Enter the 6 digits that your app shows")]
    [InlineData("abcdef", "Enter the 6 digits that your app shows")]
    [InlineData("١٢٣٤٥٦", "Enter the 6 digits that your app shows")]
    [InlineData("000000", "That code is not right. Enter the code that your app shows now")]
    public async Task What_is_no_code_is_refused_beside_the_field(string code, string message)
    {
        await NewAppAsync(Person.Patient().Email);

        using var answer = await EnterAsync(_host, code);

        await AssertRefusedAsync(answer, message);
    }

    [Fact]
    public async Task A_code_may_be_typed_with_spaces()
    {
        var app = await NewAppAsync(Person.Patient().Email);
        var code = app.Code(step: 1);

        using var answer = await EnterAsync(_host, $" {code[..3]} {code[3..]} ");

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
    }

    [Fact]
    public async Task Who_knows_the_password_does_not_get_free_guesses_at_the_code()
    {
        var app = await NewAppAsync(Person.Patient().Email);
        for (var guess = 0; guess < SignInAttempts.FreeFailures; guess++)
            (await EnterAsync(_host, "000000")).Dispose();

        using var browser = _host.OpenBrowser();
        using var waiting = await browser.TrySignInAsync(Person.Patient().Email, Password);
        Assert.Equal(HttpStatusCode.BadRequest, waiting.StatusCode);
        _host.Clock.Advance(TimeSpan.FromMinutes(1));
        using var later = await EnterAsync(_host, app.Code());
        Assert.Equal(HttpStatusCode.Redirect, later.StatusCode);
    }

    [Fact]
    public async Task Who_must_have_an_app_and_has_none_sets_it_up_before_anything_else()
    {
        var clinician = Person.Clinician();
        await _host.InDatabaseAsync(database => database.Authenticators.Where(row => row.AccountId == clinician.Subject).ExecuteDeleteAsync(Cancellation));
        using var browser = _host.OpenBrowser();
        using var afterPassword = await browser.TrySignInAsync(clinician.Email, Password);
        Assert.StartsWith("/account/authenticator/set-up", Location(afterPassword), StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(browser));

        var codes = await SetUpAsync(browser, Location(afterPassword));

        Assert.True(await IsSignedInAsync(browser));
        Assert.Equal(Authenticators.RecoveryCodes, codes.Codes.Distinct().Count());
        Assert.All(codes.Codes, code => Assert.Matches("^([a-z2-7]{4}-){3}[a-z2-7]{4}$", code));
    }

    [Fact]
    public async Task Nothing_is_set_up_before_a_code_shows_that_the_app_works()
    {
        using var browser = await SignedInAsync(Person.Patient().Email);
        var page = await browser.OpenAsync("/account/authenticator/set-up");

        using var answer = await browser.SubmitAsync(page, ("Code", "000000"));

        await AssertRefusedAsync(answer, "That code is not right. Enter the code that your app shows now. If it is right, check that your phone's clock is");
        Assert.Equal(0, await _host.InDatabaseAsync(database => database.Authenticators.CountAsync(row => row.AccountId == Person.Patient().Subject, Cancellation)));
    }

    [Fact]
    public async Task A_wrong_code_keeps_the_key_that_was_scanned()
    {
        using var browser = await SignedInAsync(Person.Patient().Email);
        var page = await browser.OpenAsync("/account/authenticator/set-up");
        using var wrong = await browser.SubmitAsync(page, ("Code", "000000"));

        var again = await Browser.ReadAsync(wrong);

        Assert.Equal(page.QuerySelector("#secret")?.TextContent, again.QuerySelector("#secret")?.TextContent);
        using var right = await browser.SubmitAsync(again, ("Code", new App(_host, SecretOf(page)).Code()));
        Assert.Equal(HttpStatusCode.Redirect, right.StatusCode);
    }

    [Fact]
    public async Task A_key_that_was_made_for_someone_else_is_not_taken()
    {
        using var attacker = await SignedInAsync(Person.Patient(1).Email);
        var theirs = await attacker.OpenAsync("/account/authenticator/set-up");
        using var victim = await SignedInAsync(Person.Patient().Email);
        var page = await victim.OpenAsync("/account/authenticator/set-up");

        using var answer = await victim.SubmitAsync(page, ("Proof", ProofOf(theirs)), ("Code", new App(_host, SecretOf(theirs)).Code()));

        await AssertRefusedAsync(answer, "This page was open too long. Scan the new picture, then enter the code that your app shows");
    }

    [Fact]
    public async Task Recovery_codes_are_kept_as_hashes_shown_once_and_work_once()
    {
        using var browser = await SignedInAsync(Person.Patient().Email);
        var (_, codes) = await SetUpAsync(browser, "/account/authenticator/set-up");
        (await browser.SubmitAsync(await browser.OpenAsync("/account/recovery-codes"))).Dispose();
        Assert.Equal("/account/authenticator", (await browser.RedirectOfAsync("/account/recovery-codes")).OriginalString);

        using var first = await RecoverAsync(codes[0].ToUpperInvariant().Replace("-", " ", StringComparison.Ordinal));
        using var again = await RecoverAsync(codes[0]);
        using var second = await RecoverAsync(codes[1]);
        using var wrong = await RecoverAsync("aaaa-bbbb-cccc-dddd");

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        await AssertRefusedAsync(again, "That code is not right, or it has been used. Enter another of your recovery codes");
        Assert.Equal(HttpStatusCode.Redirect, second.StatusCode);
        await AssertRefusedAsync(wrong, "That code is not right, or it has been used. Enter another of your recovery codes");
        var page = await browser.OpenAsync("/account/authenticator");
        Assert.Contains("You have 8 recovery codes left.", page.Body?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task New_recovery_codes_replace_the_old_ones()
    {
        using var browser = await SignedInAsync(Person.Patient().Email);
        var (_, old) = await SetUpAsync(browser, "/account/authenticator/set-up");
        using var asked = await PressAsync(browser, "/account/authenticator", "NewCodes");
        var renewed = await CodesAsync(browser, asked);

        using var refused = await RecoverAsync(old[0]);
        using var accepted = await RecoverAsync(renewed[0]);

        Assert.Empty(old.Intersect(renewed));
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Equal(HttpStatusCode.Redirect, accepted.StatusCode);
    }

    [Fact]
    public async Task A_patient_may_do_without_again()
    {
        using var browser = await SignedInAsync(Person.Patient().Email);
        await SetUpAsync(browser, "/account/authenticator/set-up");

        (await PressAsync(browser, "/account/authenticator", "Remove")).Dispose();

        using var other = _host.OpenBrowser();
        using var afterPassword = await other.TrySignInAsync(Person.Patient().Email, Password);
        Assert.True(await IsSignedInAsync(other));
        var history = (await browser.OpenAsync("/account/devices")).Body?.TextContent;
        Assert.Contains("Authenticator app set up", history, StringComparison.Ordinal);
        Assert.Contains("Authenticator app removed", history, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_works_for_the_practice_is_not_offered_to_do_without_and_cannot()
    {
        using var browser = await SignedInAsync(EmailOf("staff"));
        var page = await browser.OpenAsync("/account/authenticator");
        Assert.DoesNotContain("Do without", page.Body?.TextContent, StringComparison.Ordinal);

        using var answer = await browser.Client.PostAsync("/account/authenticator?handler=Remove", Token(page), Cancellation);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        var staff = IdentityHost.People.People.First(person => person.Role == "staff").Subject;
        Assert.Equal(1, await _host.InDatabaseAsync(database => database.Authenticators.CountAsync(row => row.AccountId == staff, Cancellation)));
    }

    [Theory]
    [InlineData("/account/authenticator")]
    [InlineData("/account/authenticator/set-up")]
    public async Task A_sign_in_that_is_ten_minutes_old_is_asked_for_again_and_leads_back(string path)
    {
        using var browser = await SignedInAsync(Person.Patient().Email);
        _host.Clock.Advance(TimeSpan.FromMinutes(11));

        var asked = await browser.RedirectOfAsync(path);
        var page = await browser.OpenAsync(asked.OriginalString);
        using var signedIn = await browser.SubmitAsync(page, ("Password", Password));

        Assert.StartsWith(AskAgain, asked.OriginalString, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("Sign in again", page.QuerySelector("h1")?.TextContent);
        Assert.Equal(path, Location(signedIn));
        await browser.OpenAsync(path);
    }

    [Fact]
    public async Task A_form_that_was_opened_in_time_can_be_sent_ten_minutes_later()
    {
        using var browser = await SignedInAsync(Person.Patient().Email);
        var page = await browser.OpenAsync("/account/authenticator/set-up");
        _host.Clock.Advance(TimeSpan.FromMinutes(15));

        using var answer = await browser.SubmitAsync(page, ("Code", new App(_host, SecretOf(page)).Code()));

        Assert.Equal("/account/recovery-codes", Location(answer).Split('?')[0]);
    }

    [Fact]
    public async Task A_session_without_the_app_does_not_replace_the_app()
    {
        using var weak = await SignedInAsync(Person.Patient().Email);
        var app = await NewAppAsync(Person.Patient().Email);

        var asked = await weak.RedirectOfAsync("/account/authenticator/set-up");
        using var answer = await weak.SubmitAsync(await weak.OpenAsync(asked.OriginalString), ("Code", app.Code(step: 1)));

        Assert.StartsWith("/account/sign-in/code", asked.OriginalString, StringComparison.Ordinal);
        Assert.Equal("/account/authenticator/set-up", Location(answer));
        await weak.OpenAsync("/account/authenticator/set-up");
    }

    [Fact]
    public async Task An_application_that_wishes_for_a_code_has_it_asked_for()
    {
        using var weak = await SignedInAsync(Person.Patient().Email);
        var app = await NewAppAsync(Person.Patient().Email);
        var wish = Application.Web.AuthorizeUrl(("acr_values", "urn:example:unknown urn:telemedicine:acr:password+code"));

        var asked = await weak.RedirectOfAsync(wish);
        using var answer = await weak.SubmitAsync(await weak.OpenAsync(asked.OriginalString), ("Code", app.Code(step: 1)));

        Assert.StartsWith("/account/sign-in/code", asked.OriginalString, StringComparison.Ordinal);
        Assert.Contains("code", Browser.Query(await weak.RedirectOfAsync(Location(answer))).Keys);
    }

    [Theory]
    [InlineData("urn:telemedicine:acr:password+code", null)]
    [InlineData("urn:example:unknown", null)]
    [InlineData("urn:telemedicine:acr:password", null)]
    [InlineData("urn:telemedicine:acr:password+code", "none")]
    public async Task A_wish_that_cannot_be_fulfilled_stops_nobody_and_the_token_says_how_it_was(string wish, string? prompt)
    {
        using var browser = await SignedInAsync(Person.Patient().Email);

        var tokens = await Application.Web.SignInAsync(_host, browser, Person.Patient().Email, ("acr_values", wish), ("prompt", prompt ?? ""));

        Assert.Equal("urn:telemedicine:acr:password", tokens.Claims.GetProperty("acr").GetString());
    }

    [Fact]
    public async Task Demonstration_codes_are_shown_for_the_account_of_the_password_and_no_other()
    {
        using var nobody = _host.OpenBrowser();
        Assert.StartsWith("/account/sign-in", (await nobody.RedirectOfAsync("/account/sign-in/code")).OriginalString, StringComparison.Ordinal);

        using var browser = _host.OpenBrowser();
        using var first = await browser.TrySignInAsync(EmailOf("clinician"), Password);
        await browser.TakeSecondStepAsync(first);
        using var second = _host.OpenBrowser();
        using var next = await second.TrySignInAsync(EmailOf("clinician"), Password);
        await second.TakeSecondStepAsync(next);
        using var third = _host.OpenBrowser();
        using var usedUp = await third.TrySignInAsync(EmailOf("clinician"), Password);
        var page = await third.OpenAsync(Location(usedUp));
        Assert.Null(page.QuerySelector("[data-demonstration-code]"));
        Assert.Contains("Show the next code", page.Body?.TextContent, StringComparison.Ordinal);
        _host.Clock.Advance(TimeSpan.FromSeconds(30));
        await third.TakeSecondStepAsync(usedUp);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string EmailOf(string role) => IdentityHost.People.People.First(person => person.Role == role).Email;

    private static string Location(HttpResponseMessage response) =>
        response.Headers.Location?.OriginalString ?? throw new InvalidOperationException($"The answer leads nowhere: {response.StatusCode}.");

    private static string SecretOf(IHtmlDocument page) => page.QuerySelector("#secret")?.TextContent ?? "";

    private static string ProofOf(IHtmlDocument page) => page.QuerySelector<IHtmlInputElement>("input[name=Proof]")?.Value ?? "";

    private static FormUrlEncodedContent Token(IHtmlDocument page) =>
        new([KeyValuePair.Create("__RequestVerificationToken", page.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value)]);

    private static async Task<HttpResponseMessage> PressAsync(Browser browser, string path, string handler) =>
        await browser.Client.PostAsync($"{path}?handler={handler}", Token(await browser.OpenAsync(path)), Cancellation);

    private static async Task AssertRefusedAsync(HttpResponseMessage response, string message)
    {
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var page = await Browser.ReadAsync(response);
        Assert.Equal([message], page.QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
    }

    private static async Task<bool> IsSignedInAsync(Browser browser) =>
        Browser.Query(await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).ContainsKey("code");

    private static async Task<IReadOnlyList<string>> CodesAsync(Browser browser, HttpResponseMessage answer) =>
        [.. (await browser.OpenAsync(Location(answer))).QuerySelectorAll("main li code").Select(code => code.TextContent)];

    private async Task<Browser> SignedInAsync(string email)
    {
        var browser = _host.OpenBrowser();
        await browser.SignInAsync(email);
        return browser;
    }

    /// <summary>Gives an account an app, in a browser of its own.</summary>
    private async Task<App> NewAppAsync(string email)
    {
        using var browser = await SignedInAsync(email);
        return (await SetUpAsync(browser, "/account/authenticator/set-up")).App;
    }

    private async Task<(App App, IReadOnlyList<string> Codes)> SetUpAsync(Browser browser, string path)
    {
        var page = await browser.OpenAsync(path);
        var app = new App(_host, SecretOf(page));
        using var answer = await browser.SubmitAsync(page, ("Code", app.Code()));
        Assert.StartsWith("/account/recovery-codes", Location(answer), StringComparison.Ordinal);
        return (app, await CodesAsync(browser, answer));
    }

    /// <summary>The first patient's password, then this code.</summary>
    private static async Task<HttpResponseMessage> EnterAsync(IdentityHost host, string code)
    {
        using var browser = host.OpenBrowser();
        using var afterPassword = await browser.TrySignInAsync(Person.Patient().Email, Password);
        return await browser.SubmitAsync(await browser.OpenAsync(Location(afterPassword)), ("Code", code));
    }

    private async Task<HttpResponseMessage> RecoverAsync(string code)
    {
        using var browser = _host.OpenBrowser();
        (await browser.TrySignInAsync(Person.Patient().Email, Password)).Dispose();
        return await browser.SubmitAsync(await browser.OpenAsync("/account/sign-in/recovery-code"), ("Code", code));
    }
}
