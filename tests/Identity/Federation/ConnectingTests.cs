using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Tests.Support;
using Browser = Telemedicine.Identity.Tests.Support.Browser;

namespace Telemedicine.Identity.Tests.Federation;

/// <summary>Nothing connects an account with a provider but the account's owner, who has proved both.</summary>
public sealed class ConnectingTests : FederationTest
{
    private static string Patient => Person.Patient().Email;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_address_of_an_account_never_connects_by_itself(bool verified)
    {
        using var browser = Host.OpenBrowser();
        var attacker = new PersonElsewhere("sub-attacker", Patient, verified);

        using var response = await ContinueAsync(browser, attacker);
        var page = await Browser.ReadAsync(response);

        Assert.Equal("You have not used Health login here before", page.QuerySelector("h1")?.TextContent);
        if (verified)
        {
            using var refused = await browser.SubmitAsync(page);
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains("There is an account with your email address. Sign in to it", (await Browser.ReadAsync(refused)).QuerySelector(".nhsuk-error-summary")?.TextContent, StringComparison.Ordinal);
        }

        Assert.False(await IsSignedInAsync(browser));
        Assert.Empty(await Host.InDatabaseAsync(database => database.UserLogins.ToListAsync()));
    }

    [Fact]
    public async Task An_unverified_address_is_told_the_same_whether_it_has_an_account()
    {
        using var browser = Host.OpenBrowser();
        using var known = await ContinueAsync(browser, new PersonElsewhere("sub-1", Patient, EmailVerified: false));
        using var unknown = await ContinueAsync(browser, new PersonElsewhere("sub-2", "nobody@example.org", EmailVerified: false));

        var (first, second) = (await Browser.ReadAsync(known), await Browser.ReadAsync(unknown));

        Assert.Equal(first.QuerySelector("main")?.InnerHtml, second.QuerySelector("main")?.InnerHtml);
        Assert.Null(first.QuerySelector("form"));
    }

    [Fact]
    public async Task Who_signs_in_to_their_account_and_says_yes_is_connected_told_and_signed_in_from_then_on()
    {
        using var browser = Host.OpenBrowser();
        var ines = new PersonElsewhere("sub-margaret", "another.address@example.org");
        using var response = await ContinueAsync(browser, ines, With + "?returnUrl=%2Faccount%2Fdevices");
        var signIn = (await Browser.ReadAsync(response)).QuerySelector("#connect a")?.GetAttribute("href") ?? "";

        using var signedIn = await browser.TrySignInAsync(Patient, IdentityHost.People.Password, signIn);
        var page = await browser.OpenAsync(Local(signedIn));
        var before = await Host.InDatabaseAsync(database => database.UserLogins.CountAsync());
        using var connected = await browser.SubmitAsync(page);

        Assert.Contains(Patient, page.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("another.address@example.org", page.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(0, before);
        Assert.Equal("/account/devices", Local(connected));
        using var another = Host.OpenBrowser();
        using var again = await ContinueAsync(another, ines);
        Assert.Equal(Patient, (await ClaimsAsync(another)).GetProperty("email").GetString());
        Assert.Contains("Another service was connected", (await another.OpenAsync("/account/devices")).QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.Equal("A new way to sign in", (await Host.MailboxAsync(Patient))[0].Subject);
        var entry = Assert.Single(await Host.InDatabaseAsync(database => database.AuditEntries.Where(one => one.Act == AdministrationAct.ProviderConnected).ToListAsync()));
        Assert.Equal(("health-login", entry.ActorId), (entry.Detail, entry.SubjectId));
    }

    [Fact]
    public async Task Without_a_yes_nothing_is_connected_and_a_link_or_another_sites_form_is_no_yes()
    {
        using var browser = Host.OpenBrowser();
        await browser.SignInAsync(Patient);
        using var response = await ContinueAsync(browser, Newcomer, "/account/providers?handler=Connect&id=health-login");

        using var forged = await browser.Client.PostAsync("/account/providers/confirm", new FormUrlEncodedContent([]), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        Assert.Empty(await Host.InDatabaseAsync(database => database.UserLogins.ToListAsync()));
    }

    [Fact]
    public async Task An_old_sign_in_does_not_do_to_connect_or_disconnect()
    {
        using var browser = Host.OpenBrowser();
        await browser.SignInAsync(Patient);
        await ConnectAsync(browser, Newcomer);
        var page = await browser.OpenAsync("/account/providers");
        Host.Clock.Advance(TimeSpan.FromMinutes(21));

        var look = await browser.RedirectOfAsync("/account/providers?handler=Connect&id=health-login");
        using var disconnect = await browser.SubmitAsync(page);

        Assert.StartsWith("/account/sign-in?", look.OriginalString, StringComparison.Ordinal);
        Assert.StartsWith("/account/sign-in?", Local(disconnect), StringComparison.Ordinal);
        Assert.Single(await Host.InDatabaseAsync(database => database.UserLogins.ToListAsync()));
    }

    [Fact]
    public async Task Somebody_elsewhere_belongs_to_one_account_and_an_account_to_one_person_there()
    {
        using var first = Host.OpenBrowser();
        await first.SignInAsync(Patient);
        await ConnectAsync(first, Newcomer);
        using var second = Host.OpenBrowser();
        await second.SignInAsync(Person.Patient(1).Email);

        using var taken = await second.SubmitAsync(await Browser.ReadAsync(await ContinueAsync(second, Newcomer, "/account/providers?handler=Connect&id=health-login")));
        using var more = await first.SubmitAsync(await Browser.ReadAsync(await ContinueAsync(first, Newcomer with { Subject = "sub-other" }, "/account/providers?handler=Connect&id=health-login")));

        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.BadRequest), (taken.StatusCode, more.StatusCode));
        Assert.Contains("is connected with another account here", (await Browser.ReadAsync(taken)).QuerySelector(".nhsuk-error-summary")?.TextContent, StringComparison.Ordinal);
        Assert.Contains("is connected with another person at Health login", (await Browser.ReadAsync(more)).QuerySelector(".nhsuk-error-summary")?.TextContent, StringComparison.Ordinal);
        Assert.Single(await Host.InDatabaseAsync(database => database.UserLogins.ToListAsync()));
    }

    [Fact]
    public async Task Disconnecting_ends_other_sessions_and_the_way_in()
    {
        using var browser = Host.OpenBrowser();
        await browser.SignInAsync(Patient);
        await ConnectAsync(browser, Newcomer);
        using var elsewhere = Host.OpenBrowser();
        (await ContinueAsync(elsewhere, Newcomer)).Dispose();
        Assert.True(await IsSignedInAsync(elsewhere));

        using var done = await browser.SubmitAsync(await browser.OpenAsync("/account/providers"));

        Assert.Equal("/account/providers", Local(done));
        Assert.True(await IsSignedInAsync(browser));
        Assert.False(await IsSignedInAsync(elsewhere));
        using var again = await ContinueAsync(elsewhere, Newcomer);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);
        Assert.False(await IsSignedInAsync(elsewhere));
        Assert.Single(await Host.InDatabaseAsync(database => database.AuditEntries.Where(one => one.Act == AdministrationAct.ProviderDisconnected).ToListAsync()));
    }

    [Fact]
    public async Task The_last_way_in_stays()
    {
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);

        using var refused = await browser.SubmitAsync(await browser.OpenAsync("/account/providers"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("is your only way to sign in", (await Browser.ReadAsync(refused)).QuerySelector(".nhsuk-error-summary")?.TextContent, StringComparison.Ordinal);
        Assert.Single(await Host.InDatabaseAsync(database => database.UserLogins.ToListAsync()));
    }

    [Fact]
    public async Task Without_a_password_a_fresh_sign_in_is_the_proof_to_change_the_address_and_to_close_the_account()
    {
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);

        var password = await browser.OpenAsync("/account/password");
        using var changed = await browser.SubmitAsync(await browser.OpenAsync("/account/email"), ("NewEmail", "new@example.org"));
        using var closed = await browser.SubmitAsync(await browser.OpenAsync("/account/close"), ("Confirmed", "true"));

        Assert.Contains("Your account has no password", password.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.Equal("/", Local(changed));
        Assert.Equal("/account/closed", Local(closed));
        Assert.Empty(await Host.InDatabaseAsync(database => database.UserLogins.ToListAsync()));
    }

    [Fact]
    public async Task Nobody_prepares_an_account_for_the_owner_of_an_address_to_come_into()
    {
        using var attacker = Host.OpenBrowser();
        using var prepared = await attacker.SubmitAsync(
            await attacker.OpenAsync("/account/register"), ("GivenName", "An"), ("FamilyName", "Attacker"), ("Email", "ines@example.org"), ("Password", "teapot-gravel-envelope"));
        var link = Assert.Single(await Host.MailboxAsync("ines@example.org")).Link;
        using var browser = Host.OpenBrowser();
        await RegisterAsync(browser, Newcomer);

        using var password = await attacker.TrySignInAsync("ines@example.org", "teapot-gravel-envelope");
        using var confirm = await attacker.GetAsync(link);

        Assert.Equal(HttpStatusCode.BadRequest, password.StatusCode);
        Assert.Equal("/account/link-over", Local(confirm));
        Assert.Equal("Ines", (await ClaimsAsync(browser)).GetProperty("given_name").GetString());
    }

    [Fact]
    public async Task Who_is_not_vouched_for_makes_an_account_with_an_email_and_connects_it_then()
    {
        using var browser = Host.OpenBrowser();
        var ines = Newcomer with { EmailVerified = false };
        using var response = await ContinueAsync(browser, ines);
        var links = (await Browser.ReadAsync(response)).QuerySelectorAll("main a").Select(link => link.GetAttribute("href") ?? "").ToList();
        var register = await browser.OpenAsync(Assert.Single(links, link => link.StartsWith("/account/register", StringComparison.Ordinal)));
        using var asked = await browser.SubmitAsync(register, ("Password", "teapot-gravel-envelope"));
        var confirm = await browser.OpenAsync(Assert.Single(await Host.MailboxAsync("ines@example.org")).Link);
        using var confirmed = await browser.SubmitAsync(confirm, ("Password", "teapot-gravel-envelope"));

        using var connected = await browser.SubmitAsync(await browser.OpenAsync(Local(confirmed)));

        Assert.Equal("/account/providers", Local(connected));
        using var another = Host.OpenBrowser();
        using var again = await ContinueAsync(another, ines);
        Assert.True(await IsSignedInAsync(another));
    }

    [Fact]
    public async Task A_provider_that_may_not_bring_anybody_new_makes_no_account()
    {
        Host.Overrides["Federation:0:MayRegister"] = "false";
        using var browser = Host.OpenBrowser();

        using var response = await ContinueAsync(browser, Newcomer);
        var page = await Browser.ReadAsync(response);

        Assert.Null(page.QuerySelector("form"));
        Assert.Contains("Ask your practice for an account", page.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Undoing_a_change_of_address_takes_the_ways_in_through_providers_away()
    {
        using var browser = Host.OpenBrowser();
        await browser.SignInAsync(Patient);
        await ConnectAsync(browser, Newcomer);
        using var changed = await browser.SubmitAsync(await browser.OpenAsync("/account/email"), ("NewEmail", "new@example.org"), ("Password", IdentityHost.People.Password));
        using var confirmed = await browser.SubmitAsync(await browser.OpenAsync((await Host.MailboxAsync("new@example.org"))[0].Link));
        using var undone = await browser.SubmitAsync(await browser.OpenAsync((await Host.MailboxAsync(Patient)).Single(email => email.Subject == "Your email address was changed").Link));

        Assert.Empty(await Host.InDatabaseAsync(database => database.UserLogins.ToListAsync()));
    }
}
