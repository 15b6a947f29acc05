using System.Net;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Pages;

public sealed class SeriesTests : WebTest
{
    [Fact]
    public async Task A_patient_books_a_series_moves_all_of_it_and_cancels_the_rest()
    {
        await AddWeeksAsync(hour: 10, days: [7, 14]);
        await AddWeeksAsync(hour: 14, days: [0, 7]);
        using var browser = await Web.SignInAsync(People.Margaret);
        var confirm = await browser.SubmitAsync(await browser.GetAsync($"/appointments/book/{Seed.Gp.Id}/2026-03-02"), "Continue", ("Slot", Seed.At(10).Id.ToString()));
        var form = await browser.GetAsync(confirm.Link("Book this time every few weeks"));

        var wrong = await browser.GetAsync($"{form.Path}?every=0&times=many");
        var dates = await browser.GetAsync($"{form.Path}?every=1&times=4");
        var booked = await browser.SubmitAsync(dates, "Book the free dates");
        var mine = await MineAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "Enter a number of weeks from 1 to 12", "#Every"), (wrong.Status, wrong.Errors[0].Text, wrong.Errors[0].Field));
        Assert.Contains(wrong.Errors, error => error == ("Enter a number of appointments from 2 to 12", "#Times"));
        Assert.Contains("3 of 4 dates are free", dates.Main, StringComparison.Ordinal);
        Assert.Contains("Monday 23 March 2026 at 10am: not free", dates.Main, StringComparison.Ordinal);
        Assert.Contains("3 appointments are booked.", booked.Main, StringComparison.Ordinal);
        Assert.Equal([Seed.Today(10), Seed.Today(10).AddDays(7), Seed.Today(10).AddDays(14)], mine.Select(row => row.Start));

        var move = await browser.SubmitAsync(await browser.GetAsync($"/appointments/{mine[0].Id}/move/2026-03-02"), "Continue", ("Slot", (await SlotAtAsync(Seed.Today(14))).ToString()));
        var moved = await browser.SubmitAsync(move, "Move the appointment", ("Reason", "I work then"), ("All", "true"));
        var after = (await MineAsync()).OrderBy(row => row.Start).Select(row => row.Start).ToList();
        var cancel = await browser.GetAsync($"/appointments/{mine[1].Id}/cancel");
        var cancelled = await browser.SubmitAsync(cancel, "Cancel the appointment", ("Reason", "I feel better"), ("All", "true"));

        Assert.Contains("2 of 3 appointments are moved. For the others nothing is free then", moved.Main, StringComparison.Ordinal);
        Assert.Equal([Seed.Today(14), Seed.Today(14).AddDays(7), Seed.Today(10).AddDays(14)], after);
        Assert.Contains("2 appointments are cancelled.", cancelled.Main, StringComparison.Ordinal);
        Assert.Equal([Seed.Today(14)], (await MineAsync()).Select(row => row.Start));
    }

    [Fact]
    public async Task One_of_a_series_is_cancelled_alone_and_one_booked_alone_is_not_asked()
    {
        await AddWeeksAsync(hour: 10, days: [7]);
        await Web.WithAsync<BookingService, SeriesOutcome>(booking => booking.BookSeriesAsync(Actor.For(Seed.Margaret), new SeriesRequest(Seed.At(10).Id, Seed.Margaret.Id, DeliveryChannel.Video, 1, 2), Cancelled));
        var alone = await Web.BookAsync(Seed.Margaret, Seed.AmarasTomorrow.Slots[0]);
        var mine = await MineAsync();
        using var browser = await Web.SignInAsync(People.Margaret);

        var asked = await browser.GetAsync($"/appointments/{mine[0].Id}/cancel");
        await browser.SubmitAsync(asked, "Cancel the appointment", ("Reason", "I feel better"));

        Assert.Contains("one of a series", asked.Main, StringComparison.Ordinal);
        Assert.DoesNotContain("one of a series", (await browser.GetAsync($"/appointments/{alone}/cancel")).Main, StringComparison.Ordinal);
        Assert.Equal([Seed.AmarasTomorrow.Slots[0].Start, Seed.Today(10).AddDays(7)], (await MineAsync()).Select(row => row.Start));
    }

    private async Task AddWeeksAsync(int hour, int[] days) => await Web.WithAsync<ClinicalDbContext, bool>(db => db.WriteAsync(Actor.System(Seed.Riverside.Id), "test.arrange", null, () =>
    {
        foreach (var day in days)
        {
            var (schedule, slots) = Schedule.Publish(Seed.Amara, Seed.Gp, Seed.Today(hour).AddDays(day), Seed.Today(hour, 15).AddDays(day), PracticeTime.For("Europe/London"));
            db.Schedules.Add(schedule);
            db.Slots.AddRange(slots);
        }

        return Task.FromResult(true);
    }, Cancelled));

    private Task<SlotId> SlotAtAsync(DateTimeOffset start) => Web.WithAsync<ClinicalDbContext, SlotId>(db =>
    {
        db.ActFor(Actor.System(Seed.Riverside.Id));
        return Task.FromResult(db.Slots.Single(row => row.Start == start && row.ServiceId == Seed.Gp.Id).Id);
    });

    private async Task<IReadOnlyList<AppointmentView>> MineAsync() =>
        (await Web.WithAsync<AppointmentQueries, MyAppointments>(queries => queries.OfPatientAsync(Actor.For(Seed.Margaret), Seed.Margaret.Id, Cancelled))).Coming;
}
