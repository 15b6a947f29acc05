using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class SeriesTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_series_keeps_the_time_of_the_clock_across_the_clock_change_and_names_the_dates_on_which_nothing_is_free()
    {
        // London goes back an hour on 25 October 2026.
        await using var clinic = await TestClinic.CreateAsync(new DateTimeOffset(2026, 10, 12, 7, 0, 0, TimeSpan.Zero));
        var patient = await clinic.AddPatientAsync();
        var first = await SlotsAsync(clinic, new DateOnly(2026, 10, 13), weeks: 2, count: 3);
        await clinic.BookAsync(first[1], await clinic.AddPatientAsync("Mohammed", "Iqbal"));

        var booked = Assert.IsType<SeriesOutcome.Booked>(await BookAsync(clinic, patient, first[0], every: 2, times: 4));

        var mine = await MineAsync(clinic, patient);
        Assert.Equal([first[0].Start, first[2].Start], mine.Select(row => row.Start));
        Assert.Equal([9, 9], mine.Select(row => clinic.Practice.Time.ToLocal(row.Start).Hour));
        Assert.Equal([clinic.Practice.Time.At(new DateOnly(2026, 10, 27), new TimeOnly(9, 0)), clinic.Practice.Time.At(new DateOnly(2026, 11, 24), new TimeOnly(9, 0))], booked.Missing);
        Assert.Single(mine.Select(row => row.Series).Distinct());
        Assert.NotNull(mine[0].Series);
        Assert.Equal(4, await clinic.ReadAsync(db => db.Messages.CountAsync(row => row.PatientId == patient.Id, Cancel)));
    }

    [Fact]
    public async Task Sent_twice_it_books_nothing_more()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await SlotsAsync(clinic, new DateOnly(2026, 6, 10), weeks: 1, count: 3);

        await BookAsync(clinic, patient, slots[0]);
        var again = Assert.IsType<SeriesOutcome.Booked>(await BookAsync(clinic, patient, slots[0]));

        Assert.Equal((3, 0), (again.Appointments.Count, again.Missing.Count));
        Assert.Equal(3, (await MineAsync(clinic, patient)).Count);
    }

    [Fact]
    public async Task One_is_cancelled_alone_or_with_all_later_ones()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await SlotsAsync(clinic, new DateOnly(2026, 6, 10), weeks: 1, count: 4);
        await BookAsync(clinic, patient, slots[0], times: 4);
        var mine = await MineAsync(clinic, patient);

        await clinic.CancelAsync(mine[0].Id, Actor.For(patient));
        var one = await MineAsync(clinic, patient);
        await clinic.AskAsync<BookingService, IReadOnlyList<CancelOutcome>>(booking => booking.CancelSeriesAsync(Actor.For(patient), mine[2].Id, "Better", Cancel));
        var rest = await MineAsync(clinic, patient);

        Assert.Equal(mine.Skip(1).Select(row => row.Id), one.Select(row => row.Id));
        Assert.Equal([mine[1].Id], rest.Select(row => row.Id));
        Assert.Equal(3, await clinic.ReadAsync(db => db.Slots.CountAsync(row => row.Status == SlotStatus.Free, Cancel)));
    }

    [Fact]
    public async Task All_later_ones_move_by_as_many_days_and_those_without_a_free_time_stay()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await SlotsAsync(clinic, new DateOnly(2026, 6, 10), weeks: 1, count: 3);
        var targets = await SlotsAsync(clinic, new DateOnly(2026, 6, 12), weeks: 1, count: 2, hour: 14);
        await BookAsync(clinic, patient, slots[0]);
        var mine = await MineAsync(clinic, patient);

        var outcomes = await clinic.AskAsync<BookingService, IReadOnlyList<MoveOutcome>>(booking => booking.MoveSeriesAsync(Actor.For(patient), new MoveRequest(mine[0].Id, targets[0].Id, Reason: "I work then"), Cancel));

        Assert.Equal(["Moved", "Moved", "Taken"], outcomes.Select(outcome => outcome.GetType().Name));
        Assert.Equal([targets[0].Start, targets[1].Start, slots[2].Start], (await MineAsync(clinic, patient)).Select(row => row.Start));
    }

    [Fact]
    public async Task All_later_ones_are_held_another_way()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await SlotsAsync(clinic, new DateOnly(2026, 6, 10), weeks: 1, count: 3);
        await BookAsync(clinic, patient, slots[0]);
        var mine = await MineAsync(clinic, patient);

        await clinic.AskAsync<BookingService, IReadOnlyList<SwitchOutcome>>(booking => booking.SwitchSeriesAsync(Actor.For(patient), mine[1].Id, DeliveryChannel.Telephone, Cancel));

        Assert.Equal([DeliveryChannel.Video, DeliveryChannel.Telephone, DeliveryChannel.Telephone], (await MineAsync(clinic, patient)).Select(row => row.Channel));
    }

    [Fact]
    public async Task What_is_out_of_range_taken_or_anothers_is_refused()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var patient = await clinic.AddPatientAsync();
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var slots = await SlotsAsync(clinic, new DateOnly(2026, 6, 10), weeks: 1, count: 3);
        await clinic.BookAsync(slots[0], other);

        foreach (var (every, times) in new[] { (0, 3), (13, 3), (1, 1), (1, 13) })
            Assert.IsType<SeriesOutcome.OutOfRange>(await BookAsync(clinic, patient, slots[1], every, times));
        Assert.IsType<BookOutcome.Taken>(Assert.IsType<SeriesOutcome.Refused>(await BookAsync(clinic, patient, slots[0])).First);
        Assert.IsType<BookOutcome.NotFound>(Assert.IsType<SeriesOutcome.Refused>(await BookAsync(clinic, patient, slots[1], actor: Actor.For(other))).First);
        Assert.IsType<BookOutcome.NotFound>(Assert.IsType<SeriesOutcome.Refused>(await BookAsync(neighbour, patient, slots[1], actor: neighbour.Staff)).First);
        Assert.Empty(await MineAsync(clinic, patient));
    }

    /// <summary>A slot on the same weekday at the same hour of the clock, every so many weeks.</summary>
    private static async Task<List<Slot>> SlotsAsync(TestClinic clinic, DateOnly first, int weeks, int count, int hour = 9)
    {
        var slots = new List<Slot>();
        for (var turn = 0; turn < count; turn++)
            slots.Add((await clinic.AddSlotsAsync(clinic.Practice.Time.At(first.AddDays(7 * weeks * turn), new TimeOnly(hour, 0)).ToUniversalTime(), slots: 1))[0]);
        return slots;
    }

    private static Task<SeriesOutcome> BookAsync(TestClinic clinic, Patient patient, Slot first, int every = 1, int times = 3, Actor? actor = null) =>
        clinic.AskAsync<BookingService, SeriesOutcome>(booking => booking.BookSeriesAsync(actor ?? Actor.For(patient), new SeriesRequest(first.Id, patient.Id, DeliveryChannel.Video, every, times), Cancel));

    private static Task<List<Appointment>> MineAsync(TestClinic clinic, Patient patient) =>
        clinic.ReadAsync(db => db.Appointments.AsNoTracking().Where(row => row.PatientId == patient.Id && row.Status == AppointmentStatus.Booked).OrderBy(row => row.Start).ToListAsync(Cancel));
}
