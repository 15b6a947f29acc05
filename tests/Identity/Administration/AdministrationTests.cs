using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Demonstration;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Administration;

/// <summary>What administrators do to others' accounts, and who may not.</summary>
public sealed class AdministrationTests : IAsyncDisposable
{
    private const string Reason = "Left the practice";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static DemonstrationPerson Administrator => IdentityHost.People.People.First(person => person.Role == "administrator");

    private static DemonstrationPerson Clinician => Person.Clinician();

    public static TheoryData<string> Pages => new(Addresses());

    public static TheoryData<string, string> PagesAndRoles
    {
        get
        {
            var data = new TheoryData<string, string>();
            foreach (var role in new[] { "patient", "clinician", "staff" })
            {
                foreach (var address in Addresses())
                    data.Add(address, role);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Nobody_opens_a_page_of_it_without_signing_in(string address)
    {
        using var browser = _host.OpenBrowser();

        Assert.StartsWith("/account/sign-in", (await browser.RedirectOfAsync(address)).OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(PagesAndRoles))]
    public async Task No_one_but_an_administrator_opens_or_sends_it(string address, string role)
    {
        using var browser = await SignedInAsync(IdentityHost.People.People.First(person => person.Role == role).Email);
        var own = await browser.OpenAsync("/account/password");

        await browser.OpenAsync(address, HttpStatusCode.Forbidden);
        using var sent = await browser.Client.PostAsync(address, Form(own, ("Reason", Reason), ("Role", "administrator")), Cancellation);

        Assert.Equal(HttpStatusCode.Forbidden, sent.StatusCode);
        Assert.Equal(0, await _host.InDatabaseAsync(database => database.AuditEntries.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task Who_is_no_administrator_any_more_is_kept_out_at_once()
    {
        using var browser = await SignedInAsync(Administrator.Email);
        await browser.OpenAsync("/administration");
        await _host.InDatabaseAsync(database => database.UserRoles.Where(row => row.UserId == Administrator.Subject).ExecuteDeleteAsync(Cancellation));

        await browser.OpenAsync("/administration", HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_list_shows_who_works_for_the_practice_and_the_search_anybody()
    {
        using var browser = await SignedInAsync(Administrator.Email);

        var all = Text(await browser.OpenAsync("/administration"));
        var byName = Text(await browser.OpenAsync("/administration?search=marg+hug"));
        var byAddress = Text(await browser.OpenAsync($"/administration?search={Uri.EscapeDataString(Person.Patient().Email.ToUpperInvariant())}"));
        var byPartOfAddress = Text(await browser.OpenAsync("/administration?search=example.com"));
        var odd = Text(await browser.OpenAsync("/administration?search=%5C+_+%5B"));
        var wild = Text(await browser.OpenAsync("/administration?search=%25"));

        Assert.Contains(Clinician.Email, all, StringComparison.Ordinal);
        Assert.DoesNotContain(Person.Patient().Email, all, StringComparison.Ordinal);
        Assert.Contains(Person.Patient().Email, byName, StringComparison.Ordinal);
        Assert.Contains(Person.Patient().Email, byAddress, StringComparison.Ordinal);
        Assert.Contains("Nobody.", byPartOfAddress, StringComparison.Ordinal);
        Assert.Contains("Nobody.", odd, StringComparison.Ordinal);
        Assert.Contains("Nobody.", wild, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_disabled_account_is_signed_out_at_once_and_stays_out_until_it_is_enabled()
    {
        using var clinician = await SignedInAsync(Clinician.Email);
        var tokens = await Application.Web.SignInAsync(_host, clinician, Clinician.Email);
        using var administrator = await SignedInAsync(Administrator.Email);

        await ActAsync(administrator, Clinician.Subject, "disable");

        Assert.False(await IsSignedInAsync(clinician));
        using var channel = _host.OpenBackChannel();
        using var userInfo = await Application.UserInfoAsync(channel, tokens.AccessToken);
        Assert.Equal(HttpStatusCode.Unauthorized, userInfo.StatusCode);
        using var refresh = await Application.Web.RefreshAsync(channel, tokens.Body.TryGetProperty("refresh_token", out var token) ? token.GetString() ?? "" : "none");
        Assert.Equal(HttpStatusCode.BadRequest, refresh.StatusCode);
        using var again = _host.OpenBrowser();
        using var refused = await again.TrySignInAsync(Clinician.Email, IdentityHost.People.Password);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Contains("This account is switched off. Ask your practice", Text(await Browser.ReadAsync(refused)), StringComparison.Ordinal);

        await ActAsync(administrator, Clinician.Subject, "enable");
        _host.Clock.Advance(TimeSpan.FromSeconds(30));
        await again.SignInAsync(Clinician.Email);
        Assert.True(await IsSignedInAsync(again));
    }

    [Fact]
    public async Task A_wrong_password_is_not_told_that_the_account_is_switched_off()
    {
        using var administrator = await SignedInAsync(Administrator.Email);
        await ActAsync(administrator, Clinician.Subject, "disable");
        using var stranger = _host.OpenBrowser();

        using var answer = await stranger.TrySignInAsync(Clinician.Email, "a guess");

        Assert.DoesNotContain("switched off", Text(await Browser.ReadAsync(answer)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_account_that_is_disabled_between_password_and_code_stays_out()
    {
        using var clinician = _host.OpenBrowser();
        using var afterPassword = await clinician.TrySignInAsync(Clinician.Email, IdentityHost.People.Password);
        var page = await clinician.OpenAsync(afterPassword.Headers.Location?.OriginalString ?? "");
        using var administrator = await SignedInAsync(Administrator.Email);
        await ActAsync(administrator, Clinician.Subject, "disable");

        using var answer = await clinician.SubmitAsync(page, ("Code", page.QuerySelector("[data-demonstration-code]")?.TextContent ?? ""));

        Assert.StartsWith("/account/sign-in", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.False(await IsSignedInAsync(clinician));
    }

    [Fact]
    public async Task A_changed_role_signs_out_and_is_in_the_next_token()
    {
        using var clinician = await SignedInAsync(Clinician.Email);
        using var administrator = await SignedInAsync(Administrator.Email);

        await ActAsync(administrator, Clinician.Subject, "role", ("Role", "staff"));

        Assert.False(await IsSignedInAsync(clinician));
        _host.Clock.Advance(TimeSpan.FromSeconds(30));
        var tokens = await Application.Web.SignInAsync(_host, clinician, Clinician.Email);
        Assert.Equal(["staff"], tokens.Claims.GetProperty("role").EnumerateArray().Select(role => role.GetString()));
    }

    [Fact]
    public async Task A_reset_app_is_set_up_anew_at_the_next_sign_in()
    {
        using var clinician = await SignedInAsync(Clinician.Email);
        using var administrator = await SignedInAsync(Administrator.Email);

        await ActAsync(administrator, Clinician.Subject, "reset-authenticator");

        Assert.False(await IsSignedInAsync(clinician));
        using var next = await clinician.TrySignInAsync(Clinician.Email, IdentityHost.People.Password);
        Assert.StartsWith("/account/authenticator/set-up", next.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_can_be_signed_out_everywhere()
    {
        using var clinician = await SignedInAsync(Clinician.Email);
        using var administrator = await SignedInAsync(Administrator.Email);

        var after = await ActAsync(administrator, Clinician.Subject, "sign-out");
        var again = await ActAsync(administrator, Clinician.Subject, "sign-out");

        Assert.False(await IsSignedInAsync(clinician));
        Assert.Contains("Done.", Text(after), StringComparison.Ordinal);
        Assert.Contains("There was nothing to do: it is so already.", Text(again), StringComparison.Ordinal);
        Assert.Equal(1, await _host.InDatabaseAsync(database => database.AuditEntries.CountAsync(Cancellation)));
    }

    [Theory]
    [InlineData("disable")]
    [InlineData("role")]
    [InlineData("reset-authenticator")]
    [InlineData("sign-out")]
    public async Task Nobody_administers_their_own_account(string act)
    {
        using var administrator = await SignedInAsync(Administrator.Email);
        var own = await administrator.OpenAsync("/account/password");

        using var answer = await administrator.Client.PostAsync(
            $"/administration/people/{Administrator.Subject}/{act}", Form(own, ("Reason", Reason), ("Role", "patient")), Cancellation);

        Assert.Equal("/", answer.Headers.Location?.OriginalString);
        Assert.True(await IsSignedInAsync(administrator));
        Assert.Equal(0, await _host.InDatabaseAsync(database => database.AuditEntries.CountAsync(Cancellation)));
    }

    [Theory]
    [InlineData("disable", "", null, "Enter the reason. It is kept for ever")]
    [InlineData("disable", " ", null, "Enter the reason. It is kept for ever")]
    [InlineData("role", Reason, "", "Choose a role")]
    [InlineData("role", Reason, "superuser", "Choose a role")]
    public async Task What_is_missing_is_told_beside_the_field_and_nothing_is_done(string act, string reason, string? role, string message)
    {
        using var administrator = await SignedInAsync(Administrator.Email);
        var page = await administrator.OpenAsync($"/administration/people/{Clinician.Subject}/{act}");

        using var answer = await administrator.Client.PostAsync($"/administration/people/{Clinician.Subject}/{act}", Form(page, ("Reason", reason), ("Role", role ?? "")), Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([message], (await Browser.ReadAsync(answer)).QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
        Assert.Equal(0, await _host.InDatabaseAsync(database => database.AuditEntries.CountAsync(Cancellation)));
    }

    [Fact]
    public async Task A_reason_that_is_too_long_is_refused_and_kept_in_the_page()
    {
        using var administrator = await SignedInAsync(Administrator.Email);
        var reason = new string('x', AuditEntry.ReasonLength + 1);
        var page = await administrator.OpenAsync($"/administration/people/{Clinician.Subject}/disable");

        using var answer = await administrator.SubmitAsync(page, ("Reason", reason));

        var again = await Browser.ReadAsync(answer);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(reason, again.QuerySelector<IHtmlTextAreaElement>("#Reason")?.Value);
    }

    [Theory]
    [InlineData("/administration/people/00000000-0000-0000-0000-000000000001")]
    [InlineData("/administration/people/00000000-0000-0000-0000-000000000001/disable")]
    [InlineData("/administration/people/4aa15951-75d8-5e30-920d-4b488d801b38/delete")]
    [InlineData("/administration/people/somebody")]
    public async Task What_is_not_there_is_not_found(string address)
    {
        using var administrator = await SignedInAsync(Administrator.Email);

        await administrator.OpenAsync(address, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task An_act_wants_a_sign_in_of_the_last_ten_minutes()
    {
        using var administrator = await SignedInAsync(Administrator.Email);
        _host.Clock.Advance(TimeSpan.FromMinutes(11));

        var asked = await administrator.RedirectOfAsync($"/administration/people/{Clinician.Subject}/disable");

        Assert.StartsWith("/account/sign-in?returnUrl=", asked.OriginalString, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Every_act_is_in_the_log_with_who_whom_when_and_why_as_text()
    {
        using var administrator = await SignedInAsync(Administrator.Email);
        await ActAsync(administrator, Clinician.Subject, "disable", ("Reason", "<script>alert(1)</script>"));
        await ActAsync(administrator, Clinician.Subject, "enable");

        var page = await administrator.OpenAsync("/administration/audit");

        var lines = page.QuerySelectorAll("main li").Select(line => string.Join(' ', line.TextContent.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))).ToList();
        var (who, whom) = ($"{Administrator.GivenName} {Administrator.FamilyName}", $"{Clinician.GivenName} {Clinician.FamilyName}");
        Assert.Equal(
            [$"2. Account switched on: {whom}{who}, 5 January 2026 at 09:00 : {Reason}", $"1. Account switched off: {whom}{who}, 5 January 2026 at 09:00 : <script>alert(1)</script>"],
            lines);
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string[] Addresses()
    {
        var person = $"/administration/people/{Person.Clinician().Subject}";
        return ["/administration", "/administration/audit", "/administration/emails", "/administration/invite", person, $"{person}/role", $"{person}/disable", $"{person}/enable", $"{person}/reset-authenticator", $"{person}/sign-out", $"{person}/withdraw"];
    }

    private static string Text(IHtmlDocument page) => page.Body?.TextContent ?? "";

    private static FormUrlEncodedContent Form(IHtmlDocument page, params (string Name, string Value)[] fields) => new(fields
        .Append(("__RequestVerificationToken", page.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value ?? ""))
        .Select(field => KeyValuePair.Create(field.Item1, field.Item2)));

    private static async Task<bool> IsSignedInAsync(Browser browser) =>
        Browser.Query(await browser.RedirectOfAsync(Application.Web.AuthorizeUrl(("prompt", "none")))).ContainsKey("code");

    /// <summary>Does it through the page, and reads the page that follows.</summary>
    private static async Task<IHtmlDocument> ActAsync(Browser administrator, Guid account, string act, params (string Name, string Value)[] fields)
    {
        var address = $"/administration/people/{account}/{act}";
        var page = await administrator.OpenAsync(address);
        using var answer = await administrator.Client.PostAsync(address, Form(page, [.. fields.Any(field => field.Name == "Reason") ? fields : [.. fields, ("Reason", Reason)]]), Cancellation);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        return await administrator.OpenAsync(answer.Headers.Location?.OriginalString ?? "");
    }

    private async Task<Browser> SignedInAsync(string email)
    {
        var browser = _host.OpenBrowser();
        await browser.SignInAsync(email);
        return browser;
    }
}
