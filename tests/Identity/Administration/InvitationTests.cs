using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Tests.Support;

namespace Telemedicine.Identity.Tests.Administration;

/// <summary>How somebody who works for the practice comes to an account.</summary>
public sealed class InvitationTests : IAsyncDisposable
{
    private const string Email = "nia.bevan@example.com";
    private const string Chosen = "teapot-gravel-envelope";
    private readonly IdentityHost _host = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static string Administrator => IdentityHost.People.People.First(person => person.Role == "administrator").Email;

    [Fact]
    public async Task Who_is_invited_chooses_a_password_sets_up_an_app_and_has_the_role()
    {
        using var administrator = await SignedInAsync();
        using var sent = await InviteAsync(administrator, Email, "clinician");
        var person = await administrator.OpenAsync(Location(sent));
        Assert.Contains("Invited, not answered yet", person.Body?.TextContent, StringComparison.Ordinal);

        using var invited = _host.OpenBrowser();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;
        (await invited.OpenAsync(link)).Dispose();
        using var accepted = await invited.SubmitAsync(await invited.OpenAsync(link), ("Password", Chosen));
        using var signedIn = await invited.TrySignInAsync(Email, Chosen, Location(accepted));
        var setUp = Location(signedIn);

        Assert.StartsWith("/account/authenticator/set-up", setUp, StringComparison.Ordinal);
        var page = await invited.OpenAsync(setUp);
        using var done = await invited.SubmitAsync(page, ("Code", App.Code(_host, page)));
        Assert.StartsWith("/account/recovery-codes", Location(done), StringComparison.Ordinal);
        var tokens = await Application.Web.SignInAsync(_host, invited, Email);
        Assert.Equal(["clinician"], tokens.Claims.GetProperty("role").EnumerateArray().Select(role => role.GetString()));
        Assert.True(tokens.Claims.GetProperty("email_verified").GetBoolean());
        Assert.Equal("Nia Bevan", tokens.Claims.GetProperty("name").GetString());
        Assert.Equal(
            [AdministrationAct.Invited, AdministrationAct.InvitationAccepted],
            await _host.InDatabaseAsync(database => database.AuditEntries.OrderBy(entry => entry.Number).Select(entry => entry.Act).ToListAsync(Cancellation)));
    }

    [Fact]
    public async Task The_operator_invites_the_first_administrator_and_the_log_says_so()
    {
        var unsaid = await CommandAsync(("given-name", "Nia"), ("family-name", "Bevan"), ("email", "not an address"));
        var invited = await CommandAsync(("given-name", " Nia "), ("family-name", "Bevan"), ("email", Email));
        using var browser = _host.OpenBrowser();
        using var accepted = await browser.SubmitAsync(await browser.OpenAsync(Assert.Single(await _host.MailboxAsync(Email)).Link), ("Password", Chosen));
        var again = await CommandAsync(("given-name", "Nia"), ("family-name", "Bevan"), ("email", Email));

        Assert.Equal(1, unsaid.Code);
        Assert.Contains("--invite-administrator --given-name", unsaid.Text, StringComparison.Ordinal);
        Assert.Equal((0, 0), (invited.Code, again.Code));
        Assert.Contains("administrator's already", again.Text, StringComparison.Ordinal);
        using var signedIn = await browser.TrySignInAsync(Email, Chosen, Location(accepted));
        Assert.StartsWith("/account/authenticator/set-up", Location(signedIn), StringComparison.Ordinal);
        using var administrator = await SignedInAsync();
        Assert.Contains("Whoever runs the server", (await administrator.OpenAsync("/administration/audit")).Body?.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_operator_makes_an_account_that_is_there_an_administrators()
    {
        var patient = IdentityHost.People.People.First(person => person.Role == "patient");

        var made = await CommandAsync(("given-name", "Some"), ("family-name", "Body"), ("email", patient.Email));

        Assert.Equal(0, made.Code);
        var entry = await _host.InDatabaseAsync(database => database.AuditEntries.OrderByDescending(row => row.Number).FirstAsync(Cancellation));
        Assert.Equal((Guid.Empty, AdministrationAct.RoleChanged, "patient to administrator"), (entry.ActorId, entry.Act, entry.Detail));
    }

    [Fact]
    public async Task A_link_works_once_and_for_seven_days()
    {
        using var administrator = await SignedInAsync();
        (await InviteAsync(administrator, Email, "staff")).Dispose();
        (await InviteAsync(administrator, "other@example.com", "staff")).Dispose();
        using var invited = _host.OpenBrowser();
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;
        (await invited.SubmitAsync(await invited.OpenAsync(link), ("Password", Chosen))).Dispose();
        var late = Assert.Single(await _host.MailboxAsync("other@example.com")).Link;

        Assert.Equal(HttpStatusCode.Redirect, (await invited.GetAsync(link)).StatusCode);
        _host.Clock.Advance(TimeSpan.FromDays(8));
        Assert.Equal(HttpStatusCode.Redirect, (await invited.GetAsync(late)).StatusCode);
    }

    [Fact]
    public async Task A_withdrawn_invitation_is_worth_nothing()
    {
        using var administrator = await SignedInAsync();
        using var sent = await InviteAsync(administrator, Email, "administrator");
        var link = Assert.Single(await _host.MailboxAsync(Email)).Link;
        using var invited = _host.OpenBrowser();
        var open = await invited.OpenAsync(link);
        var withdraw = await administrator.OpenAsync(Location(sent) + "/withdraw");
        using var withdrawn = await PostAsync(administrator, Location(sent) + "/withdraw", withdraw, ("Reason", "A mistake"));

        using var answer = await invited.SubmitAsync(open, ("Password", Chosen));

        Assert.Equal("/administration", Location(withdrawn));
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        using var refused = await invited.TrySignInAsync(Email, Chosen);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Fact]
    public async Task An_invitation_that_was_answered_cannot_be_withdrawn()
    {
        using var administrator = await SignedInAsync();
        using var sent = await InviteAsync(administrator, Email, "staff");
        using var invited = _host.OpenBrowser();
        var page = await administrator.OpenAsync(Location(sent) + "/withdraw");
        (await invited.SubmitAsync(await invited.OpenAsync(Assert.Single(await _host.MailboxAsync(Email)).Link), ("Password", Chosen))).Dispose();

        (await PostAsync(administrator, Location(sent) + "/withdraw", page, ("Reason", "A mistake"))).Dispose();

        using var signedIn = await invited.TrySignInAsync(Email, Chosen);
        Assert.StartsWith("/account/authenticator/set-up", Location(signedIn), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inviting_again_sends_a_new_link_and_ends_the_old_one()
    {
        using var administrator = await SignedInAsync();
        (await InviteAsync(administrator, Email, "staff")).Dispose();
        var first = Assert.Single(await _host.MailboxAsync(Email)).Link;
        (await InviteAsync(administrator, Email, "clinician")).Dispose();
        var links = (await _host.MailboxAsync(Email)).Select(email => email.Link).ToList();
        using var invited = _host.OpenBrowser();

        Assert.Equal(2, links.Count);
        Assert.Equal(HttpStatusCode.Redirect, (await invited.GetAsync(first)).StatusCode);
        await invited.OpenAsync(Assert.Single(links, link => link != first));
    }

    [Fact]
    public async Task Nobody_takes_an_invited_account_over_by_registering_its_address()
    {
        using var administrator = await SignedInAsync();
        (await InviteAsync(administrator, Email, "administrator")).Dispose();
        var first = Assert.Single(await _host.MailboxAsync(Email)).Link;
        using var stranger = _host.OpenBrowser();
        var form = await stranger.OpenAsync("/account/register");
        (await stranger.SubmitAsync(form, ("GivenName", "Mal"), ("FamilyName", "Lory"), ("Email", Email), ("Password", "orchid-lantern-gravel"))).Dispose();

        using var refused = await stranger.TrySignInAsync(Email, "orchid-lantern-gravel");

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.All(await _host.MailboxAsync(Email), email => Assert.Equal("Your new account", email.Subject));
        using var invited = _host.OpenBrowser();
        var page = await invited.OpenAsync(first);
        Assert.Contains("Hello Nia.", page.Body?.TextContent, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "Bevan", Email, "staff", "Enter their first name")]
    [InlineData("Nia", "", Email, "staff", "Enter their last name")]
    [InlineData("Nia\u0007", "Bevan", Email, "staff", "Their first name has a character that cannot be shown. Type it again")]
    [InlineData("Nia", "Bevan", "", "staff", "Enter their email address")]
    [InlineData("Nia", "Bevan", "nia", "staff", "Enter an email address in the correct format, like name@example.com")]
    [InlineData("Nia", "Bevan", "nia@example.com\r\nBcc: all@example.com", "staff", "Enter an email address in the correct format, like name@example.com")]
    [InlineData("Nia", "Bevan", Email, "", "Choose a role")]
    [InlineData("Nia", "Bevan", Email, "patient", "Choose a role")]
    [InlineData("Nia", "Bevan", "amara.okafor@example.com", "staff", "This address has an account. Search for it, and change its role")]
    public async Task What_is_wrong_is_told_beside_the_field_and_nobody_is_invited(string given, string family, string email, string role, string message)
    {
        using var administrator = await SignedInAsync();
        var page = await administrator.OpenAsync("/administration/invite");

        using var answer = await PostAsync(administrator, "/administration/invite", page, ("GivenName", given), ("FamilyName", family), ("Email", email), ("Role", role));

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal([message], (await Browser.ReadAsync(answer)).QuerySelectorAll(".nhsuk-error-summary__list a").Select(link => link.TextContent));
        Assert.Equal(0, await _host.InDatabaseAsync(database => database.AuditEntries.CountAsync(Cancellation)));
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private static string Location(HttpResponseMessage response) =>
        response.Headers.Location?.OriginalString ?? throw new InvalidOperationException($"The answer leads nowhere: {response.StatusCode}.");

    private static Task<HttpResponseMessage> PostAsync(Browser browser, string address, IHtmlDocument page, params (string Name, string Value)[] fields) =>
        browser.Client.PostAsync(
            address,
            new FormUrlEncodedContent(fields
                .Append(("__RequestVerificationToken", page.QuerySelector<IHtmlInputElement>("input[name=__RequestVerificationToken]")?.Value ?? ""))
                .Select(field => KeyValuePair.Create(field.Item1, field.Item2))),
            Cancellation);

    private static async Task<HttpResponseMessage> InviteAsync(Browser administrator, string email, string role)
    {
        var page = await administrator.OpenAsync("/administration/invite");
        return await PostAsync(administrator, "/administration/invite", page, ("GivenName", "Nia"), ("FamilyName", "Bevan"), ("Email", email), ("Role", role));
    }

    private async Task<Browser> SignedInAsync()
    {
        var browser = _host.OpenBrowser();
        await browser.SignInAsync(Administrator);
        return browser;
    }

    private async Task<(int Code, string Text)> CommandAsync(params (string Name, string Value)[] arguments)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(arguments.ToDictionary(argument => argument.Name, argument => (string?)argument.Value)).Build();
        await using var output = new StringWriter { NewLine = "\n" };
        var code = await InviteAdministratorCommand.RunAsync(_host.Services, configuration, output);
        return (code, output.ToString());
    }
}
