using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class ClinicPublisherTests
{
    private static readonly DateOnly Today = new(2026, 6, 9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_weekly_pattern_is_planned_and_then_published_without_breaks_and_exceptions()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var request = Request(clinic) with
        {
            Last = Today.AddDays(13),
            Days = [DayOfWeek.Tuesday, DayOfWeek.Thursday],
            Break = (new TimeOnly(10, 0), new TimeOnly(10, 20)),
            Except = [Today.AddDays(7)],
        };

        var planned = Assert.IsType<PublishOutcome.Planned>(await PlanAsync(clinic, clinic.Staff, request));
        var before = await clinic.ReadAsync(db => db.Slots.CountAsync(Cancel));
        var published = await PublishAsync(clinic, clinic.Staff, request);

        Assert.Equal([new PublishDay(Today, 6, null), new(Today.AddDays(2), 6, null), new(Today.AddDays(9), 6, null)], planned.Days);
        Assert.Equal(0, before);
        Assert.Equal(new PublishOutcome.Published(3, 18), published);
        var slots = await clinic.ReadAsync(db => db.Slots.Where(row => row.Day == Today).OrderBy(row => row.Start).ToListAsync(Cancel));
        Assert.Equal(["09:00", "09:15", "09:30", "09:45", "10:30", "10:45"], slots.Select(slot => clinic.Practice.Time.ToLocal(slot.Start).ToString("HH:mm")));
        var audit = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Action == "clinic.publish").ToListAsync(Cancel));
        Assert.Equal(3, audit.Count);
        Assert.All(audit, row => Assert.Equal((nameof(Schedule), clinic.Staff.PersonId), (row.Entity, row.ActorId)));
    }

    [Fact]
    public async Task A_clinician_is_not_published_into_two_places()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var there = await clinic.AddSlotsAsync(clinic.Practice.Time.At(Today.AddDays(1), new TimeOnly(10, 45)), slots: 4);
        var request = Request(clinic) with { Last = Today.AddDays(2) };

        var planned = Assert.IsType<PublishOutcome.Planned>(await PlanAsync(clinic, clinic.Staff, request));
        var published = await PublishAsync(clinic, clinic.Staff, request);
        var again = await PublishAsync(clinic, clinic.Staff, request);

        Assert.Equal(new PublishDay(Today.AddDays(1), 0, there[0].Start), planned.Days[1]);
        Assert.Equal(new PublishOutcome.Published(2, 16), published);
        Assert.Equal(new PublishOutcome.Published(0, 0), again);
    }

    [Theory]
    [InlineData("2026-10-24", "2026-10-26")]
    [InlineData("2026-03-28", "2026-03-30")]
    public async Task Around_a_clock_change_the_wall_clock_and_the_lengths_are_kept(string first, string last)
    {
        var (from, to) = (DateOnly.ParseExact(first, "yyyy-MM-dd"), DateOnly.ParseExact(last, "yyyy-MM-dd"));
        await using var clinic = await TestClinic.CreateAsync(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));

        await PublishAsync(clinic, clinic.Staff, Request(clinic) with { First = from, Last = to });

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
        var good = Request(clinic);
        var other = TestClinic.NewService(clinic.Practice, "Blood test", 15);
        await clinic.WriteAsync(db => db.Services.Add(other));
        PublishRequest[] impossible =
        [
            good with { First = Today.AddDays(-1) },
            good with { Last = Today.AddDays(-1) },
            good with { Last = Today.AddDays(ClinicPublisher.MostDays) },
            good with { Days = [] },
            good with { End = good.Start },
            good with { Break = (new TimeOnly(10, 0), new TimeOnly(10, 0)) },
            good with { Break = (new TimeOnly(8, 0), new TimeOnly(10, 0)) },
            good with { Break = (new TimeOnly(10, 0), new TimeOnly(12, 0)) },
        ];

        foreach (var request in impossible)
            Assert.IsType<PublishOutcome.Impossible>(await PublishAsync(clinic, clinic.Staff, request));
        Assert.IsType<PublishOutcome.NotOffered>(await PublishAsync(clinic, clinic.Staff, good with { Service = other.Id }));
        Assert.IsType<PublishOutcome.NotFound>(await PublishAsync(clinic, neighbour.Staff, good));
        await Assert.ThrowsAsync<NotAllowedException>(() => PublishAsync(clinic, clinic.Clinician, good));
        await Assert.ThrowsAsync<NotAllowedException>(() => PlanAsync(clinic, clinic.Clinician, good));
        Assert.Equal(0, await clinic.ReadAsync(db => db.Schedules.CountAsync(Cancel)));
    }

    /// <summary>From 9am to 11am today, every day of the week.</summary>
    private static PublishRequest Request(TestClinic clinic) =>
        new(clinic.Practitioner.Id, clinic.Service.Id, Today, Today, Enum.GetValues<DayOfWeek>(), new TimeOnly(9, 0), new TimeOnly(11, 0), null, []);

    private static Task<PublishOutcome> PlanAsync(TestClinic clinic, Actor actor, PublishRequest request) =>
        clinic.AskAsync<ClinicPublisher, PublishOutcome>(publisher => publisher.PlanAsync(actor, request, Cancel));

    private static Task<PublishOutcome> PublishAsync(TestClinic clinic, Actor actor, PublishRequest request) =>
        clinic.AskAsync<ClinicPublisher, PublishOutcome>(publisher => publisher.PublishAsync(actor, request, Cancel));
}
