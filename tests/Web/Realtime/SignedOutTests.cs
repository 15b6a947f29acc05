using System.Net;
using Microsoft.IdentityModel.JsonWebTokens;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Data;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Realtime;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Realtime;

/// <summary>When the provider ends a sign-in, Signalling is told which tickets were its.</summary>
public sealed class SignedOutTests : WebTest
{
    private AppointmentId _appointment;

    [Fact]
    public async Task Signalling_is_told_of_the_sign_in_that_ended_and_of_no_other()
    {
        using var phone = await PatientAsync();
        var session = Web.Provider.LastSession;
        using var laptop = await PatientAsync();
        var (ofPhone, ofLaptop) = (await SignInOfAsync(phone), await SignInOfAsync(laptop));

        await LogOutAsync(session);
        await Web.Signalling.NextAsync(Cancelled);

        var (command, path, signature, body) = Assert.Single(Web.Signalling.Received);
        Assert.Equal((ClinicCommandType.SignOut, (SignInId?)ofPhone), (command.Type, command.SignIn));
        Assert.Equal($"/clinics/{Seed.AmarasMorning.Schedule.Id}/commands", path);
        Assert.True(MessageSignature.Verify([Web.Key], signature, body, Web.Time.GetUtcNow()));
        Assert.NotEqual(ofPhone, ofLaptop);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TicketAsync(phone)).Status);
        Assert.Equal(ofLaptop, await SignInOfAsync(laptop));
    }

    [Fact]
    public async Task A_logout_token_for_the_person_ends_each_of_their_sign_ins_and_nobody_elses()
    {
        using var phone = await PatientAsync();
        using var laptop = await PatientAsync();
        using var clinician = await Web.SignInAsync(People.Amara);
        var theirs = new[] { await SignInOfAsync(phone), await SignInOfAsync(laptop) };
        await SignInOfAsync(clinician);

        await LogOutAsync(session: null);
        await Web.Signalling.NextAsync(Cancelled);
        await Web.Signalling.NextAsync(Cancelled);

        Assert.Equal(theirs.Select(id => id.Value).Order(), Web.Signalling.Received.Select(sent => sent.Command.SignIn?.Value ?? default).Order());
        await SignInOfAsync(clinician);
    }

    [Fact]
    public async Task A_logout_token_that_comes_again_tells_nothing_anew()
    {
        using var phone = await PatientAsync();
        await SignInOfAsync(phone);
        await LogOutAsync(Web.Provider.LastSession);
        await Web.Signalling.NextAsync(Cancelled);
        await UntilAllIsToldAsync();

        await LogOutAsync(Web.Provider.LastSession);

        Assert.Empty(await ToBeToldAsync());
    }

    [Fact]
    public async Task While_Signalling_is_away_it_is_told_again_even_by_an_instance_started_since()
    {
        using var phone = await PatientAsync();
        var signIn = await SignInOfAsync(phone);
        Web.Signalling.Answers.Enqueue(null);
        await LogOutAsync(Web.Provider.LastSession);
        await Web.Signalling.NextAsync(Cancelled);
        Assert.Single(await ToBeToldAsync());

        await using var restarted = Web.AnotherInstance();
        using var anybody = restarted.Browser();
        await anybody.GetAsync("/health");
        await restarted.Signalling.NextAsync(Cancelled);

        Assert.Equal((SignInId?)signIn, Assert.Single(restarted.Signalling.Received).Command.SignIn);
    }

    [Fact]
    public async Task A_board_is_told_of_as_a_call_is()
    {
        using var staff = await Web.SignInAsync(People.Helen);
        var token = (await staff.GetAsync("/account/sign-out")).RequestToken;
        var ticket = await staff.PostFromScriptAsync($"/clinics/{Seed.AmarasMorning.Schedule.Id}/ticket", token);
        var sid = new JsonWebToken(ticket.Json.GetProperty("ticket").GetString()).GetClaim(TicketClaims.SignIn).Value;

        await LogOutAsync(Web.Provider.LastSession, People.Helen);
        await Web.Signalling.NextAsync(Cancelled);

        Assert.Equal(sid, Assert.Single(Web.Signalling.Received).Command.SignIn?.ToString());
    }

    [Fact]
    public async Task Who_works_for_the_practice_no_more_loses_the_board_that_they_have_open()
    {
        using var ruth = await Web.SignInAsync(People.Ruth);
        using var helen = await Web.SignInAsync(People.Helen);
        var token = (await helen.GetAsync("/account/sign-out")).RequestToken;
        Task<Page> TicketForBoardAsync() => helen.PostFromScriptAsync($"/clinics/{Seed.AmarasMorning.Schedule.Id}/ticket", token);
        var ticket = await TicketForBoardAsync();
        var form = await ruth.GetAsync($"/practice/staff/edit/{Seed.Helen.Id}");

        await ruth.PostAsync($"/practice/staff/edit/{Seed.Helen.Id}?handler=End", [KeyValuePair.Create("__RequestVerificationToken", form.RequestToken ?? "")]);
        await Web.Signalling.NextAsync(Cancelled);

        var sid = new JsonWebToken(ticket.Json.GetProperty("ticket").GetString()).GetClaim(TicketClaims.SignIn).Value;
        Assert.Equal(sid, Assert.Single(Web.Signalling.Received).Command.SignIn?.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await TicketForBoardAsync()).Status);
    }

    private async Task<Browser> PatientAsync()
    {
        if (_appointment == default)
            _appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        return await Web.SignInAsync(People.Margaret);
    }

    private async Task<Page> TicketAsync(Browser browser) =>
        await browser.PostFromScriptAsync($"/consultations/{_appointment}/ticket", (await browser.GetAsync("/account/sign-out")).RequestToken);

    private async Task<SignInId> SignInOfAsync(Browser browser)
    {
        var answer = await TicketAsync(browser);
        Assert.True(answer.Status == HttpStatusCode.OK, $"{answer.Status}: {answer.Text}");
        return new SignInId(Guid.Parse(new JsonWebToken(answer.Json.GetProperty("ticket").GetString()).GetClaim(TicketClaims.SignIn).Value));
    }

    private async Task LogOutAsync(string? session, Account? account = null)
    {
        using var content = new FormUrlEncodedContent([KeyValuePair.Create("logout_token", Web.Provider.LogoutToken(session, (account ?? People.Margaret).Subject))]);
        using var client = new HttpClient(Web.Server.CreateHandler());
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync(WebHost.Origin + "/signout-backchannel", content, Cancelled)).StatusCode);
    }

    private Task<List<HubSignIn>> ToBeToldAsync() => Web.WithAsync<HubSignIns, List<HubSignIn>>(signIns => signIns.EndedAsync(Cancelled));

    /// <summary>Signalling has the command before Web notes that it has.</summary>
    private async Task UntilAllIsToldAsync()
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while ((await ToBeToldAsync()).Count > 0)
            limit.Token.ThrowIfCancellationRequested();
    }
}
