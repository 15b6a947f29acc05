using System.Net;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

/// <summary>A patient, or staff for a patient, moves an appointment, has it another way, or cancels it at short notice.</summary>
public sealed class ChangeTests : WebTest
{
    [Fact]
    public async Task A_patient_moves_an_appointment_to_another_day_and_says_why()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var target = Seed.AmarasTomorrow.Slots[2];

        var details = await browser.GetAsync($"/appointments/{appointment}");
        var days = await browser.GetAsync(details.Link("Choose another time"));
        var times = await browser.GetAsync(days.Link("Tuesday 3 March 2026"));
        var confirm = await browser.SubmitAsync(times, "Continue", ("Slot", target.Id.ToString()));
        var silent = await browser.SubmitAsync(confirm, "Move the appointment");
        var moved = await browser.SubmitAsync(silent, "Move the appointment", ("Reason", "I work <today>"));

        Assert.Contains("We keep this time for you until 8:40am", confirm.Main, StringComparison.Ordinal);
        Assert.Contains("You keep the old time", confirm.Main, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, "Enter why you need another time"), (silent.Status, silent.Errors.Single().Text));
        Assert.Contains("It is now on Tuesday 3 March 2026 at 9:30am.", moved.Main, StringComparison.Ordinal);
        var after = await Web.FindAsync(Actor.For(Seed.Margaret), appointment);
        Assert.Equal((target.Start, AppointmentStatus.Booked), (after.Start, after.Status));
        await Web.Signalling.NextAsync(Cancelled);
        Assert.Contains(Web.Signalling.Received, r => r.Command is { Type: ClinicCommandType.Cancel, Consultation: { } c } && c.Value == appointment.Value);
    }

    [Fact]
    public async Task A_time_that_is_taken_meanwhile_leaves_the_appointment_where_it_is()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var target = Seed.AmarasTomorrow.Slots[0];
        var confirm = await browser.SubmitAsync(await browser.GetAsync($"/appointments/{appointment}/move/2026-03-03"), "Continue", ("Slot", target.Id.ToString()));
        Web.Time.Advance(Slot.HoldTime);
        await Web.BookAsync(Seed.Mohammed, target);

        var gone = await browser.SubmitAsync(confirm, "Move the appointment", ("Reason", "I work today"));

        Assert.Contains("that time has gone", gone.Main, StringComparison.Ordinal);
        Assert.Contains("It is still on Monday 2 March 2026 at 9am", gone.Main, StringComparison.Ordinal);
        Assert.DoesNotContain(gone.Document.QuerySelectorAll("input[name=Slot]"), i => i.GetAttribute("value") == target.Id.ToString());
        Assert.Equal(Seed.At(9).Start, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Start);
    }

    [Fact]
    public async Task What_has_begun_or_is_cancelled_cannot_be_moved_and_says_so()
    {
        var begun = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var confirm = await browser.SubmitAsync(await browser.GetAsync($"/appointments/{begun}/move/2026-03-03"), "Continue", ("Slot", Seed.AmarasTomorrow.Slots[0].Id.ToString()));
        Web.Time.Advance(TimeSpan.FromMinutes(30));

        var page = await browser.GetAsync($"/appointments/{begun}/move");
        var sent = await browser.SubmitAsync(confirm, "Move the appointment", ("Reason", "I work today"));
        var way = await browser.GetAsync($"/appointments/{begun}/way");

        Assert.All([page, sent], p => Assert.Contains("cannot be moved any more", p.Main, StringComparison.Ordinal));
        Assert.Contains("cannot be changed any more", way.Main, StringComparison.Ordinal);
        Assert.Equal(Seed.At(9).Start, (await Web.FindAsync(Actor.For(Seed.Margaret), begun)).Start);
    }

    [Fact]
    public async Task A_slot_of_another_service_is_no_target()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var other = Seed.TomaszsMorning.Slots[1];

        var page = await browser.GetAsync($"/appointments/{appointment}/move/to/{other.Id}");

        Assert.DoesNotContain("Move the appointment", page.Main, StringComparison.Ordinal);
        Assert.Equal(Seed.At(9).Start, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Start);
    }

    [Fact]
    public async Task The_same_appointment_is_held_by_phone_and_by_video_again()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.TomaszsMorning.Slots[1]);
        using var browser = await Web.SignInAsync(People.Margaret);
        var details = await browser.GetAsync($"/appointments/{appointment}");

        var form = await browser.GetAsync(details.Link("Have it another way"));
        var phone = await browser.SubmitAsync(form, "Save", ("Channel", "Telephone"));
        var byPhone = await Web.FindAsync(Actor.For(Seed.Margaret), appointment);
        var wrong = await browser.SubmitAsync(form, "Save", ("Channel", "InPerson"));
        await browser.SubmitAsync(form, "Save", ("Channel", "Video"));

        Assert.Contains("The appointment is now: phone call", phone.Main, StringComparison.Ordinal);
        Assert.Equal((DeliveryChannel.Telephone, null), (byPhone.Channel, byPhone.JoinOpensAt));
        Assert.Equal((HttpStatusCode.BadRequest, "Select one of the ways below"), (wrong.Status, wrong.Errors.Single().Text));
        var after = await Web.FindAsync(Actor.For(Seed.Margaret), appointment);
        Assert.Equal((DeliveryChannel.Video, Seed.TomaszsMorning.Slots[1].Start), (after.Channel, after.Start));
    }

    [Fact]
    public async Task Short_notice_is_explained_before_it_is_cancelled()
    {
        var soon = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var tomorrow = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        using var browser = await Web.SignInAsync(People.Margaret);

        var shown = await browser.GetAsync($"/appointments/{soon}/cancel");
        var inTime = await browser.GetAsync($"/appointments/{tomorrow}/cancel");
        // The form was opened 24 and a half hours before, and is sent less than 24 hours before.
        Web.Time.Advance(TimeSpan.FromMinutes(20));
        await browser.GetAsync("/appointments");
        Web.Time.Advance(TimeSpan.FromMinutes(15));
        var explained = await browser.SubmitAsync(inTime, "Cancel the appointment", ("Reason", "I feel better"));
        var stands = (await Web.FindAsync(Actor.For(Seed.Margaret), tomorrow)).Status;
        var done = await browser.SubmitAsync(explained, "Cancel the appointment", ("Reason", "I feel better"));

        Assert.Contains("less than 24 hours", shown.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("less than 24 hours", inTime.Main, StringComparison.Ordinal);
        Assert.Contains("less than 24 hours", explained.Main, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.BadRequest, AppointmentStatus.Booked), (explained.Status, stands));
        Assert.Equal("I feel better", explained.Document.QuerySelector("textarea#Reason")?.TextContent.Trim());
        Assert.Contains("The appointment is cancelled.", done.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_late_cancelling_costs_is_said_by_the_rules_of_the_service_before_it_is_done()
    {
        await Web.WithAsync<Clinical.Data.ClinicalDbContext, bool>(db => db.WriteAsync(Actor.System(Seed.Riverside.Id), "test.arrange", null, async () =>
        {
            var service = await db.Services.FindAsync(Seed.Gp.Id) ?? throw new InvalidOperationException("No service.");
            service.BookBy(service.Rules with { LateFeePence = 1500, LateNoticeHours = 12 });
            return true;
        }, Cancelled));
        var soon = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        var tomorrow = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        using var browser = await Web.SignInAsync(People.Margaret);

        var late = await browser.GetAsync($"/appointments/{soon}/cancel");
        var inTime = await browser.GetAsync($"/appointments/{tomorrow}/cancel");
        var done = await browser.SubmitAsync(late, "Cancel the appointment", ("Reason", "I feel better"));

        Assert.Contains("starts in less than 12 hours", late.Main, StringComparison.Ordinal);
        Assert.Contains("it costs £15. Not to come costs the same. The practice asks you for this money; you do not pay here.", late.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("£15", inTime.Main, StringComparison.Ordinal);
        Assert.Contains("The appointment is cancelled.", done.Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Staff_move_a_patients_appointment_from_the_patients_page()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Helen);
        var patient = await browser.GetAsync($"/practice/patients/{Seed.Margaret.Id}");

        var days = await browser.GetAsync(patient.Link("Move the appointment on Monday 2 March 2026 at 9am"));
        var times = await browser.GetAsync(days.Link("Tuesday 3 March 2026"));
        var confirm = await browser.SubmitAsync(times, "Continue", ("Slot", Seed.AmarasTomorrow.Slots[0].Id.ToString()));
        var moved = await browser.SubmitAsync(confirm, "Move the appointment", ("Reason", "The clinician is ill"));

        Assert.Contains("Margaret Hughes", confirm.Main, StringComparison.Ordinal);
        Assert.Equal($"/practice/patients/{Seed.Margaret.Id}", moved.Path);
        Assert.Equal(Seed.AmarasTomorrow.Slots[0].Start, (await Web.FindAsync(Actor.For(Seed.Margaret), appointment)).Start);
    }

    [Fact]
    public async Task A_booking_that_was_begun_is_found_again_after_a_refresh_and_a_new_sign_in()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        var times = await browser.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-02");
        var confirm = await browser.SubmitAsync(times, "Continue", ("Slot", Seed.At(10).Id.ToString()));
        Web.Time.Advance(TimeSpan.FromMinutes(4));

        var refreshed = await browser.GetAsync(confirm.Address.PathAndQuery);
        using var elsewhere = await Web.SignInAsync(People.Margaret);
        var mine = await elsewhere.GetAsync("/appointments");
        var resumed = await elsewhere.GetAsync(mine.Link("Go on booking this time"));

        Assert.All([refreshed, resumed], page =>
        {
            Assert.Contains("We keep this time for you until 8:40am", page.Main, StringComparison.Ordinal);
            Assert.Equal("360", page.Document.QuerySelector("[data-module=hold]")?.GetAttribute("data-seconds"));
        });
        Web.Time.Advance(TimeSpan.FromMinutes(6));
        Assert.DoesNotContain("You have not finished booking", (await elsewhere.GetAsync("/appointments")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Another_patient_sees_nothing_of_a_booking_that_was_begun()
    {
        await Web.WithAsync<BookingService, HoldOutcome>(booking => booking.HoldAsync(Actor.For(Seed.Margaret), Seed.At(10).Id, Seed.Margaret.Id, Cancelled));
        using var other = await Web.SignInAsync(People.Mohammed);

        Assert.DoesNotContain("You have not finished booking", (await other.GetAsync("/appointments")).Main, StringComparison.Ordinal);
        Assert.Null(await Web.WithAsync<AvailabilityService, AvailableSlot?>(availability => availability.HeldAsync(Actor.For(Seed.Mohammed), Seed.Margaret.Id, Cancelled)));
    }

    [Fact]
    public async Task Times_say_whose_clock_they_are_by_and_carry_the_instant()
    {
        using var browser = await Web.SignInAsync(People.Margaret);

        var times = await browser.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-02");

        Assert.Contains("Times are in London time.", times.Main, StringComparison.Ordinal);
        Assert.Equal(Seed.At(9).Start, DateTimeOffset.Parse(times.Document.QuerySelector("time")?.GetAttribute("datetime") ?? "", null));
    }
}
