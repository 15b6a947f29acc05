using System.Net;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class BookingTests : WebTest
{
    private static readonly string TimesOfToday = $"/appointments/book/{Seed.Gp.Id}/2026-03-02";

    [Fact]
    public async Task A_patient_books_a_service_a_day_and_a_time_and_sees_the_appointment()
    {
        using var browser = await Web.SignInAsync(People.Margaret);

        var services = await browser.GetAsync("/appointments/book");
        var days = await browser.GetAsync(services.Link("GP consultation"));
        var times = await browser.GetAsync(days.Link("Monday 2 March 2026"));
        var confirm = await browser.SubmitAsync(times, "Continue", ("Slot", Seed.At(9, 15).Id.ToString()));
        var booked = await browser.SubmitAsync(confirm, "Confirm the appointment");

        Assert.Contains("12 times free", days.Main, StringComparison.Ordinal);
        Assert.Contains("9:15am to 9:30am", confirm.Main, StringComparison.Ordinal);
        Assert.Contains("We keep this time for you until 8:40am", confirm.Main, StringComparison.Ordinal);
        Assert.Equal("Appointment booked", booked.Heading);
        Assert.Matches("[2-9A-Z]{4}-[2-9A-Z]{4}", booked.Main);
        var mine = await browser.GetAsync("/appointments");
        Assert.Contains("Monday 2 March 2026 at 9:15am", mine.Main, StringComparison.Ordinal);
        Assert.Contains("Dr Amara Okafor", mine.Main, StringComparison.Ordinal);
        await Web.Signalling.NextAsync(Cancelled);
        Assert.Contains(Web.Signalling.Received, r => r.Command.Type == ClinicCommandType.ClinicChanged && r.Command.Clinic.Value == Seed.AmarasMorning.Schedule.Id.Value);
    }

    [Fact]
    public async Task Going_on_without_a_time_shows_what_is_wrong_and_where()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        var times = await browser.GetAsync(TimesOfToday);

        var again = await browser.SubmitAsync(times, "Continue");

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.StartsWith("Error: ", again.Document.Title, StringComparison.Ordinal);
        Assert.Equal([("Select a time", "#Slot")], again.Errors);
        Assert.NotNull(again.Document.QuerySelector("input#Slot[type=radio]"));
    }

    [Fact]
    public async Task Two_browsers_that_take_one_time_at_once_sell_it_once()
    {
        using var margaret = await Web.SignInAsync(People.Margaret);
        using var mohammed = await Web.SignInAsync(People.Mohammed);
        var slot = ("Slot", Seed.At(10).Id.ToString());
        var pages = await Task.WhenAll(margaret.GetAsync(TimesOfToday), mohammed.GetAsync(TimesOfToday));

        var chosen = await Task.WhenAll(margaret.SubmitAsync(pages[0], "Continue", slot), mohammed.SubmitAsync(pages[1], "Continue", slot));

        var winner = Assert.Single(chosen, p => p.Heading == "Check and confirm the appointment");
        var loser = Assert.Single(chosen, p => p != winner);
        Assert.Contains("Someone else has just booked 10am", loser.Main, StringComparison.Ordinal);
        Assert.Contains("9:45am", loser.Main, StringComparison.Ordinal);
        Assert.Contains("10:15am", loser.Main, StringComparison.Ordinal);
        Assert.Equal(5, loser.Document.QuerySelectorAll("input[name=Slot]").Length);
        Assert.DoesNotContain(loser.Document.QuerySelectorAll("input[name=Slot]"), i => i.GetAttribute("value") == Seed.At(10).Id.ToString());
        var booked = await (winner == chosen[0] ? margaret : mohammed).SubmitAsync(winner, "Confirm the appointment");
        Assert.Equal("Appointment booked", booked.Heading);
    }

    [Fact]
    public async Task Two_browsers_that_confirm_one_time_at_once_sell_it_once()
    {
        using var margaret = await Web.SignInAsync(People.Margaret);
        using var mohammed = await Web.SignInAsync(People.Mohammed);
        var first = await margaret.SubmitAsync(await margaret.GetAsync(TimesOfToday), "Continue", ("Slot", Seed.At(10).Id.ToString()));
        // Her hold runs out; his begins; then both confirm.
        Web.Time.Advance(TimeSpan.FromMinutes(11));
        var second = await mohammed.SubmitAsync(await mohammed.GetAsync(TimesOfToday), "Continue", ("Slot", Seed.At(10).Id.ToString()));

        var ends = await Task.WhenAll(margaret.SubmitAsync(first, "Confirm the appointment"), mohammed.SubmitAsync(second, "Confirm the appointment"));

        Assert.Contains("that time has gone", ends[0].Main, StringComparison.Ordinal);
        Assert.Equal("Appointment booked", ends[1].Heading);
        Assert.Empty((await MineAsync(Actor.For(Seed.Margaret))).Coming);
        Assert.Single((await MineAsync(Actor.For(Seed.Mohammed))).Coming);
    }

    [Fact]
    public async Task A_form_sent_twice_books_once()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        var confirm = await browser.SubmitAsync(await browser.GetAsync(TimesOfToday), "Continue", ("Slot", Seed.At(9, 30).Id.ToString()));

        var once = await browser.SubmitAsync(confirm, "Confirm the appointment");
        var twice = await browser.SubmitAsync(confirm, "Confirm the appointment");

        Assert.Equal(once.Path, twice.Path);
        Assert.Single((await MineAsync(Actor.For(Seed.Margaret))).Coming);
    }

    [Fact]
    public async Task What_the_patient_wants_to_talk_about_reaches_the_clinician_and_is_not_lost_when_too_long()
    {
        using var patient = await Web.SignInAsync(People.Margaret);
        using var clinician = await Web.SignInAsync(People.Amara);
        var confirm = await patient.SubmitAsync(await patient.GetAsync(TimesOfToday), "Continue", ("Slot", Seed.At(9, 30).Id.ToString()));
        var text = new string('r', 501);

        var tooLong = await patient.SubmitAsync(confirm, "Confirm the appointment", ("Reason", text));
        var booked = await patient.SubmitAsync(tooLong, "Confirm the appointment", ("Reason", "A cough <since> Monday"));

        Assert.Equal(HttpStatusCode.BadRequest, tooLong.Status);
        Assert.Equal([("The reason must be 500 characters or fewer", "#Reason")], tooLong.Errors);
        Assert.Equal(text, tooLong.Document.QuerySelector("textarea#Reason")?.TextContent);
        var appointment = booked.Path.Split('/')[2];
        Assert.Contains("A cough <since> Monday", (await patient.GetAsync($"/appointments/{appointment}")).Main, StringComparison.Ordinal);
        Assert.Contains("A cough <since> Monday", (await clinician.GetAsync($"/clinics/consultations/{appointment}")).Main, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_appointment_at_the_same_time_is_refused_in_words()
    {
        await Web.BookAsync(Seed.Margaret, Seed.TomaszsMorning.Slots[0]);
        using var browser = await Web.SignInAsync(People.Margaret);
        var confirm = await browser.SubmitAsync(await browser.GetAsync(TimesOfToday), "Continue", ("Slot", Seed.At(9, 15).Id.ToString()));

        var page = await browser.SubmitAsync(confirm, "Confirm the appointment");

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        Assert.Contains("You have another appointment", page.Errors.Single().Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_is_held_in_several_ways_asks_how()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        var times = await browser.GetAsync($"/appointments/book/{Seed.Physiotherapy.Id}/2026-03-02");
        var confirm = await browser.SubmitAsync(times, "Continue", ("Slot", Seed.TomaszsMorning.Slots[1].Id.ToString()));

        var again = await browser.SubmitAsync(confirm, "Confirm the appointment");
        var booked = await browser.SubmitAsync(again, "Confirm the appointment", ("Channel", "Telephone"));

        Assert.Equal(HttpStatusCode.BadRequest, again.Status);
        Assert.Equal([("Select how you want to have the appointment", "#Channel")], again.Errors);
        Assert.Contains("will phone you", booked.Main, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2026-02-30")]
    [InlineData("yesterday")]
    [InlineData("0001-01-01")]
    public async Task A_day_that_is_none_is_not_found(string day)
    {
        using var browser = await Web.SignInAsync(People.Margaret);

        var page = await browser.GetAsync($"/appointments/book/{Seed.Gp.Id}/{day}");

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.Equal("Page not found", page.Heading);
    }

    [Fact]
    public async Task A_day_without_free_times_offers_others()
    {
        using var browser = await Web.SignInAsync(People.Margaret);

        var page = await browser.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-04");

        Assert.Equal("No free times on Wednesday 4 March 2026", page.Heading);
        Assert.NotEmpty(page.Link("Tuesday 3 March 2026"));
    }

    [Fact]
    public async Task Cancelling_asks_for_a_reason_keeps_it_and_tells_the_waiting_room()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var browser = await Web.SignInAsync(People.Margaret);
        var details = await browser.GetAsync($"/appointments/{appointment}");
        var form = await browser.GetAsync(details.Link("Cancel this appointment"));

        var empty = await browser.SubmitAsync(form, "Cancel the appointment", ("Reason", "  "));
        var tooLong = await browser.SubmitAsync(form, "Cancel the appointment", ("Reason", new string('x', 501)));
        var done = await browser.SubmitAsync(form, "Cancel the appointment", ("Reason", "I feel <b>better</b> now"));

        Assert.Equal([("Enter why the appointment is cancelled", "#Reason")], empty.Errors);
        Assert.Equal([("The reason must be 500 characters or fewer", "#Reason")], tooLong.Errors);
        Assert.Equal(new string('x', 501), tooLong.Document.QuerySelector("textarea#Reason")?.TextContent.Trim());
        Assert.Contains("The appointment is cancelled.", done.Document.QuerySelector(".nhsuk-notification-banner--success")?.TextContent);
        var after = await browser.GetAsync($"/appointments/{appointment}");
        Assert.Contains("I feel <b>better</b> now", after.Main, StringComparison.Ordinal);
        await Web.Signalling.NextAsync(Cancelled);
        Assert.Contains(Web.Signalling.Received, r => r.Command is { Type: ClinicCommandType.Cancel, Consultation: { } c } && c.Value == appointment.Value);
        Assert.Equal(0, await CountAsync(browser));
    }

    [Fact]
    public async Task Past_and_missing_appointments_have_words_too()
    {
        using var browser = await Web.SignInAsync(People.Margaret);
        var empty = await browser.GetAsync("/appointments");
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        await Web.WithAsync<BookingService, CancelOutcome>(b => b.CancelAsync(Actor.For(Seed.Margaret), appointment, "Better", Cancelled));

        var page = await browser.GetAsync("/appointments");

        Assert.Contains("You have no appointments coming up.", empty.Main, StringComparison.Ordinal);
        Assert.Contains("Past appointments", page.Main, StringComparison.Ordinal);
        Assert.Contains("Cancelled", page.Main, StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(Browser browser) => (await browser.GetAsync("/appointments")).Document.QuerySelectorAll("a[href$='/join']").Length;

    private Task<MyAppointments> MineAsync(Actor actor) =>
        Web.WithAsync<AppointmentQueries, MyAppointments>(a => a.OfPatientAsync(actor, new Clinical.PatientId(actor.PersonId), Cancelled));
}
