using System.Net;
using AngleSharp.Dom;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Federation;

/// <summary>What a provider's word is worth: for whom, and how much.</summary>
public sealed class AssuranceTests : FederationTest
{
    private static string Clinician => Person.Clinician().Email;

    [Fact]
    public async Task A_clinician_still_enters_a_code()
    {
        using var browser = await ConnectedAsync(Clinician);

        using var response = await ContinueAsync(browser, Newcomer);
        var before = await IsSignedInAsync(browser);
        await browser.TakeSecondStepAsync(response);
        var claims = await ClaimsAsync(browser);

        Assert.StartsWith("/account/sign-in/code", Local(response), StringComparison.Ordinal);
        Assert.False(before);
        Assert.Equal("urn:telemedicine:acr:password+code", claims.GetProperty("acr").GetString());
        Assert.Equal(["otp", "mfa"], claims.GetProperty("amr").EnumerateArray().Select(one => one.GetString()));
    }

    [Theory]
    [InlineData("strong", true)]
    [InlineData("weak", false)]
    [InlineData("stronger strong", false)]
    public async Task Two_factors_there_count_as_two_here_when_the_settings_say_so(string acr, bool counts)
    {
        using var browser = await ConnectedAsync(Clinician);
        Elsewhere.BendIdToken = token => token.Claims["acr"] = acr;

        using var response = await ContinueAsync(browser, Newcomer);

        Assert.Equal(counts, await IsSignedInAsync(browser));
        if (counts)
            Assert.Equal("urn:telemedicine:acr:password+code", (await ClaimsAsync(browser)).GetProperty("acr").GetString());
        else
            Assert.StartsWith("/account/sign-in/code", Local(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Assurance_is_the_ID_tokens_to_tell_and_not_userinfos()
    {
        using var browser = await ConnectedAsync(Clinician);
        Elsewhere.ThinIdTokens = true;
        Elsewhere.MoreClaims["acr"] = "strong";

        using var response = await ContinueAsync(browser, Newcomer);

        Assert.StartsWith("/account/sign-in/code", Local(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_clinician_without_an_app_sets_one_up()
    {
        using var browser = await ConnectedAsync(Clinician);
        await Host.InDatabaseAsync(database => database.Authenticators.ExecuteDeleteAsync());

        using var response = await ContinueAsync(browser, Newcomer);

        Assert.StartsWith("/account/authenticator/set-up", Local(response), StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(browser));
    }

    [Fact]
    public async Task Assurance_that_the_settings_require_and_the_token_lacks_signs_nobody_in()
    {
        Host.Overrides["Federation:0:Requires:vot"] = "P9.Cp.Cd P9.Cp.Ck";
        using var browser = Host.OpenBrowser();
        using var without = await ContinueAsync(browser, Newcomer);
        Elsewhere.BendIdToken = token => token.Claims["vot"] = "P5.Cp.Cd";
        using var less = await ContinueAsync(browser, Newcomer);
        Elsewhere.BendIdToken = token => token.Claims["vot"] = "P9.Cp.Ck";
        using var enough = await ContinueAsync(browser, Newcomer);

        await AssertNotSignedInAsync(browser, without, "did not tell us enough about who you are");
        await AssertNotSignedInAsync(browser, less, "did not tell us enough about who you are");
        Assert.NotNull((await Browser.ReadAsync(enough)).QuerySelector("form"));
    }

    [Fact]
    public async Task A_provider_for_others_signs_nobody_in_who_has_come_to_have_another_role()
    {
        using var browser = await ConnectedAsync(Clinician);
        await Host.InDatabaseAsync(database => database.UserRoles
            .Where(row => database.Users.Any(account => account.Id == row.UserId && account.Email == Clinician))
            .ExecuteUpdateAsync(row => row.SetProperty(role => role.RoleId, database.Roles.Single(one => one.Name == Roles.Administrator).Id)));

        using var response = await ContinueAsync(browser, Newcomer);

        await AssertNotSignedInAsync(browser, await browser.GetAsync(Local(response)), "You cannot use Health login for this account");
    }

    [Fact]
    public async Task Who_may_not_use_a_provider_is_not_offered_to_connect_it_and_cannot()
    {
        Host.Overrides["Federation:0:Roles"] = "patient";
        using var browser = Host.OpenBrowser();
        using var before = await ContinueAsync(browser, Newcomer);
        await browser.SignInAsync(Clinician);

        var page = await browser.OpenAsync("/account/providers");
        using var begun = await browser.GetAsync("/account/providers?handler=Connect&id=health-login");
        using var refused = await browser.SubmitAsync(await browser.OpenAsync("/account/providers/confirm"));

        Assert.DoesNotContain("Connect Health login", page.QuerySelector("main")?.TextContent, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, begun.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("You cannot use Health login for this account", (await Browser.ReadAsync(refused)).QuerySelector(".nhsuk-error-summary")?.TextContent, StringComparison.Ordinal);
        Assert.Empty(await Host.InDatabaseAsync(database => database.UserLogins.ToListAsync()));
    }

    [Theory]
    [InlineData(true, "This account is switched off")]
    [InlineData(false, "There were too many wrong passwords or codes")]
    public async Task An_account_that_is_switched_off_or_must_wait_is_not_signed_in_to(bool disabled, string text)
    {
        using var browser = await ConnectedAsync(Person.Patient().Email);
        var now = Host.Clock.GetUtcNow();
        await Host.InDatabaseAsync(database => database.Users.Where(account => account.Email == Person.Patient().Email).ExecuteUpdateAsync(row => row
            .SetProperty(account => account.DisabledAt, disabled ? now : null)
            .SetProperty(account => account.LockoutEnd, disabled ? null : now.AddMinutes(5))));

        using var response = await ContinueAsync(browser, Newcomer);

        await AssertNotSignedInAsync(browser, await browser.GetAsync(Local(response)), text);
    }

    [Fact]
    public async Task An_app_that_is_added_later_is_asked_for_when_an_application_wants_it()
    {
        using var browser = await ConnectedAsync(Person.Patient().Email);
        (await ContinueAsync(browser, Newcomer)).Dispose();
        using var other = Host.OpenBrowser();
        await other.SignInAsync(Person.Patient().Email);
        var setUp = await other.OpenAsync("/account/authenticator/set-up");
        (await other.SubmitAsync(setUp, ("Code", App.Code(Host, setUp)))).Dispose();

        var step = await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("acr_values", "urn:telemedicine:acr:password+code")));

        Assert.StartsWith("/account/sign-in/code", step.OriginalString, StringComparison.Ordinal);
    }

    /// <summary>A browser without a session, and an account that is connected with <see cref="FederationTest.Newcomer"/>.</summary>
    private async Task<Browser> ConnectedAsync(string email)
    {
        using var owner = Host.OpenBrowser();
        await owner.SignInAsync(email);
        await ConnectAsync(owner, Newcomer);
        return Host.OpenBrowser();
    }
}
