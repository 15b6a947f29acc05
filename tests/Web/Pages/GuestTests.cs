using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Messages;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>People who join one consultation by a link.</summary>
public sealed class GuestTests : WebTest
{
    [Fact]
    public async Task A_patient_without_an_account_finds_the_link_in_the_message_says_who_they_are_and_joins()
    {
        using var staff = await Web.SignInAsync(People.Helen);
        var patient = await AddPatientAsync();
        var appointment = await Web.BookAsync(patient, Seed.At(9));
        var (link, _) = await Web.GuestLinkAsync(appointment);
        using var phone = Web.Browser();

        var page = await phone.GetAsync(link);
        var nothing = await phone.SubmitAsync(page, "Continue");
        var wrong = await phone.SubmitAsync(nothing, "Continue", Birthday("15"));
        var inside = await phone.SubmitAsync(wrong, "Continue", Birthday("14"));
        var call = await phone.SubmitAsync(await phone.ArriveAsync("/guest"), "Join");
        var ticket = await phone.PostFromScriptAsync("/guest/ticket", call.RequestToken);

        Assert.Equal("Join your video appointment", page.Heading);
        Assert.DoesNotContain("Wanda", page.Main, StringComparison.Ordinal);
        Assert.Equal([("Enter your date of birth", "#DateOfBirth")], nothing.Errors);
        Assert.Equal([("This is not the date of birth that the practice knows. You can try 4 times more", "#DateOfBirth")], wrong.Errors);
        Assert.Equal((HttpStatusCode.BadRequest, "15"), (wrong.Status, wrong.Document.QuerySelector("#DateOfBirth")?.GetAttribute("value")));
        Assert.Contains("Wanda Fields", inside.Main, StringComparison.Ordinal);
        Assert.Equal("/guest/call", call.Path);
        Assert.NotNull(call.Document.QuerySelector("[data-module=call][data-guest][data-ticket-url='/guest/ticket']"));
        var read = new JsonWebToken(ticket.Json.GetProperty("ticket").GetString());
        Assert.Equal((patient.Id.ToString(), "patient", "Wanda Fields"), (read.Subject, read.GetClaim("role").Value, read.GetClaim("name").Value));
        Assert.Contains("Arrived", (await staff.GetAsync($"/practice/bookings/{appointment}")).Main, StringComparison.Ordinal);
        Assert.Equal(ClinicCommandType.ClinicChanged, await CommandAsync());
    }

    [Fact]
    public async Task A_patient_brings_an_interpreter_who_knows_the_code_and_takes_the_invitation_back()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var margaret = await Web.SignInAsync(People.Margaret);
        var details = await margaret.GetAsync($"/appointments/{appointment}");
        var empty = await margaret.SubmitAsync(await margaret.GetAsync(details.Link("Ask somebody to be in the call with you")), "Invite");
        var invited = await margaret.SubmitAsync(empty, "Invite", ("Role", "Interpreter"), ("Name", "Ana Costa"), ("Email", "ana@example.org"));
        var code = invited.Document.QuerySelectorAll("dd strong").Single().TextContent;
        var shown = await margaret.SubmitAsync(invited, "Show a link to copy: Ana Costa");
        var link = new Uri(shown.Document.QuerySelector("#shown-link")?.GetAttribute("value") ?? "").AbsolutePath;
        using var ana = Web.Browser();
        var wrong = await ana.SubmitAsync(await ana.GetAsync(link), "Continue", ("Answer", code == "000000" ? "000001" : "000000"));
        var inside = await ana.SubmitAsync(wrong, "Continue", ("Answer", $"{code[..3]} {code[3..]}"));
        var call = await ana.SubmitAsync(await ana.ArriveAsync("/guest"), "Join");
        var ticket = await ana.PostFromScriptAsync("/guest/ticket", call.RequestToken);
        var read = new JsonWebToken(ticket.Json.GetProperty("ticket").GetString());

        var list = await margaret.SubmitAsync(await margaret.GetAsync($"/appointments/{appointment}/guests"), "Take the invitation back: Ana Costa");
        var type = await CommandAsync(skip: ClinicCommandType.ClinicChanged);

        Assert.Equal([("Select who they are", "#Role")], empty.Errors);
        Assert.Contains("This is not the code", wrong.Errors.Single().Text, StringComparison.Ordinal);
        Assert.Equal(("guest", "Ana Costa (interpreter)"), (read.GetClaim("role").Value, read.GetClaim("name").Value));
        Assert.Contains("Ana Costa cannot join any more", list.Main, StringComparison.Ordinal);
        Assert.Equal((ClinicCommandType.SignOut, read.GetClaim(TicketClaims.SignIn).Value), (type, Web.Signalling.Received.Last().Command.SignIn?.ToString()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await ana.PostFromScriptAsync("/guest/ticket", call.RequestToken)).Status);
        Assert.Equal("You are not in an appointment now", (await ana.GetAsync("/guest")).Heading);
        Assert.Equal("This link was taken back", (await ana.GetAsync(link)).Heading);
    }

    [Fact]
    public async Task The_second_on_one_link_is_told_and_who_moves_here_ends_the_first_ones_call()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var (link, _) = await Web.GuestLinkAsync(appointment);
        using var first = Web.Browser();
        await first.SubmitAsync(await first.GetAsync(link), "Continue", Birthday("14"));
        var call = await first.SubmitAsync(await first.ArriveAsync("/guest"), "Join");
        var seat = new JsonWebToken((await first.PostFromScriptAsync("/guest/ticket", call.RequestToken)).Json.GetProperty("ticket").GetString()).GetClaim(TicketClaims.SignIn).Value;
        Assert.Equal("/guest", (await first.GetAsync(link)).Path);
        await CommandAsync();
        using var second = Web.Browser();

        var told = await second.SubmitAsync(await second.GetAsync(link), "Continue", Birthday("14"));
        Assert.Contains("This link is open on another device", told.Main, StringComparison.Ordinal);
        Assert.Contains("01632 960100", told.Main, StringComparison.Ordinal);
        Assert.Equal("/guest", (await first.GetAsync("/guest")).Path);
        var moved = await second.SubmitAsync(told, "Move to this device", Birthday("14"));

        Assert.Equal("/guest", moved.Path);
        Assert.Equal(ClinicCommandType.SignOut, await CommandAsync());
        Assert.Equal(seat, Web.Signalling.Received.Last().Command.SignIn?.ToString());
        Assert.Equal("/join/ended", (await first.GetAsync("/guest/call")).Path);
    }

    [Fact]
    public async Task Who_guesses_is_locked_out_politely_with_the_practices_number()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var (link, _) = await Web.GuestLinkAsync(appointment);
        using var browser = Web.Browser();
        var page = await browser.GetAsync(link);
        for (var attempt = 0; attempt < Guest.WrongBeforeRest; attempt++)
            page = await browser.SubmitAsync(page, "Continue", Birthday("1"));

        Assert.Equal("Too many wrong answers", page.Heading);
        Assert.Contains("You can try again from 9am", page.Main, StringComparison.Ordinal);
        Assert.Contains("01632 960100", page.Main, StringComparison.Ordinal);
        Assert.Equal("Too many wrong answers", (await browser.GetAsync(link)).Heading);
    }

    [Fact]
    public async Task From_one_address_only_so_many_answers_are_looked_at_whichever_link_they_are_for()
    {
        using var browser = Web.Browser();
        var page = await browser.GetAsync("/account/signed-out");
        for (var appointment = 0; appointment * 4 < GuestAttempts.PerWindow; appointment++)
        {
            var (link, _) = await Web.GuestLinkAsync(await Web.BookAsync(await AddPatientAsync(), Seed.AmarasMorning.Slots[appointment + 2]));
            page = await browser.GetAsync(link);
            for (var attempt = 0; attempt < 4; attempt++)
                page = await browser.SubmitAsync(page, "Continue", Birthday("1"));
        }

        Assert.Equal(HttpStatusCode.TooManyRequests, page.Status);
        Assert.Contains("too many tries from where you are", page.Main, StringComparison.Ordinal);
        Assert.Contains("01632 960100", page.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_a_link_signs_nobody_in_and_a_link_that_is_none_is_not_found()
    {
        var (link, _) = await Web.GuestLinkAsync(await Web.BookAsync(Seed.Margaret, Seed.At(9)));
        using var scanner = Web.Browser();

        for (var look = 0; look < 3; look++)
            await scanner.GetAsync(link);

        Assert.Null(scanner.Cookies.GetCookies(Browser.Web)[GuestCookie.CookieName]);
        Assert.Equal(HttpStatusCode.NotFound, (await scanner.GetAsync("/join/" + new string('a', 64))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await scanner.PostAsync(link, new Dictionary<string, string> { ["DateOfBirth.Day"] = "14", ["DateOfBirth.Month"] = "3", ["DateOfBirth.Year"] = "1941" })).Status);
    }

    [Fact]
    public async Task A_guests_cookie_is_secure_and_ends_with_the_appointment()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var guest = await Web.GuestAsync(appointment);
        Assert.True(guest.Cookies.GetCookies(Browser.Web)[GuestCookie.CookieName] is { HttpOnly: true, Secure: true });
        Assert.Equal("/guest", (await guest.GetAsync("/guest")).Path);

        await Web.WithAsync<BookingService, CancelOutcome>(booking => booking.CancelAsync(Actor.For(Seed.Helen), appointment, "Ill", Cancelled));

        Assert.Equal("/join/ended", (await guest.GetAsync("/guest")).Path);
    }

    [Fact]
    public async Task Before_the_doors_open_a_guest_is_told_when_and_gets_no_ticket()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(11));
        using var guest = await Web.GuestAsync(appointment);

        var page = await guest.GetAsync("/guest/call");

        Assert.Equal("/guest", page.Path);
        Assert.Contains("You can join from Monday 2 March 2026 at 10:30am", page.Main, StringComparison.Ordinal);
        // A form of any page carries the token; this one has none, so the link's page lends it.
        Assert.Equal(HttpStatusCode.BadRequest, (await guest.PostFromScriptAsync("/guest/ticket", "none")).Status);
    }

    [Fact]
    public async Task The_link_in_a_kept_message_is_cut_out_where_it_is_no_demonstration()
    {
        await using var production = await WebHost.StartAsync(settings: new Dictionary<string, string?> { ["Email:Host"] = "mail.test", ["Email:From"] = "practice@example.org", ["Email:Security"] = "None" });
        await production.BookAsync(Seed.Margaret, Seed.At(11));
        await using var scope = production.Services.CreateAsyncScope();
        await scope.ServiceProvider.GetServices<Microsoft.Extensions.Hosting.IHostedService>().OfType<MessageSender>().Single().SendDueAsync(Cancelled);

        var bodies = await production.WithAsync<ClinicalDbContext, List<string?>>(db =>
        {
            db.ActFor(Actor.System(Seed.Riverside.Id));
            return db.Messages.Where(row => row.Body != null).Select(row => row.Body).ToListAsync(Cancelled);
        });

        Assert.Contains(bodies, body => body?.Contains("/join/…", StringComparison.Ordinal) is true);
        Assert.DoesNotContain(bodies, body => System.Text.RegularExpressions.Regex.IsMatch(body ?? "", "/join/[0-9a-f]{64}"));
    }

    private async Task<Clinical.Patients.Patient> AddPatientAsync()
    {
        var patient = Clinical.Patients.Patient.Register(Seed.Riverside.Id, null, "Wanda", "Fields", new DateOnly(1941, 3, 14), "07700 900199", null, null, Web.Time.GetUtcNow());
        await Web.WithAsync<ClinicalDbContext, bool>(db => db.WriteAsync(Actor.For(Seed.Helen), "test.arrange", null, () =>
        {
            db.Patients.Add(patient);
            return Task.FromResult(true);
        }, Cancelled));
        return patient;
    }

    private async Task<ClinicCommandType> CommandAsync(ClinicCommandType? skip = null)
    {
        do
        {
            await Web.Signalling.NextAsync(Cancelled);
        }
        while (Web.Signalling.Received.Last().Command.Type == skip);
        return Web.Signalling.Received.Last().Command.Type;
    }

    private static (string, string)[] Birthday(string day) => [("DateOfBirth.Day", day), ("DateOfBirth.Month", "3"), ("DateOfBirth.Year", "1941")];
}
