using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class AvailabilityTests
{
    private static readonly DateOnly Today = new(2026, 6, 9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Days_and_slots_show_what_is_free_from_now_on()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (patient, other) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddMinutes(-15), slots: 6);
        await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 3);
        await clinic.BookAsync(slots[1], other);
        await clinic.HoldAsync(slots[2], other);
        await clinic.HoldAsync(slots[3], patient);

        var days = await DaysAsync(clinic, patient);
        var free = await SlotsAsync(clinic, patient, Today);

        Assert.Equal([new AvailableDay(Today, 3), new AvailableDay(Today.AddDays(2), 3)], days);
        Assert.Equal([slots[3].Id, slots[4].Id, slots[5].Id], free.Select(slot => slot.Id));
        Assert.Equal([clinic.Now.AddMinutes(10), null, null], free.Select(slot => slot.HeldForYouUntil));
        Assert.Equal("08:30 to 08:45 Dr Amara Okafor", $"{free[0].Start:HH:mm} to {free[0].End:HH:mm} {free[0].PractitionerName}");
    }

    [Fact]
    public async Task A_time_at_which_the_patient_has_another_appointment_is_not_offered_to_them()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (patient, other) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var (first, second, third) = (clinic.Now.AddHours(1), clinic.Now.AddHours(1).AddMinutes(15), clinic.Now.AddHours(1).AddMinutes(30));
        await clinic.AddSlotsAsync(first, slots: 3);
        var colleague = await clinic.AddClinicianAsync();
        var elsewhere = await clinic.AddSlotsAsync(second, slots: 1, practitioner: colleague, service: await HalfHourServiceAsync(clinic));
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(elsewhere[0], patient));
        Task<IReadOnlyList<AvailableSlot>> TimesAsync(Patient who, AppointmentId? moving = null) =>
            clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableSlot>>(service => service.SlotsAsync(clinic.Staff, clinic.Service.Id, who.Id, Today, Cancel, moving));

        var offered = await TimesAsync(patient);

        Assert.Equal([first], offered.Select(slot => slot.Start));
        Assert.Equal([new AvailableDay(Today, 1)], await DaysAsync(clinic, patient));
        Assert.Equal([first, second, third], (await TimesAsync(other)).Select(slot => slot.Start));
        Assert.Equal([first, second, third], (await TimesAsync(patient, moving: booked.Appointment)).Select(slot => slot.Start));
    }

    [Fact]
    public async Task An_expired_hold_shows_as_free_again()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1);
        await clinic.HoldAsync(slots[0], await clinic.AddPatientAsync());

        var held = await DaysAsync(clinic, null);
        clinic.Clock.Advance(Slot.HoldTime);
        var returned = await DaysAsync(clinic, null);

        Assert.Empty(held);
        Assert.Equal([new AvailableDay(Today, 1)], returned);
        Assert.Null(Assert.Single(await SlotsAsync(clinic, null, Today)).HeldForYouUntil);
    }

    [Fact]
    public async Task One_slot_is_found_by_those_who_can_book_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (patient, other) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1))[0];
        await clinic.HoldAsync(slot, patient);
        Task<AvailableSlot?> FindAsync(Patient who) => clinic.AskAsync<AvailabilityService, AvailableSlot?>(service => service.FindSlotAsync(Actor.For(who), slot.Id, who.Id, Cancel));

        Assert.Equal((slot.Id, clinic.Service.Id, clinic.Now.AddMinutes(10)), ((await FindAsync(patient))?.Id, (await FindAsync(patient))?.ServiceId, (await FindAsync(patient))?.HeldForYouUntil));
        Assert.Null(await FindAsync(other));
    }

    [Fact]
    public async Task Blocked_slots_and_inactive_services_are_not_offered()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 2);
        await clinic.WriteAsync(async db => (await db.Slots.SingleAsync(row => row.Id == slots[0].Id, Cancel)).Block(clinic.Now));

        var blocked = await SlotsAsync(clinic, null, Today);
        var services = await clinic.AskAsync<AvailabilityService, IReadOnlyList<ServiceView>>(service => service.ServicesAsync(clinic.Staff, null, Cancel));
        await clinic.WriteAsync(async db => (await db.Services.SingleAsync(Cancel)).Deactivate());

        Assert.Equal([slots[1].Id], blocked.Select(slot => slot.Id));
        Assert.Equal(("GP consultation", 15), (Assert.Single(services).Name, services[0].DurationMinutes));
        Assert.Empty(await SlotsAsync(clinic, null, Today));
        Assert.Empty(await DaysAsync(clinic, null));
        Assert.Empty(await clinic.AskAsync<AvailabilityService, IReadOnlyList<ServiceView>>(service => service.ServicesAsync(clinic.Staff, null, Cancel)));
    }

    [Fact]
    public async Task The_days_asked_for_are_the_days_shown_and_none_before_today()
    {
        await using var clinic = await TestClinic.CreateAsync();
        for (var day = 0; day < 6; day++)
            await clinic.AddSlotsAsync(clinic.Now.AddDays(day).AddHours(1), slots: 1);
        Task<IReadOnlyList<AvailableDay>> FromAsync(DateOnly from) =>
            clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableDay>>(service => service.DaysAsync(clinic.Staff, clinic.Service.Id, null, from, 3, Cancel));

        Assert.Equal([Today, Today.AddDays(1), Today.AddDays(2)], (await FromAsync(Today.AddDays(-100))).Select(day => day.Day));
        Assert.Equal([Today.AddDays(2), Today.AddDays(3), Today.AddDays(4)], (await FromAsync(Today.AddDays(2))).Select(day => day.Day));
        Assert.Empty(await FromAsync(Today.AddDays(60)));
    }

    [Theory]
    [InlineData("2026-03-29", 23, "00:00 00:30 02:00 02:30 03:00")]
    [InlineData("2026-10-25", 25, "00:00 00:30 01:00 01:30 01:00 01:30 02:00 02:30 03:00")]
    [InlineData("2026-06-07", 24, "00:00 00:30 01:00 01:30 02:00 02:30 03:00")]
    public async Task When_the_clocks_change_no_slot_vanishes_or_comes_twice(string date, int hours, string firstTimes)
    {
        var day = DateOnly.ParseExact(date, "yyyy-MM-dd", null);
        var time = PracticeTime.For("Europe/London");
        var (midnight, next) = time.BoundsOf(day);
        await using var clinic = await TestClinic.CreateAsync(midnight.AddDays(-2));
        var service = await HalfHourServiceAsync(clinic);
        var published = await clinic.AddSlotsAsync(midnight.AddHours(-3), slots: (hours + 6) * 2, service: service);

        var shown = new List<AvailableSlot>();
        foreach (var offset in new[] { -1, 0, 1 })
            shown.AddRange(await clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableSlot>>(slots => slots.SlotsAsync(clinic.Staff, service.Id, null, day.AddDays(offset), Cancel)));
        var onTheDay = shown.Where(slot => DateOnly.FromDateTime(slot.Start.DateTime) == day).ToList();
        var days = await clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableDay>>(slots => slots.DaysAsync(clinic.Staff, service.Id, null, day.AddDays(-1), 3, Cancel));

        Assert.Equal(hours, (next - midnight).TotalHours);
        Assert.Equal(published.Select(slot => slot.Id), shown.Select(slot => slot.Id));
        Assert.Equal(hours * 2, onTheDay.Count);
        Assert.Equal([6, hours * 2, 6], days.Select(row => row.Free));
        Assert.Equal(firstTimes, string.Join(' ', onTheDay.TakeWhile(slot => slot.Start.TimeOfDay <= TimeSpan.FromHours(3)).Select(slot => slot.Start.ToString("HH:mm"))));
        Assert.All(shown, slot => Assert.Equal(TimeSpan.FromMinutes(30), slot.End - slot.Start));
    }

    [Fact]
    public void In_every_zone_each_instant_belongs_to_exactly_one_day()
    {
        var zones = Gen.Elements("Europe/London", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Africa/Cairo", "Pacific/Apia");
        var minutes = Gen.Choose(0, 3 * 366 * 24 * 60);

        Prop.ForAll(zones.Zip(minutes).ToArbitrary(), drawn =>
        {
            var time = PracticeTime.For(drawn.Item1);
            var instant = new DateTimeOffset(2025, 1, 1, 0, 0, 0, TimeSpan.Zero).AddMinutes(drawn.Item2);
            var day = time.DayOf(instant);
            var (start, end) = time.BoundsOf(day);
            return start <= instant && instant < end
                && time.BoundsOf(day.AddDays(1)).Start == end
                && time.ToLocal(instant) == instant
                && DateOnly.FromDateTime(time.ToLocal(instant).DateTime) == day;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));
    }

    [Theory]
    [InlineData("2026-03-29", "01:30", "2026-03-29T02:30:00+01:00")]
    [InlineData("2026-10-25", "01:30", "2026-10-25T01:30:00+01:00")]
    [InlineData("2026-12-25", "09:00", "2026-12-25T09:00:00+00:00")]
    public void A_time_that_is_skipped_moves_on_and_one_that_comes_twice_is_the_first(string day, string time, string expected) =>
        Assert.Equal(expected, PracticeTime.For("Europe/London").At(DateOnly.ParseExact(day, "yyyy-MM-dd"), TimeOnly.ParseExact(time, "HH:mm")).ToString("yyyy-MM-ddTHH:mm:sszzz"));

    [Fact]
    public void A_session_has_whole_slots_only_and_ends_after_it_starts()
    {
        var start = TestClinic.Morning;
        var practitioner = new Practitioner { Id = PractitionerId.New(), PracticeId = PracticeId.New(), GivenName = "Amara", FamilyName = "Okafor" };
        var service = Service(practitioner.PracticeId);
        var time = PracticeTime.For("Europe/London");

        var (schedule, slots) = Schedule.Publish(practitioner, service, start, start.AddMinutes(50), time);

        Assert.Equal((start, start.AddMinutes(50)), (schedule.Start, schedule.End));
        Assert.Equal([start, start.AddMinutes(20)], slots.Select(slot => slot.Start));
        Assert.Throws<ArgumentException>(() => Schedule.Publish(practitioner, service, start, start, time));
        Assert.Throws<ArgumentException>(() => Schedule.Publish(practitioner, Service(PracticeId.New()), start, start.AddHours(1), time));
    }

    private static HealthcareService Service(PracticeId practice, int minutes = 20, string name = "Nurse review") => new()
    {
        Id = HealthcareServiceId.New(),
        PracticeId = practice,
        Name = name,
        Description = "A check.",
        DurationMinutes = minutes,
        Channels = [DeliveryChannel.Video],
    };

    private static async Task<HealthcareService> HalfHourServiceAsync(TestClinic clinic)
    {
        var service = Service(clinic.Practice.Id, 30, "Physiotherapy");
        await clinic.WriteAsync(db => db.Services.Add(service));
        return service;
    }

    private static Task<IReadOnlyList<AvailableDay>> DaysAsync(TestClinic clinic, Patient? patient) =>
        clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableDay>>(service =>
            service.DaysAsync(patient is null ? clinic.Staff : Actor.For(patient), clinic.Service.Id, patient?.Id, null, 28, Cancel));

    private static Task<IReadOnlyList<AvailableSlot>> SlotsAsync(TestClinic clinic, Patient? patient, DateOnly day) =>
        clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableSlot>>(service =>
            service.SlotsAsync(patient is null ? clinic.Staff : Actor.For(patient), clinic.Service.Id, patient?.Id, day, Cancel));
}
