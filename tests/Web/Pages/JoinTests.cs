using System.Net;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class JoinTests : WebTest
{
    [Fact]
    public async Task Joining_marks_the_patient_as_arrived_and_shows_the_call_with_what_happens_next()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var list = await browser.GetAsync("/appointments");
        var details = await browser.ArriveAsync(list.Document.QuerySelector("a[href$='/join']")?.GetAttribute("href") ?? "");

        var call = await browser.SubmitAsync(details, "Join");

        Assert.Equal("Before you join", details.Heading);
        Assert.Contains("Nobody else sees or hears you yet", details.Main, StringComparison.Ordinal);
        var root = call.Document.QuerySelector("[data-module=call]");
        Assert.Equal("patient", root?.GetAttribute("data-role"));
        Assert.Equal(appointment.ToString(), root?.GetAttribute("data-consultation-id"));
        Assert.Equal($"/consultations/{appointment}/ticket", root?.GetAttribute("data-ticket-url"));
        Assert.Equal($"/consultations/{appointment}/outcome", root?.GetAttribute("data-outcome-url"));
        Assert.Equal($"/appointments/{appointment}", root?.GetAttribute("data-leave-url"));
        Assert.Equal("Dr Amara Okafor", root?.GetAttribute("data-other-name"));
        Assert.Contains("will let you in", root?.QuerySelector("[data-call=waiting]")?.TextContent);
        Assert.Contains("01632 960100", call.Document.QuerySelector("noscript")?.TextContent);
        Assert.Null(root?.QuerySelector("[data-call=admit]"));
        Assert.Equal(AppointmentStatus.Arrived, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
        await Web.Signalling.NextAsync(Cancelled);
        Assert.Contains(Web.Signalling.Received, r => r.Command.Type == ClinicCommandType.ClinicChanged);
    }

    [Fact]
    public async Task The_call_page_has_every_part_that_its_script_looks_for()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);

        var call = await browser.SubmitAsync(await browser.ArriveAsync($"/consultations/{appointment}/join"), "Join");

        string[] parts =
        [
            "status", "error", "stage", "remotes", "preview", "self", "start", "waiting", "toolbar", "microphone", "camera", "chat-toggle", "leave",
            "chat", "messages", "chat-form", "chat-text",
        ];
        Assert.All(parts, part => Assert.Single(call.Document.QuerySelectorAll($"[data-module=call] [data-call={part}]")));
        Assert.NotNull(call.RequestToken);
    }

    [Fact]
    public async Task Only_the_call_page_may_use_camera_and_microphone()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var call = await browser.SubmitAsync(await browser.ArriveAsync($"/consultations/{appointment}/join"), "Join");
        var other = await browser.GetAsync("/appointments");

        Assert.Contains("camera=(self), microphone=(self)", call.Response.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
        Assert.Contains("camera=(), microphone=()", other.Response.Headers.GetValues("Permissions-Policy").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Opening_the_page_before_joining_leads_to_joining_and_marks_nothing()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);

        var page = await browser.GetAsync($"/consultations/{appointment}");

        Assert.Equal($"/consultations/{appointment}/arriving/who", page.Path);
        Assert.Equal(AppointmentStatus.Booked, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
    }

    [Fact]
    public async Task A_refresh_comes_back_into_the_same_call()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var call = await browser.SubmitAsync(await browser.ArriveAsync($"/consultations/{appointment}/join"), "Join");

        var again = await browser.GetAsync(call.Address.ToString());

        Assert.Equal(HttpStatusCode.OK, again.Status);
        Assert.NotNull(again.Document.QuerySelector("[data-module=call]"));
    }

    [Fact]
    public async Task Before_the_window_the_page_says_when_it_opens()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(11));
        using var browser = await Web.SignInAsync(People.Margaret);

        var page = await browser.GetAsync($"/appointments/{appointment}");
        var join = await browser.ArriveAsync($"/consultations/{appointment}/join");
        var token = join.RequestToken ?? "";
        var forced = await browser.PostAsync($"/consultations/{appointment}/join", [new("__RequestVerificationToken", token)]);

        Assert.Contains("You can join from Monday 2 March 2026 at 10:30am", page.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("Join the appointment", page.Main, StringComparison.Ordinal);
        Assert.Equal($"/appointments/{appointment}", join.Path);
        Assert.Equal($"/appointments/{appointment}", forced.Path);
        Assert.Equal(AppointmentStatus.Booked, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Status);
    }

    [Fact]
    public async Task A_cancelled_appointment_cannot_be_joined()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var before = await browser.ArriveAsync($"/consultations/{appointment}/join");
        await Web.WithAsync<BookingService, CancelOutcome>(b => b.CancelAsync(Actor.For(Seed.Helen), appointment, "The clinic is closed", Cancelled));

        var join = await browser.SubmitAsync(before, "Join");
        var call = await browser.GetAsync($"/consultations/{appointment}");
        var ticket = await browser.PostFromScriptAsync($"/consultations/{appointment}/ticket", before.RequestToken);

        Assert.Equal($"/appointments/{appointment}", join.Path);
        Assert.Contains("this appointment is cancelled", join.Main, StringComparison.Ordinal);
        Assert.Contains("The clinic is closed", join.Main, StringComparison.Ordinal);
        Assert.Equal($"/appointments/{appointment}", call.Path);
        Assert.Equal(HttpStatusCode.Gone, ticket.Status);
    }

    [Fact]
    public async Task A_phone_appointment_has_no_call_page()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.TomaszsMorning.Slots[0], Clinical.Scheduling.DeliveryChannel.Telephone);
        using var browser = await Web.SignInAsync(People.Margaret);

        var page = await browser.ArriveAsync($"/consultations/{appointment}/join");

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
    }

    [Fact]
    public async Task After_the_call_the_patient_reads_what_was_held_and_a_refresh_shows_the_same()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var patient = await Web.SignInAsync(People.Margaret);
        using var clinician = await Web.SignInAsync(People.Amara);
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        var unfinished = await patient.GetAsync($"/consultations/{appointment}/outcome");
        Web.Time.Advance(TimeSpan.FromMinutes(12));
        var consultation = await clinician.GetAsync($"/clinics/consultations/{appointment}");
        await clinician.SubmitAsync(consultation, "Yes, finish the consultation", ("Note", "All is well."));

        var outcome = await patient.GetAsync($"/consultations/{appointment}/outcome");
        var refreshed = await patient.GetAsync($"/consultations/{appointment}/outcome");
        var old = await patient.GetAsync($"/consultations/{appointment}");

        Assert.Equal("Your appointment is not finished", unfinished.Heading);
        Assert.Equal("Your appointment is finished", outcome.Heading);
        Assert.Contains("Dr Amara Okafor, Riverside Health Centre", outcome.Main, StringComparison.Ordinal);
        Assert.Contains("8:30am to 8:42am", outcome.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("All is well", outcome.Text, StringComparison.Ordinal);
        Assert.Equal(outcome.Main, refreshed.Main);
        Assert.Equal(outcome.Path, old.Path);
    }
}
