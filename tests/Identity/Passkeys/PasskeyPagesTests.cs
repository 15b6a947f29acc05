using System.Buffers.Text;
using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Passkeys;

/// <summary>The passkeys of one's account: adding, naming and removing them, and who else takes them away.</summary>
public sealed class PasskeyPagesTests : IAsyncDisposable
{
    private const string NotAdded = "The passkey was not added: your device's answer was not right, or came too late. Try again";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Owner => Person.Patient().Email;

    [Fact]
    public async Task A_passkey_is_added_listed_and_told_to_its_owner()
    {
        using var passkey = new SoftwareAuthenticator();
        using var browser = await SignedInAsync(Owner);

        using var added = await passkey.RegisterAsync(browser, " My <b>phone</b> ");

        var list = await browser.OpenAsync(added.Headers.Location?.OriginalString ?? "");
        Assert.Contains("The passkey is added.", list.Body?.TextContent, StringComparison.Ordinal);
        Assert.Equal("My <b>phone</b>", list.QuerySelector("dt")?.TextContent);
        Assert.Contains("Added 5 January 2026 at 09:00", Words(list.QuerySelector("dd")), StringComparison.Ordinal);
        Assert.Contains("Not used yet", list.Body?.TextContent, StringComparison.Ordinal);
        Assert.Single(await _host.MailboxAsync(Owner), email => email.Subject == "A passkey was added to your account");
        Assert.Contains("Passkey added", (await browser.OpenAsync("/account/devices")).Body?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_browser_is_asked_to_make_one_that_is_unlocked_and_known_by_this_service_alone()
    {
        using var first = await NewPasskeyAsync();
        using var browser = await SignedInAsync(Owner);
        browser.Client.DefaultRequestHeaders.Host = "evil.example";
        var page = await browser.OpenAsync("/account/passkeys/add");

        var options = await SoftwareAuthenticator.OptionsAsync(browser, page);

        Assert.Equal("localhost", options.GetProperty("rp").GetProperty("id").GetString());
        Assert.Equal("none", options.GetProperty("attestation").GetString());
        Assert.Equal("required", options.GetProperty("authenticatorSelection").GetProperty("userVerification").GetString());
        Assert.Equal("required", options.GetProperty("authenticatorSelection").GetProperty("residentKey").GetString());
        Assert.Equal(Owner, options.GetProperty("user").GetProperty("name").GetString());
        Assert.Equal([Base64Url.EncodeToString(first.CredentialId)], options.GetProperty("excludeCredentials").EnumerateArray().Select(one => one.GetProperty("id").GetString()));
    }

    [Fact]
    public async Task When_it_was_last_used_is_shown()
    {
        using var passkey = await NewPasskeyAsync();
        _host.Clock.Advance(TimeSpan.FromHours(1));
        using var browser = _host.OpenBrowser();
        (await passkey.SignInAsync(browser)).Dispose();

        var list = await browser.OpenAsync("/account/passkeys");

        Assert.Contains("Last used 5 January 2026 at 10:00", Words(list.QuerySelector("dd")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another origin")]
    [InlineData("another relying party")]
    [InlineData("another challenge")]
    [InlineData("not unlocked")]
    [InlineData("one that exists")]
    public async Task An_answer_that_is_not_right_adds_nothing(string what)
    {
        using var existing = await NewPasskeyAsync(Person.Patient(1).Email);
        using var passkey = new SoftwareAuthenticator { IsUserVerified = what != "not unlocked" };
        if (what == "another origin")
            passkey.Origin = "https://evil.example";
        if (what == "another relying party")
            passkey.RelyingParty = "evil.example";
        if (what == "another challenge")
            passkey.Challenge = "AAAAAAAAAAAAAAAAAAAAAA";
        if (what == "one that exists")
            passkey.CredentialId = existing.CredentialId;
        using var browser = await SignedInAsync(Owner);

        using var answer = await passkey.RegisterAsync(browser, "Typed name");

        await AssertRefusedAsync(answer, NotAdded);
        Assert.Equal("Typed name", (await Browser.ReadAsync(answer)).QuerySelector<IHtmlInputElement>("#Name")?.Value);
        Assert.Equal(1, await _host.InDatabaseAsync(database => database.Passkeys.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task An_answer_to_a_question_asked_of_another_account_adds_nothing()
    {
        using var passkey = new SoftwareAuthenticator();
        using var browser = await SignedInAsync(Person.Patient(1).Email);
        var answer = passkey.Create(await SoftwareAuthenticator.OptionsAsync(browser, await browser.OpenAsync("/account/passkeys/add")));
        await browser.SignInAsync(Owner);

        using var added = await browser.SubmitAsync(await browser.OpenAsync("/account/passkeys/add"), ("Name", "Phone"), ("Credential", answer));

        await AssertRefusedAsync(added, NotAdded);
    }

    [Theory]
    [InlineData("", "{}", "Enter a name for the passkey")]
    [InlineData("A name that is longer than sixty characters, which is the most there can be", "{}", "The name must be 60 characters or fewer")]
    [InlineData("Phone", "", "Your browser did not make a passkey. Try again, or try another browser or device")]
    [InlineData("Phone", "{}", NotAdded)]
    public async Task What_is_missing_is_told_beside_the_field(string name, string credential, string message)
    {
        using var browser = await SignedInAsync(Owner);
        var page = await browser.OpenAsync("/account/passkeys/add");

        using var answer = await browser.SubmitAsync(page, ("Name", name), ("Credential", credential));

        await AssertRefusedAsync(answer, message);
    }

    [Fact]
    public async Task There_are_twenty_at_most()
    {
        using var browser = await SignedInAsync(Owner);
        for (var i = 0; i < Telemedicine.Identity.Accounts.Passkeys.Most; i++)
        {
            using var passkey = new SoftwareAuthenticator();
            (await passkey.RegisterAsync(browser)).Dispose();
        }

        using var oneMore = new SoftwareAuthenticator();
        using var answer = await oneMore.RegisterAsync(browser);

        await AssertRefusedAsync(answer, "You have 20 passkeys, and cannot have more. Remove one first");
    }

    [Theory]
    [InlineData("add")]
    [InlineData("add?handler=Options")]
    [InlineData("{id}/remove")]
    public async Task Adding_and_removing_want_a_sign_in_of_the_last_ten_minutes(string page)
    {
        using var passkey = await NewPasskeyAsync();
        using var browser = await SignedInAsync(Owner);
        _host.Clock.Advance(TimeSpan.FromMinutes(11));

        var asked = await browser.RedirectOfAsync("/account/passkeys/" + page.Replace("{id}", IdOf(passkey), StringComparison.Ordinal));

        Assert.StartsWith("/account/sign-in?returnUrl=", asked.OriginalString, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_passkey_gets_another_name()
    {
        using var passkey = await NewPasskeyAsync();
        using var browser = await SignedInAsync(Owner);
        var page = await browser.OpenAsync($"/account/passkeys/{IdOf(passkey)}");
        using var missing = await browser.SubmitAsync(page, ("Name", " "));

        using var renamed = await browser.SubmitAsync(page, ("Name", "Key on my ring"));

        await AssertRefusedAsync(missing, "Enter a name for the passkey");
        Assert.Equal("Key on my ring", (await browser.OpenAsync(renamed.Headers.Location?.OriginalString ?? "")).QuerySelector("dt")?.TextContent);
    }

    [Fact]
    public async Task A_removed_passkey_signs_nobody_in_and_its_owner_is_told()
    {
        using var passkey = await NewPasskeyAsync();
        using var browser = await SignedInAsync(Owner);
        var page = await browser.OpenAsync($"/account/passkeys/{IdOf(passkey)}/remove");
        Assert.Equal("Remove this passkey?", page.QuerySelector("h1")?.TextContent);

        using var removed = await browser.SubmitAsync(page);

        Assert.Contains("You have no passkeys.", (await browser.OpenAsync(removed.Headers.Location?.OriginalString ?? "")).Body?.TextContent, StringComparison.Ordinal);
        using var anew = _host.OpenBrowser();
        using var signedIn = await passkey.SignInAsync(anew);
        Assert.Equal(HttpStatusCode.BadRequest, signedIn.StatusCode);
        Assert.Single(await _host.MailboxAsync(Owner), email => email.Subject == "A passkey was removed from your account");
    }

    [Fact]
    public async Task The_last_way_to_sign_in_is_not_removed()
    {
        using var passkey = await NewPasskeyAsync();
        using var browser = await SignedInAsync(Owner);
        var address = $"/account/passkeys/{IdOf(passkey)}/remove";
        var opened = await browser.OpenAsync(address);
        await _host.InDatabaseAsync(database => database.Users.Where(account => account.Id == Person.Patient().Subject)
            .ExecuteUpdateAsync(row => row.SetProperty(account => account.PasswordHash, (string?)null), Cancellation));

        using var kept = await browser.SubmitAsync(opened);
        var page = await browser.OpenAsync(kept.Headers.Location?.OriginalString ?? "");
        using var another = new SoftwareAuthenticator();
        (await another.RegisterAsync(browser)).Dispose();
        using var removed = await browser.SubmitAsync(await browser.OpenAsync(address));

        Assert.Equal("This is your only way to sign in", page.QuerySelector("h1")?.TextContent);
        Assert.Equal("/account/passkeys", removed.Headers.Location?.OriginalString);
        Assert.Equal(1, await _host.InDatabaseAsync(database => database.Passkeys.CountAsync(Cancellation)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("/remove")]
    public async Task Anybody_elses_passkey_is_not_found(string page)
    {
        using var others = await NewPasskeyAsync(Person.Patient(1).Email);
        using var browser = await SignedInAsync(Owner);
        var own = await browser.OpenAsync("/account/passkeys/add");
        var address = $"/account/passkeys/{IdOf(others)}{page}";

        await browser.OpenAsync(address, HttpStatusCode.NotFound);
        await browser.OpenAsync("/account/passkeys/not*base64url" + page, HttpStatusCode.NotFound);
        var token = own.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value ?? "";
        using var sent = await browser.Client.PostAsync(address, new FormUrlEncodedContent([KeyValuePair.Create("__RequestVerificationToken", token), KeyValuePair.Create("Name", "Mine")]), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, sent.StatusCode);
        Assert.Equal("My phone", await _host.InDatabaseAsync(database => database.Passkeys.Select(row => row.Name).SingleAsync(Cancellation)));
    }

    [Fact]
    public async Task An_administrator_who_resets_the_second_factor_takes_passkeys_away_too()
    {
        var clinician = Person.Clinician();
        using var passkey = await NewPasskeyAsync(clinician.Email);
        using var administrator = await SignedInAsync(IdentityHost.People.People.First(person => person.Role == "administrator").Email);
        var person = await administrator.OpenAsync($"/administration/people/{clinician.Subject}");
        Assert.Contains("App set up, 1 passkey", person.Body?.TextContent, StringComparison.Ordinal);

        using var reset = await administrator.SubmitAsync(await administrator.OpenAsync($"/administration/people/{clinician.Subject}/reset-authenticator"), ("Reason", "Lost their phone"));

        using var anew = _host.OpenBrowser();
        using var signedIn = await passkey.SignInAsync(anew);
        Assert.Equal(HttpStatusCode.BadRequest, signedIn.StatusCode);
        Assert.Contains("No app, no passkeys", (await administrator.OpenAsync(reset.Headers.Location?.OriginalString ?? "")).Body?.TextContent, StringComparison.Ordinal);
        var entry = await _host.InDatabaseAsync(database => database.AuditEntries.SingleAsync(Cancellation));
        Assert.Equal((AdministrationAct.AuthenticatorReset, "and passkeys removed: 1"), (entry.Act, entry.Detail));
        Assert.Single(await _host.MailboxAsync(clinician.Email), email => email.Subject == "A passkey was removed from your account");
    }

    [Fact]
    public async Task The_old_mailbox_that_takes_the_account_back_leaves_no_passkey_of_whoever_had_it()
    {
        using var browser = await SignedInAsync(Owner);
        (await browser.SubmitAsync(await browser.OpenAsync("/account/email"), ("NewEmail", "thief@example.org"), ("Email", "thief@example.org"), ("Password", IdentityHost.People.Password))).Dispose();
        var confirm = Assert.Single(await _host.MailboxAsync("thief@example.org")).Link;
        (await browser.SubmitAsync(await browser.OpenAsync(confirm))).Dispose();
        using var passkey = new SoftwareAuthenticator();
        (await passkey.RegisterAsync(browser)).Dispose();

        using var owner = _host.OpenBrowser();
        var undo = Assert.Single(await _host.MailboxAsync(Owner), email => email.Subject == "Your email address was changed").Link;
        (await owner.SubmitAsync(await owner.OpenAsync(undo))).Dispose();

        using var anew = _host.OpenBrowser();
        using var signedIn = await passkey.SignInAsync(anew);
        Assert.Equal(HttpStatusCode.BadRequest, signedIn.StatusCode);
        Assert.Equal(0, await _host.InDatabaseAsync(database => database.Set<IdentityUserPasskey<Guid>>().CountAsync(Cancellation)));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string IdOf(SoftwareAuthenticator passkey) => Base64Url.EncodeToString(passkey.CredentialId);

    private static string Words(IElement? element) => string.Join(' ', (element?.TextContent ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private static async Task AssertRefusedAsync(HttpResponseMessage answer, string message)
    {
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([message], (await Browser.ReadAsync(answer)).QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
    }

    private async Task<Browser> SignedInAsync(string email)
    {
        var browser = _host.OpenBrowser();
        await browser.SignInAsync(email);
        return browser;
    }

    private async Task<SoftwareAuthenticator> NewPasskeyAsync(string? email = null)
    {
        var passkey = new SoftwareAuthenticator();
        using var browser = await SignedInAsync(email ?? Owner);
        using var added = await passkey.RegisterAsync(browser);
        Assert.Equal(HttpStatusCode.Redirect, added.StatusCode);
        return passkey;
    }
}
