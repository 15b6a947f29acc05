using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Passkeys;

/// <summary>Signing in with a passkey through the real pages, and every way in which its answer must not be believed.</summary>
public sealed class PasskeySignInTests : IAsyncDisposable
{
    private const string Refused = "That passkey was not accepted. Try again, or sign in another way";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Owner => Person.Patient().Email;

    [Theory]
    [InlineData(false, "hwk")]
    [InlineData(true, "swk")]
    public async Task A_passkey_signs_in_and_the_application_is_told_how(bool isSynchronised, string key)
    {
        using var passkey = await NewPasskeyAsync(Owner, new SoftwareAuthenticator(isSynchronised));
        using var browser = _host.OpenBrowser();
        var asked = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl());
        using var signedIn = await passkey.SignInAsync(browser, asked.OriginalString);

        var code = Browser.Query(await browser.RedirectOfAsync(signedIn.Headers.Location?.OriginalString ?? ""))["code"].ToString();

        using var channel = _host.OpenBackChannel();
        using var answer = await Application.Web.RedeemAsync(channel, code);
        var claims = (await Tokens.ReadAsync(answer)).Claims;
        Assert.Equal(Person.Patient().Subject.ToString(), claims.GetProperty("sub").GetString());
        Assert.Equal("urn:telemedicine:acr:passkey", claims.GetProperty("acr").GetString());
        Assert.Equal([key, "user", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(method => method.GetString()));
    }

    [Theory]
    [InlineData("clinician")]
    [InlineData("staff")]
    [InlineData("administrator")]
    public async Task Who_works_for_the_practice_needs_no_code_besides(string role)
    {
        var person = IdentityHost.People.People.First(person => person.Role == role);
        using var passkey = await NewPasskeyAsync(person.Email);
        using var browser = _host.OpenBrowser();

        using var signedIn = await passkey.SignInAsync(browser);

        Assert.Equal("/", signedIn.Headers.Location?.OriginalString);
        Assert.True(await IsSignedInAsync(browser));
        if (role == "administrator")
            await browser.OpenAsync("/administration");
    }

    [Fact]
    public async Task The_browser_is_asked_for_any_passkey_of_this_service_and_nothing_tells_who_has_one()
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var browser = _host.OpenBrowser();
        browser.Client.DefaultRequestHeaders.Host = "evil.example";
        var page = await browser.OpenAsync("/account/sign-in");

        var options = await SoftwareAuthenticator.OptionsAsync(browser, page);

        Assert.Equal("localhost", options.GetProperty("rpId").GetString());
        Assert.Equal("required", options.GetProperty("userVerification").GetString());
        Assert.True(!options.TryGetProperty("allowCredentials", out var allowed) || allowed.GetArrayLength() == 0);
        Assert.True(options.GetProperty("challenge").GetString()?.Length >= 22);
    }

    [Theory]
    [InlineData("another origin")]
    [InlineData("a frame of another site")]
    [InlineData("another challenge")]
    [InlineData("another relying party")]
    [InlineData("not unlocked")]
    [InlineData("nobody there")]
    [InlineData("unknown credential")]
    [InlineData("another person's credential")]
    [InlineData("another person's key")]
    [InlineData("no user handle")]
    public async Task An_answer_that_is_not_right_signs_nobody_in(string what)
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var others = await NewPasskeyAsync(Person.Patient(1).Email);
        switch (what)
        {
            case "another origin":
                passkey.Origin = "http://localhost:5080";
                break;
            case "a frame of another site":
                passkey.IsCrossOrigin = true;
                break;
            case "another challenge":
                passkey.Challenge = "AAAAAAAAAAAAAAAAAAAAAA";
                break;
            case "another relying party":
                passkey.RelyingParty = "evil.example";
                break;
            case "not unlocked":
                passkey.IsUserVerified = false;
                break;
            case "nobody there":
                passkey.IsUserPresent = false;
                break;
            case "unknown credential":
                passkey.CredentialId = new byte[32];
                break;
            case "another person's credential":
                passkey.UserHandle = others.UserHandle;
                break;
            case "another person's key":
                (passkey.CredentialId, passkey.UserHandle) = (others.CredentialId, others.UserHandle);
                break;
            default:
                passkey.UserHandle = null;
                break;
        }

        using var browser = _host.OpenBrowser();
        using var answer = await passkey.SignInAsync(browser);

        await AssertRefusedAsync(answer, Refused);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("not JSON")]
    [InlineData("""{"id":"AA","rawId":"AA","type":"public-key","response":{"clientDataJSON":"AA","authenticatorData":"AA","signature":"AA","userHandle":"AA"}}""")]
    public async Task What_is_no_answer_is_refused_in_words(string credential)
    {
        using var browser = _host.OpenBrowser();
        var page = await browser.OpenAsync("/account/sign-in");
        await SoftwareAuthenticator.OptionsAsync(browser, page);

        using var answer = await SoftwareAuthenticator.SendAsync(browser, page, credential);

        await AssertRefusedAsync(answer, credential.Length == 0 ? "Your browser did not send a passkey. Try again, or sign in another way" : Refused);
    }

    [Fact]
    public async Task An_answer_is_taken_once_even_with_a_copy_of_its_cookies_and_at_another_instance()
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var browser = _host.OpenBrowser();
        using var opened = await browser.GetAsync("/account/sign-in");
        var page = await Browser.ReadAsync(opened);
        using var asked = await browser.GetAsync(page.QuerySelector("[data-options]")?.GetAttribute("data-options") ?? "");
        var options = JsonDocument.Parse(await asked.Content.ReadAsStringAsync(Cancellation)).RootElement;
        var cookies = string.Join("; ", opened.Headers.GetValues("Set-Cookie").Concat(asked.Headers.GetValues("Set-Cookie")).Select(cookie => cookie.Split(';')[0]));
        var answer = passkey.Get(options);
        using var first = await SoftwareAuthenticator.SendAsync(browser, page, answer);
        await using var other = _host.AnotherInstance();

        foreach (var instance in new[] { _host, other })
        {
            using var thief = new Browser(instance.OpenBackChannel());
            thief.Client.DefaultRequestHeaders.Add("Cookie", cookies);
            using var again = await SoftwareAuthenticator.SendAsync(thief, page, answer);
            await AssertRefusedAsync(again, Refused);
        }

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
    }

    [Fact]
    public async Task A_challenge_is_good_for_five_minutes_and_for_its_purpose()
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var browser = _host.OpenBrowser();
        var page = await browser.OpenAsync("/account/sign-in");
        var late = passkey.Get(await SoftwareAuthenticator.OptionsAsync(browser, page));
        _host.Clock.Advance(TimeSpan.FromMinutes(6));
        using var tooLate = await SoftwareAuthenticator.SendAsync(browser, page, late);

        await browser.SignInAsync(Owner);
        var adding = await browser.OpenAsync("/account/passkeys/add");
        var forAdding = passkey.Get(await SoftwareAuthenticator.OptionsAsync(browser, adding));
        using var elsewhere = await SoftwareAuthenticator.SendAsync(browser, await browser.OpenAsync("/account/sign-in"), forAdding);

        await AssertRefusedAsync(tooLate, Refused);
        await AssertRefusedAsync(elsewhere, Refused);
    }

    [Theory]
    [InlineData(5u)]
    [InlineData(4u)]
    [InlineData(0u)]
    public async Task A_counter_that_does_not_rise_is_refused_and_its_owner_told(uint count)
    {
        using var passkey = await NewPasskeyAsync(Owner, new SoftwareAuthenticator { Count = 2 });
        passkey.Count = 4;
        using var first = await SignInAsync(passkey);
        passkey.Count = count - 1;

        using var copy = await SignInAsync(passkey);
        passkey.Count = 5;
        using var real = await SignInAsync(passkey);

        Assert.Equal(HttpStatusCode.Redirect, first.StatusCode);
        await AssertRefusedAsync(copy, Refused);
        Assert.Equal(HttpStatusCode.Redirect, real.StatusCode);
        Assert.Single(await _host.MailboxAsync(Owner), email => email.Subject == "A sign-in with your passkey was refused");
        Assert.Contains(await HistoryAsync(), type => type == AccountEventType.PasskeyMayBeCopied);
    }

    [Fact]
    public async Task A_passkey_that_counts_from_the_beginning_must_count_on()
    {
        using var passkey = await NewPasskeyAsync(Owner, new SoftwareAuthenticator { Count = 7 });
        passkey.Count = 6;

        using var copy = await SignInAsync(passkey);

        await AssertRefusedAsync(copy, Refused);
        Assert.Single(await _host.MailboxAsync(Owner), email => email.Subject == "A sign-in with your passkey was refused");
    }

    [Fact]
    public async Task A_passkey_that_does_not_count_signs_in_again_and_again()
    {
        using var passkey = await NewPasskeyAsync(Owner);

        for (var i = 0; i < 3; i++)
        {
            using var signedIn = await SignInAsync(passkey);
            Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        }
    }

    [Fact]
    public async Task Of_ten_answers_with_one_count_sent_at_once_one_signs_in()
    {
        using var passkey = await NewPasskeyAsync(Owner, new SoftwareAuthenticator { Count = 1 });
        var prepared = new List<Func<Task<HttpResponseMessage>>>();
        for (var i = 0; i < 10; i++)
        {
            passkey.Count = 1;
            var browser = _host.OpenBrowser();
            var page = await browser.OpenAsync("/account/sign-in");
            var answer = passkey.Get(await SoftwareAuthenticator.OptionsAsync(browser, page));
            prepared.Add(() => SoftwareAuthenticator.SendAsync(browser, page, answer));
        }

        var answers = await Task.WhenAll(prepared.Select(send => send()));

        Assert.Equal(1, answers.Count(answer => answer.StatusCode == HttpStatusCode.Redirect));
    }

    [Fact]
    public async Task An_account_that_is_switched_off_refuses_its_passkey_too()
    {
        using var passkey = await NewPasskeyAsync(Owner);
        await ChangeAsync(rows => rows.ExecuteUpdateAsync(row => row.SetProperty(account => account.DisabledAt, _host.Clock.GetUtcNow()), Cancellation));

        using var answer = await SignInAsync(passkey);

        await AssertRefusedAsync(answer, "This account is switched off. Ask your practice");
        Assert.Equal(AccountEventType.SignInRefused, (await HistoryAsync())[^1]);
    }

    [Fact]
    public async Task An_account_that_must_wait_waits_with_a_passkey_too()
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var guesser = _host.OpenBrowser();
        for (var i = 0; i < SignInAttempts.FreeFailures; i++)
            (await guesser.TrySignInAsync(Owner, "not the password")).Dispose();
        using var waiting = await SignInAsync(passkey);
        _host.Clock.Advance(TimeSpan.FromMinutes(2));

        using var later = await SignInAsync(passkey);

        await AssertRefusedAsync(waiting, "There were too many failed attempts to sign in to this account. Wait 15 minutes before you try again");
        Assert.Equal(HttpStatusCode.Redirect, later.StatusCode);
    }

    [Fact]
    public async Task A_sign_in_by_passkey_is_in_the_history_and_gives_a_new_cookie()
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var browser = _host.OpenBrowser();

        using var signedIn = await passkey.SignInAsync(browser);

        var cookies = signedIn.Headers.GetValues("Set-Cookie").ToList();
        Assert.Contains(cookies, cookie => cookie.StartsWith("telemedicine-identity=", StringComparison.Ordinal));
        Assert.Contains(cookies, cookie => cookie.StartsWith("telemedicine-identity-passkey=;", StringComparison.Ordinal));
        Assert.Equal(AccountEventType.SignedIn, (await HistoryAsync())[^1]);
    }

    [Fact]
    public async Task The_challenge_cookie_is_out_of_reach_of_scripts_and_of_other_sites()
    {
        using var browser = _host.OpenBrowser();

        using var asked = await browser.GetAsync("/account/sign-in/passkey?handler=Options");

        var cookie = Assert.Single(asked.Headers.GetValues("Set-Cookie"));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("urn:telemedicine:acr:password+code")]
    [InlineData("urn:telemedicine:acr:passkey")]
    [InlineData("urn:telemedicine:acr:passkey urn:telemedicine:acr:password+code")]
    public async Task A_passkey_serves_whoever_asks_for_a_code(string asked)
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var browser = _host.OpenBrowser();
        (await passkey.SignInAsync(browser)).Dispose();

        var location = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("acr_values", asked)));

        Assert.True(Browser.Query(location).ContainsKey("code"));
    }

    [Theory]
    [InlineData("urn:telemedicine:acr:password+code")]
    [InlineData("urn:telemedicine:acr:passkey")]
    public async Task Who_signed_in_with_a_password_alone_is_asked_for_their_passkey_when_the_application_wants_more(string asked)
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Owner);
        var location = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("acr_values", asked)));
        Assert.StartsWith("/account/sign-in/passkey?returnUrl=", location.OriginalString, StringComparison.Ordinal);

        using var raised = await passkey.SignInAsync(browser, location.OriginalString);

        var back = await browser.RedirectOfAsync(raised.Headers.Location?.OriginalString ?? "");
        Assert.True(Browser.Query(back).ContainsKey("code"));
    }

    [Fact]
    public async Task Who_does_not_have_their_passkey_at_hand_goes_on_with_a_password()
    {
        using var passkey = await NewPasskeyAsync(Owner);
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(Owner);
        var location = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("acr_values", "urn:telemedicine:acr:passkey")));
        var page = await browser.OpenAsync(location.OriginalString);
        var another = page.QuerySelector(".nhsuk-back-link")?.GetAttribute("href") ?? "";
        _host.Clock.Advance(TimeSpan.FromSeconds(1));

        using var again = await browser.TrySignInAsync(Owner, IdentityHost.People.Password, another);

        var back = await browser.RedirectOfAsync(again.Headers.Location?.OriginalString ?? "");
        Assert.True(Browser.Query(back).ContainsKey("code"));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, string message)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([message], (await Browser.ReadAsync(answer)).QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
    }

    private static async Task<bool> IsSignedInAsync(Browser browser) =>
        Browser.Query(await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).ContainsKey("code");

    private async Task<HttpResponseMessage> SignInAsync(SoftwareAuthenticator passkey)
    {
        using var browser = _host.OpenBrowser();
        return await passkey.SignInAsync(browser);
    }

    private async Task<SoftwareAuthenticator> NewPasskeyAsync(string email, SoftwareAuthenticator? passkey = null)
    {
        passkey ??= new SoftwareAuthenticator();
        using var browser = _host.OpenBrowser();
        await browser.SignInAsync(email);
        using var added = await passkey.RegisterAsync(browser);
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        return passkey;
    }

    private Task<List<AccountEventType>> HistoryAsync() => _host.InDatabaseAsync(database => database.AccountEvents
        .Where(happened => happened.AccountId == Person.Patient().Subject).OrderBy(happened => happened.Id).Select(happened => happened.Type).ToListAsync(Cancellation));

    private Task<int> ChangeAsync(Func<IQueryable<Account>, Task<int>> change) =>
        _host.InDatabaseAsync(database => change(database.Users.Where(account => account.Id == Person.Patient().Subject)));
}
