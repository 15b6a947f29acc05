using System.Net;
using System.Text;
using Microsoft.IdentityModel.JsonWebTokens;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Retention;
using Telemedicine.Web.Tests.Host;
using Microsoft.Extensions.DependencyInjection;

namespace Telemedicine.Web.Tests.Pages;

public sealed class DeviceCheckTests : WebTest
{
    private const string Ready = """
        {"browser":"Good","camera":"Good","microphone":"Good","speaker":"Good","network":"Good","browserFamily":"Chrome","browserVersion":140,"deviceKind":"AndroidPhone",
         "figures":{"route":"Udp","roundTripMs":31,"lossUp":0,"lossDown":0.002,"jitterMs":6,"upBitrate":1400000,"downBitrate":1300000}}
        """;

    private const string Denied = """
        {"browser":"Good","camera":"Good","microphone":"Denied","speaker":"Skipped","network":"Blocked","browserFamily":"Safari","deviceKind":"IPhone"}
        """;

    [Fact]
    public async Task A_patient_opens_the_check_days_ahead_and_finds_the_result_there_again()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        using var browser = await Web.SignInAsync(People.Margaret);
        var details = await browser.GetAsync($"/appointments/{appointment}");

        var check = await browser.GetAsync(details.Link("Check your camera, microphone and connection"));
        var saved = await SendAsync(browser, $"{check.Path}/result", check.RequestToken, Denied);
        var again = await browser.GetAsync(check.Path);

        Assert.Equal("Check your device", check.Heading);
        Assert.Equal(["browser", "camera", "microphone", "speaker", "network", "result"], check.Document.QuerySelectorAll("[data-step]").Select(step => step.GetAttribute("data-step")));
        Assert.Contains("What a video call needs", check.Main, StringComparison.Ordinal);
        Assert.Contains("01632 960100", check.Main, StringComparison.Ordinal);
        Assert.Contains("needs JavaScript", check.Document.QuerySelector("noscript")?.TextContent);
        Assert.Contains("camera=(self), microphone=(self)", check.Response.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        Assert.StartsWith("/assets/echo.js?v=", check.Document.QuerySelector("[data-module=device-check]")?.GetAttribute("data-echo-url"), StringComparison.Ordinal);
        Assert.True(saved.Status == HttpStatusCode.OK, $"{saved.Status}: {saved.Text}");
        Assert.Equal("no-store", saved.Response.Headers.CacheControl?.ToString());
        Assert.Equal(("NotWorking", "A video call will not work like this"), (saved.Json.GetProperty("score").GetString(), saved.Json.GetProperty("heading").GetString()));
        Assert.Equal(
            ["The browser is not allowed to use the microphone.", "The network blocks calls. Another network or mobile data may work."],
            saved.Json.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()));
        Assert.Contains("with Safari on an iPhone: A video call will not work like this", Squeezed(again.Main), StringComparison.Ordinal);
        Assert.Equal(AppointmentStatus.Booked, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
    }

    [Fact]
    public async Task The_check_is_offered_before_joining_and_by_phone_instead_where_that_is_possible()
    {
        var gp = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var physiotherapy = await Web.BookAsync(Seed.Margaret, Seed.TomaszsMorning.Slots[1]);
        using var browser = await Web.SignInAsync(People.Margaret);

        var join = await browser.ArriveAsync($"/consultations/{gp}/join");
        var withoutPhone = await browser.GetAsync(join.Link("Check your camera, microphone and connection"));
        var withPhone = await browser.GetAsync($"/appointments/{physiotherapy}/device-check");

        Assert.Equal("Check your device", withoutPhone.Heading);
        Assert.DoesNotContain("by phone instead", withoutPhone.Document.QuerySelector("[data-step=result]")?.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/appointments/{physiotherapy}/way", withPhone.Link("Have the appointment by phone instead"));
    }

    [Fact]
    public async Task A_ticket_for_a_check_opens_the_echo_beside_the_clinics_hub_and_names_nobody()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        using var browser = await Web.SignInAsync(People.Margaret);
        var token = (await browser.GetAsync($"/appointments/{appointment}/device-check")).RequestToken;

        var answer = await browser.PostFromScriptAsync($"/appointments/{appointment}/device-check/ticket", token);

        Assert.Equal($"{WebHost.SignallingOrigin}/clinics/{Seed.AmarasTomorrow.Schedule.Id}/echo", answer.Json.GetProperty("hubUrl").GetString());
        var ticket = new JsonWebToken(answer.Json.GetProperty("ticket").GetString());
        Assert.Equal("check", ticket.GetClaim(TicketClaims.Role).Value);
        Assert.Equal("Device check", ticket.GetClaim("name").Value);
        Assert.Equal(Seed.Margaret.Id.ToString(), ticket.Subject);
        Assert.Equal(WebHost.Start.UtcDateTime.AddMinutes(2), ticket.ValidTo);
        // Looking does not arrive.
        Assert.Equal(AppointmentStatus.Booked, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
    }

    [Fact]
    public async Task A_carer_who_may_join_checks_their_own_device()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        var joins = await Web.AddCarerAsync(People.Grace, CarerRights.JoinConsultations);
        using var browser = await Web.SignInAsync(People.Grace);
        var page = await browser.GetAsync($"/acting-for/{joins}/appointments/{appointment}/device-check");

        var ticket = await browser.PostFromScriptAsync($"/acting-for/{joins}/appointments/{appointment}/device-check/ticket", page.RequestToken);
        var saved = await SendAsync(browser, $"/acting-for/{joins}/appointments/{appointment}/device-check/result", page.RequestToken, Ready);
        using var margaret = await Web.SignInAsync(People.Margaret);

        Assert.Equal(joins.ToString(), new JsonWebToken(ticket.Json.GetProperty("ticket").GetString()).Subject);
        Assert.Equal("Ready", saved.Json.GetProperty("score").GetString());
        Assert.Contains("Your device is ready", (await margaret.GetAsync($"/appointments/{appointment}/device-check")).Main, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("another patient")]
    [InlineData("a patient of another practice")]
    [InlineData("a carer who may not join")]
    [InlineData("staff")]
    [InlineData("a clinician")]
    [InlineData("nobody")]
    public async Task Whoever_does_not_join_with_the_device_neither_checks_nor_saves(string who)
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        var sees = await Web.AddCarerAsync(People.Grace, CarerRights.SeeAppointments | CarerRights.ChangeAppointments);
        using var browser = who switch
        {
            "another patient" => await Web.SignInAsync(People.Mohammed),
            "a patient of another practice" => await Web.SignInAsync(People.Wilma),
            "a carer who may not join" => await Web.SignInAsync(People.Grace),
            "staff" => await Web.SignInAsync(People.Helen),
            "a clinician" => await Web.SignInAsync(People.Amara),
            _ => Web.Browser(),
        };
        var root = who == "a carer who may not join" ? $"/acting-for/{sees}" : "";
        var token = (await browser.GetAsync("/account/sign-out")).RequestToken;
        var address = $"{root}/appointments/{appointment}/device-check";

        var page = await browser.GetAsync(address, follow: false);
        var ticket = await browser.PostFromScriptAsync($"{address}/ticket", token);
        var saved = await SendAsync(browser, $"{address}/result", token, Ready);

        Assert.NotEqual(HttpStatusCode.OK, page.Status);
        Assert.All([ticket, saved], answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized }));
        Assert.Equal(0, await CountAsync());
    }

    [Theory]
    [InlineData("""{"browser":"Good"}""")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("""{"browser":"Good","camera":"Silent","microphone":"Good","speaker":"Good","network":"Busy","browserFamily":"Chrome","deviceKind":"Mac"}""")]
    [InlineData("""{"browser":"Good","camera":"Good","microphone":"Good","speaker":"Good","network":"Busy","browserFamily":"Netscape","deviceKind":"Mac"}""")]
    [InlineData("""{"browser":0,"camera":77,"microphone":"Good","speaker":"Good","network":"Busy","browserFamily":"Chrome","deviceKind":"Mac"}""")]
    [InlineData("""{"browser":"Good","camera":"Good","microphone":"Good","speaker":"Good","network":"Busy","browserFamily":"Chrome","deviceKind":"Mac","fingerprint":"abc"}""")]
    [InlineData("""{"browser":"Good","camera":"Good","microphone":"Good","speaker":"Good","network":"Good","browserFamily":"Chrome","deviceKind":"Mac"}""")]
    [InlineData("""{"browser":"Good","camera":"Good","microphone":"Good","speaker":"Good","network":"Good","browserFamily":"Chrome","deviceKind":"Mac","figures":{"route":"Udp","lossUp":2,"lossDown":0,"jitterMs":1,"upBitrate":1,"downBitrate":1}}""")]
    [InlineData("""{"browser":"Good","camera":"Good","microphone":"Good","speaker":"Good","network":"Good","browserFamily":"Chrome","deviceKind":"Mac","figures":{"route":"Udp","lossUp":0,"lossDown":0,"jitterMs":1,"upBitrate":99999999999,"downBitrate":1}}""")]
    public async Task What_no_page_sends_is_refused_and_not_kept(string body)
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        using var browser = await Web.SignInAsync(People.Margaret);
        var token = (await browser.GetAsync($"/appointments/{appointment}/device-check")).RequestToken;

        var answer = await SendAsync(browser, $"/appointments/{appointment}/device-check/result", token, body);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task A_result_without_the_pages_token_or_too_long_is_refused()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        using var browser = await Web.SignInAsync(People.Margaret);
        var token = (await browser.GetAsync($"/appointments/{appointment}/device-check")).RequestToken;
        var address = $"/appointments/{appointment}/device-check/result";

        Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(browser, address, null, Ready)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.PostFromScriptAsync($"/appointments/{appointment}/device-check/ticket", null)).Status);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await SendAsync(browser, address, token, Ready + new string(' ', 3000))).Status);
        Assert.Equal(0, await CountAsync());
    }

    [Fact]
    public async Task An_appointment_that_is_not_by_video_any_more_leads_back_to_itself()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.TomaszsMorning.Slots[1], DeliveryChannel.Telephone);
        using var browser = await Web.SignInAsync(People.Margaret);

        var page = await browser.GetAsync($"/appointments/{appointment}/device-check");

        Assert.Equal($"/appointments/{appointment}", page.Path);
        Assert.DoesNotContain("Check your camera", page.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_see_who_is_at_risk_filter_phone_ask_and_switch()
    {
        var broken = await Web.BookAsync(Seed.Margaret, Seed.TomaszsMorning.Slots[1]);
        var unchecked_ = await Web.BookAsync(Seed.Mohammed, Seed.AmarasTomorrow.Slots[0]);
        await SaveAsync(Actor.For(Seed.Margaret), broken, new(CheckOutcome.Good, CheckOutcome.Good, CheckOutcome.Denied, CheckOutcome.Good, CheckOutcome.Blocked, BrowserFamily.Safari, DeviceKind.IPhone, null, 17));
        using var browser = await Web.SignInAsync(People.Helen);

        var list = await browser.GetAsync((await browser.GetAsync("/")).Link("Video appointments at risk"));
        var filtered = await browser.GetAsync("/practice/device-checks?Risk=NewToVideo");
        var row = await browser.GetAsync(list.Link("Margaret Hughes"));
        var nothing = await browser.SubmitAsync(row, "Note the phone call", ("Note", " "));
        var noted = await browser.SubmitAsync(nothing, "Note the phone call", ("Note", "Will <borrow> a tablet"));
        var asked = await browser.SubmitAsync(noted, "Send the message");
        var again = await browser.SubmitAsync(asked, "Send the message");
        var rest = await browser.GetAsync("/practice/device-checks?NotCalled=true");

        Assert.Equal(["Margaret Hughes", "Mohammed Iqbal"], Names(list));
        Assert.Contains("The browser is not allowed to use the microphone. The network blocks calls.", list.Main, StringComparison.Ordinal);
        Assert.Contains("New to video, not checked", list.Main, StringComparison.Ordinal);
        Assert.Equal(["Mohammed Iqbal"], Names(filtered));
        Assert.Contains("07700 900100", row.Main, StringComparison.Ordinal);
        Assert.Contains("Safari 17 on an iPhone", row.Main, StringComparison.Ordinal);
        Assert.Equal($"/practice/patients/{Seed.Margaret.Id}/appointments/{broken}/way", row.Link("Hold the appointment by phone or at the practice"));
        Assert.Equal((HttpStatusCode.BadRequest, "Enter what came of the phone call"), (nothing.Status, Assert.Single(nothing.Errors).Text));
        Assert.Contains("It is noted that you phoned Margaret Hughes", noted.Main, StringComparison.Ordinal);
        Assert.Contains("Will <borrow> a tablet", noted.Main, StringComparison.Ordinal);
        Assert.Contains("We have asked Margaret Hughes", asked.Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Equal(["Mohammed Iqbal"], Names(rest));
        Assert.Contains(unchecked_.ToString(), rest.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_practice_with_nobody_at_risk_says_so_and_sees_nothing_of_another()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        using var other = await Web.SignInAsync(People.Imran);
        var token = (await other.GetAsync("/account/sign-out")).RequestToken ?? "";

        Assert.Contains("No video appointment of the next 48 hours is at risk", (await other.GetAsync("/practice/device-checks")).Main, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync($"/practice/device-checks/{appointment}")).Status);
        foreach (var handler in new[] { "Called", "Ask" })
            Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync($"/practice/device-checks/{appointment}?handler={handler}", [new("Note", "Hello"), new("__RequestVerificationToken", token)])).Status);
        using var clinician = await Web.SignInAsync(People.Amara);
        Assert.Equal(HttpStatusCode.Forbidden, (await clinician.GetAsync($"/practice/device-checks/{appointment}")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await other.GetAsync("/practice/device-checks?Risk=Nonsense")).Status);
    }

    [Fact]
    public async Task Old_checks_are_deleted_by_the_worker()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        await SaveAsync(Actor.For(Seed.Margaret), appointment, new(CheckOutcome.Good, CheckOutcome.Skipped, CheckOutcome.Skipped, CheckOutcome.Skipped, CheckOutcome.Skipped, BrowserFamily.Other, DeviceKind.Other));
        Web.Time.Advance(DeviceCheckService.KeptFor + TimeSpan.FromMinutes(1));

        await Web.Services.GetRequiredService<RetentionWorker>().DeleteOldAsync(Cancelled);

        Assert.Equal(0, await CountAsync());
    }

    private static string[] Names(Page page) => [.. page.Document.QuerySelectorAll("tbody tr td:first-child a").Select(link => link.TextContent.Trim())];

    private static string Squeezed(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private Task<SaveCheckOutcome> SaveAsync(Actor actor, AppointmentId id, CheckResult result) =>
        Web.WithAsync<DeviceCheckService, SaveCheckOutcome>(checks => checks.SaveAsync(actor, id, result, Cancelled));

    private Task<int> CountAsync() => Web.WithAsync<Clinical.Data.ClinicalDbContext, int>(db =>
    {
        db.ActFor(Actor.For(Seed.Helen));
        return Task.FromResult(db.DeviceChecks.Count());
    });

    private static Task<Page> SendAsync(Browser browser, string address, string? token, string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Browser.Web, address)) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json");
        if (token is not null)
            request.Headers.Add("RequestVerificationToken", token);
        return browser.SendAsync(request, follow: false);
    }
}
