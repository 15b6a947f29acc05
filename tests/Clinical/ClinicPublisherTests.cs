using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>Weekly clinics go into the diary for a range of days.</summary>
public sealed class ClinicPublisherTests
{
    private static readonly DateOnly Today = new(2026, 6, 9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Weekly_clinics_are_planned_and_then_published_with_their_breaks_and_without_their_exceptions()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var template = await clinic.AddTemplateAsync(details => details with { Days = [DayOfWeek.Tuesday, DayOfWeek.Thursday], Breaks = [new(new(10, 0), new(10, 20))], Channels = [DeliveryChannel.Telephone] });
        await clinic.ExceptAsync(template, Today.AddDays(7), null);
        await clinic.ExceptAsync(template, Today.AddDays(8), (new(14, 0), new(15, 0)));
        var request = new PublishRequest(Today, Today.AddDays(13), null);

        var planned = Assert.IsType<PublishOutcome.Planned>(await PlanAsync(clinic, clinic.Staff, request));
        var before = await clinic.ReadAsync(db => db.Slots.CountAsync(Cancel));
        var published = await PublishAsync(clinic, clinic.Staff, request);

        Assert.Equal([(Today, 6), (Today.AddDays(2), 6), (Today.AddDays(8), 4), (Today.AddDays(9), 6)], planned.Days.Select(day => (day.Day, day.Times)));
        Assert.All(planned.Days, day => Assert.Null(day.Why));
        Assert.Equal(0, before);
        Assert.Equal(new PublishOutcome.Published(4, 22), published);
        // What would run into the break begins after it.
        Assert.Equal(["09:00", "09:15", "09:30", "09:45", "10:20", "10:35"], await TimesAsync(clinic, Today));
        Assert.Equal(["14:00", "14:15", "14:30", "14:45"], await TimesAsync(clinic, Today.AddDays(8)));
        var audit = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Action == "clinic.publish").ToListAsync(Cancel));
        Assert.Equal(4, audit.Count);
        Assert.All(audit, row => Assert.Equal((nameof(Schedule), clinic.Staff.PersonId), (row.Entity, row.ActorId)));
        var slot = await clinic.ReadAsync(db => db.Slots.FirstAsync(row => row.Day == Today, Cancel));
        Assert.IsType<Booking.BookOutcome.ChannelNotOffered>(await clinic.BookAsync(slot, await clinic.AddPatientAsync()));
    }

    [Fact]
    public async Task A_clinician_is_not_published_into_two_places()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.AddSlotsAsync(clinic.Practice.Time.At(Today.AddDays(1), new TimeOnly(10, 45)), slots: 4);
        await clinic.AddTemplateAsync();
        // A second weekly clinic at the same hours: whichever comes first in the day stands.
        await clinic.AddTemplateAsync(details => details with { Start = new(10, 0), End = new(12, 0) });
        var request = new PublishRequest(Today, Today.AddDays(2), clinic.Practitioner.Id);

        var planned = Assert.IsType<PublishOutcome.Planned>(await PlanAsync(clinic, clinic.Staff, request));
        var published = await PublishAsync(clinic, clinic.Staff, request);
        var again = Assert.IsType<PublishOutcome.Planned>(await PlanAsync(clinic, clinic.Staff, request));

        Assert.Equal([null, NotPublished.Clash, NotPublished.Clash, NotPublished.Clash, null, NotPublished.Clash], planned.Days.Select(day => day.Why));
        Assert.Equal(new PublishOutcome.Published(2, 16), published);
        Assert.Equal([NotPublished.Already, NotPublished.Clash, NotPublished.Clash, NotPublished.Clash, NotPublished.Already, NotPublished.Clash], again.Days.Select(day => day.Why));
    }

    [Fact]
    public async Task Leave_closures_bank_holidays_and_a_withdrawn_service_are_left_out()
    {
        await using var clinic = await TestClinic.CreateAsync(new DateTimeOffset(2026, 12, 21, 8, 0, 0, TimeSpan.Zero));
        var monday = new DateOnly(2026, 12, 21);
        var template = await clinic.AddTemplateAsync(details => details with { From = monday });
        await clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.AddAsync(clinic.Staff, new TimeOffDetails(clinic.Practitioner.Id, monday.AddDays(1), monday.AddDays(1), "Annual leave"), [], Cancel));
        await clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.AddAsync(clinic.Staff, new TimeOffDetails(null, monday.AddDays(2), monday.AddDays(2), "Training"), [], Cancel));
        await clinic.AskAsync<TimeOffService, TimeOffOutcome>(off => off.KeepBankHolidaysAsync(clinic.Administrator, HolidayRegion.EnglandAndWales, [], Cancel));
        // The clinic has hours of its own on Christmas Day: somebody means it.
        await clinic.ExceptAsync(template, monday.AddDays(4), (new(10, 0), new(11, 0)));

        var planned = Assert.IsType<PublishOutcome.Planned>(await PlanAsync(clinic, clinic.Staff, new PublishRequest(monday, monday.AddDays(7), null)));

        Assert.Equal(
            [(null, null), (NotPublished.Leave, "Annual leave"), (NotPublished.Closed, "Training"), (null, null), (null, null), (null, null), (null, null)],
            planned.Days.Select(day => (day.Why, day.Note)).Take(7));
        Assert.Equal(NotPublished.BankHoliday, planned.Days[7].Why);
        await clinic.WriteAsync(async db => (await db.Services.SingleAsync(row => row.Id == clinic.Service.Id, Cancel)).Deactivate());
        planned = Assert.IsType<PublishOutcome.Planned>(await PlanAsync(clinic, clinic.Staff, new PublishRequest(monday, monday, null)));
        Assert.Equal(NotPublished.ServiceWithdrawn, planned.Days[0].Why);
    }

    [Theory]
    [InlineData("2026-10-24", "2026-10-26")]
    [InlineData("2026-03-28", "2026-03-30")]
    public async Task Around_a_clock_change_the_wall_clock_and_the_lengths_are_kept(string first, string last)
    {
        var (from, to) = (DateOnly.ParseExact(first, "yyyy-MM-dd"), DateOnly.ParseExact(last, "yyyy-MM-dd"));
        await using var clinic = await TestClinic.CreateAsync(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
        await clinic.AddTemplateAsync(details => details with { From = new DateOnly(2026, 1, 5) });

        await PublishAsync(clinic, clinic.Staff, new PublishRequest(from, to, null));

        var slots = await clinic.ReadAsync(db => db.Slots.OrderBy(row => row.Start).ToListAsync(Cancel));
        Assert.Equal(24, slots.Count);
        Assert.All(slots, slot => Assert.Equal(TimeSpan.FromMinutes(15), slot.End - slot.Start));
        Assert.All(slots.GroupBy(slot => slot.Day), day => Assert.Equal(
            ["09:00", "09:15", "09:30", "09:45", "10:00", "10:15", "10:30", "10:45"], day.Select(slot => clinic.Practice.Time.ToLocal(slot.Start).ToString("HH:mm"))));
    }

    [Fact]
    public async Task What_cannot_be_is_refused()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        await clinic.AddTemplateAsync();
        var good = new PublishRequest(Today, Today, clinic.Practitioner.Id);
        PublishRequest[] impossible = [good with { First = Today.AddDays(-1) }, good with { Last = Today.AddDays(-1) }, good with { Last = Today.AddDays(ClinicPublisher.MostDays) }];

        foreach (var request in impossible)
            Assert.IsType<PublishOutcome.Impossible>(await PublishAsync(clinic, clinic.Staff, request));
        Assert.IsType<PublishOutcome.NotFound>(await PublishAsync(clinic, neighbour.Staff, good));
        Assert.Equal(new PublishOutcome.Published(0, 0), await PublishAsync(clinic, neighbour.Staff, good with { Practitioner = null }));
        await Assert.ThrowsAsync<NotAllowedException>(() => PublishAsync(clinic, clinic.Clinician, good));
        await Assert.ThrowsAsync<NotAllowedException>(() => PlanAsync(clinic, clinic.Clinician, good));
        Assert.Equal(0, await clinic.ReadAsync(db => db.Schedules.CountAsync(Cancel)));
    }

    private static async Task<List<string>> TimesAsync(TestClinic clinic, DateOnly day) =>
        (await clinic.ReadAsync(db => db.Slots.Where(row => row.Day == day).OrderBy(row => row.Start).ToListAsync(Cancel))).ConvertAll(slot => clinic.Practice.Time.ToLocal(slot.Start).ToString("HH:mm"));

    private static Task<PublishOutcome> PlanAsync(TestClinic clinic, Actor actor, PublishRequest request) =>
        clinic.AskAsync<ClinicPublisher, PublishOutcome>(publisher => publisher.PlanAsync(actor, request, Cancel));

    private static Task<PublishOutcome> PublishAsync(TestClinic clinic, Actor actor, PublishRequest request) =>
        clinic.AskAsync<ClinicPublisher, PublishOutcome>(publisher => publisher.PublishAsync(actor, request, Cancel));
}
