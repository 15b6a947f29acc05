using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class DiaryTests
{
    private static readonly DateOnly Today = new(2026, 6, 9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_day_shows_every_clinic_and_what_stands_at_each_time()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (margaret, mohammed) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddMinutes(-15), slots: 7);
        await clinic.AddSlotsAsync(clinic.Now.AddDays(1));
        var other = await clinic.AddClinicianAsync();
        await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1, practitioner: other);
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[1], margaret));
        await clinic.HoldAsync(slots[2], mohammed, clinic.Staff);
        await BlockAsync(clinic, slots[3], "Staff meeting");
        var missed = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[4], mohammed));
        await clinic.ClinicianWaitsAsync(missed.Appointment);
        await clinic.MissAsync(missed.Appointment, absence: Absence.WasNotBrought);
        await clinic.AskAsync<AttendanceService, ArrivedOutcome>(attendance => attendance.MarkArrivedAsync(clinic.Staff, booked.Appointment, Cancel));
        await clinic.HoldAsync(slots[6], mohammed, clinic.Staff);

        var day = await DayAsync(clinic);

        Assert.Equal(["Dr Tomasz Nowak", "Dr Amara Okafor"], day.Select(row => row.PractitionerName));
        Assert.Equal(
            ["07:45 Unused", "08:00 Arrived Margaret Hughes", "08:15 Unused", "08:30 Blocked Staff meeting", "08:45 WasNotBrought Mohammed Iqbal", "09:00 Free", "09:15 Held Mohammed Iqbal"],
            day[1].Entries.Select(Line));
        Assert.Equal(booked.Appointment, day[1].Entries[1].Appointment);
        Assert.Equal("09:00 Free", Line(Assert.Single(day[0].Entries)));
    }

    [Fact]
    public async Task A_groups_free_places_are_one_line()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var seats = await clinic.AddGroupAsync(clinic.Now.AddHours(1), places: 5);
        await clinic.BookAsync(seats[0], await clinic.AddPatientAsync());

        var entries = (await DayAsync(clinic))[0].Entries;
        var next = await NextAsync(clinic, new DiaryFilter());

        Assert.Equal(["09:00 Booked Margaret Hughes x1", "09:00 Free x4"], entries.Select(entry => $"{Line(entry)} x{entry.Places}"));
        Assert.Single(next);
    }

    [Fact]
    public async Task The_filter_chooses_service_clinician_and_channel()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var other = await clinic.AddClinicianAsync();
        await clinic.AddSlotsAsync(clinic.Now.AddHours(2), slots: 1);
        var theirs = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1, practitioner: other);

        Assert.Equal(theirs[0].Id, (await NextAsync(clinic, new DiaryFilter()))[0].Slot);
        Assert.Equal("Dr Amara Okafor", Assert.Single(await NextAsync(clinic, new DiaryFilter(Practitioner: clinic.Practitioner.Id))).PractitionerName);
        Assert.Equal(2, (await NextAsync(clinic, new DiaryFilter(Service: clinic.Service.Id, Channel: DeliveryChannel.Telephone))).Count);
        Assert.Empty(await NextAsync(clinic, new DiaryFilter(Channel: DeliveryChannel.InPerson)));
        Assert.Empty(await DayAsync(clinic, new DiaryFilter(Service: HealthcareServiceId.New())));
        Assert.Single(await DayAsync(clinic, new DiaryFilter(Practitioner: other.Id)));
    }

    [Fact]
    public async Task The_next_free_time_is_one_that_can_be_booked()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddMinutes(-15), slots: 6);
        await clinic.BookAsync(slots[1], patient);
        await clinic.HoldAsync(slots[2], await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        await BlockAsync(clinic, slots[3], "Lunch");

        var next = await NextAsync(clinic, new DiaryFilter());
        var later = await clinic.AskAsync<DiaryService, IReadOnlyList<FreeTime>>(diary => diary.NextFreeAsync(clinic.Staff, new DiaryFilter(), Today.AddDays(1), 10, Cancel));

        Assert.Equal([slots[4].Id, slots[5].Id], next.Select(row => row.Slot));
        Assert.Equal("08:45", next[0].Start.ToString("HH:mm"));
        Assert.Empty(later);
    }

    [Fact]
    public async Task A_blocked_time_is_not_sold_until_it_is_given_back()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1))[0];

        var silent = await BlockAsync(clinic, slot, " ");
        var blocked = await BlockAsync(clinic, slot, "Staff meeting");
        var twice = await BlockAsync(clinic, slot, "Staff meeting");
        var refused = await clinic.BookAsync(slot, patient);
        var given = await UnblockAsync(clinic, slot);
        var sold = await clinic.BookAsync(slot, patient);
        var late = await BlockAsync(clinic, slot, "Too late");

        Assert.IsType<BlockOutcome.ReasonMissing>(silent);
        Assert.Equal(new BlockOutcome.Blocked(slot.ScheduleId), blocked);
        Assert.IsType<BlockOutcome.NotFree>(twice);
        Assert.IsType<BookOutcome.Taken>(refused);
        Assert.Equal(new BlockOutcome.Unblocked(slot.ScheduleId), given);
        Assert.IsType<BookOutcome.Booked>(sold);
        Assert.IsType<BlockOutcome.NotFree>(late);
        Assert.IsType<BlockOutcome.NotBlocked>(await UnblockAsync(clinic, slot));
        var events = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.EntityId == slot.Id.Value && row.Entity == nameof(Slot)).OrderBy(row => row.Id).ToListAsync(Cancel));
        Assert.Equal([("slot.block", "Staff meeting"), ("slot.unblock", null)], events.Select(row => (row.Action, row.Reason)));
        Assert.All(events, row => Assert.NotNull(row.Before));
    }

    [Fact]
    public async Task Only_staff_block_and_only_in_their_own_practice()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1))[0];

        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<SlotService, BlockOutcome>(slots => slots.BlockAsync(clinic.Clinician, slot.Id, "Because", Cancel)));
        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<DiaryService, IReadOnlyList<DiaryClinic>>(diary => diary.DayAsync(clinic.Clinician, Today, new DiaryFilter(), Cancel)));
        Assert.IsType<BlockOutcome.NotFound>(await clinic.AskAsync<SlotService, BlockOutcome>(slots => slots.BlockAsync(neighbour.Staff, slot.Id, "Because", Cancel)));
        Assert.Empty(await clinic.AskAsync<DiaryService, IReadOnlyList<DiaryClinic>>(diary => diary.DayAsync(neighbour.Staff, Today, new DiaryFilter(), Cancel)));
        Assert.Null(await clinic.AskAsync<DiaryService, DiarySlot?>(diary => diary.SlotAsync(neighbour.Staff, slot.Id, Cancel)));
    }

    [Fact]
    public async Task A_full_time_takes_one_more_on_purpose_and_never_offers_that_place_again()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second, third) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"), await clinic.AddPatientAsync("Mei", "Chen"));
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1))[0];

        var early = await OverbookAsync(clinic, slot, first);
        await clinic.BookAsync(slot, first);
        var silent = await OverbookAsync(clinic, slot, second, " ");
        var booked = Assert.IsType<OverbookOutcome.Booked>(await OverbookAsync(clinic, slot, second));
        var overlap = await OverbookAsync(clinic, slot, second);
        var entries = (await DayAsync(clinic))[0].Entries;
        await clinic.CancelAsync(booked.Appointment, clinic.Staff);
        var refused = await clinic.BookAsync(slot, third);

        Assert.IsType<OverbookOutcome.StillFree>(early);
        Assert.IsType<OverbookOutcome.ReasonMissing>(silent);
        Assert.IsType<OverbookOutcome.Overlaps>(overlap);
        Assert.Equal(["09:00 Booked Margaret Hughes", "09:00 Booked Mohammed Iqbal (extra)"], entries.Select(entry => Line(entry) + (entry.IsExtra ? " (extra)" : "")));
        Assert.IsType<BookOutcome.Taken>(refused);
        Assert.Equal("09:00 Booked Margaret Hughes", Line(Assert.Single((await DayAsync(clinic))[0].Entries)));
        Assert.IsType<BlockOutcome.NotBlocked>(await UnblockAsync(clinic, slot));
        var audit = await clinic.ReadAsync(db => db.AuditEvents.SingleAsync(row => row.EntityId == booked.Appointment.Value && row.Action == "appointment.overbook", Cancel));
        Assert.Equal(("Child with fever", clinic.Staff.PersonId), (audit.Reason, audit.ActorId));
    }

    [Fact]
    public async Task Overbooking_refuses_what_is_over_not_offered_or_not_theirs()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var (first, second) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddMinutes(5), slots: 1))[0];
        await clinic.BookAsync(slot, first);
        Task<OverbookOutcome> TryAsync(Actor actor, DeliveryChannel channel) =>
            clinic.AskAsync<BookingService, OverbookOutcome>(booking => booking.OverbookAsync(actor, new OverbookRequest(slot.Id, second.Id, channel, "Because"), Cancel));

        Assert.IsType<OverbookOutcome.NotFound>(await TryAsync(neighbour.Staff, DeliveryChannel.Video));
        Assert.IsType<OverbookOutcome.ChannelNotOffered>(await TryAsync(clinic.Staff, DeliveryChannel.InPerson));
        await Assert.ThrowsAsync<NotAllowedException>(() => TryAsync(Actor.For(second), DeliveryChannel.Video));
        await Assert.ThrowsAsync<NotAllowedException>(() => TryAsync(clinic.Clinician, DeliveryChannel.Video));
        clinic.Clock.SetUtcNow(slot.End);
        Assert.IsType<OverbookOutcome.InThePast>(await TryAsync(clinic.Staff, DeliveryChannel.Video));
    }

    [Fact]
    public async Task A_week_lists_the_clinics_of_its_days()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 3);
        await clinic.AddSlotsAsync(clinic.Now.AddDays(6), slots: 2);
        await clinic.AddSlotsAsync(clinic.Now.AddDays(7), slots: 2);
        await clinic.BookAsync(slots[0], await clinic.AddPatientAsync());

        var week = await clinic.AskAsync<ClinicService, IReadOnlyList<ClinicSummary>>(clinics => clinics.ClinicsOfDaysAsync(clinic.Staff, Today, 7, Cancel));

        Assert.Equal([(1, 2), (0, 2)], week.Select(row => (row.Booked, row.Free)));
        Assert.All(week, row => Assert.Equal(clinic.Practitioner.Id, row.PractitionerId));
    }

    private static string Line(DiaryEntry entry) => string.Join(' ', new[] { entry.Start.ToString("HH:mm"), entry.State.ToString(), entry.Patient, entry.Note }.Where(part => part is not null));

    private static Task<IReadOnlyList<DiaryClinic>> DayAsync(TestClinic clinic, DiaryFilter? filter = null) =>
        clinic.AskAsync<DiaryService, IReadOnlyList<DiaryClinic>>(diary => diary.DayAsync(clinic.Staff, Today, filter ?? new DiaryFilter(), Cancel));

    private static Task<IReadOnlyList<FreeTime>> NextAsync(TestClinic clinic, DiaryFilter filter) =>
        clinic.AskAsync<DiaryService, IReadOnlyList<FreeTime>>(diary => diary.NextFreeAsync(clinic.Staff, filter, Today, 10, Cancel));

    private static Task<BlockOutcome> BlockAsync(TestClinic clinic, Slot slot, string reason) =>
        clinic.AskAsync<SlotService, BlockOutcome>(slots => slots.BlockAsync(clinic.Staff, slot.Id, reason, Cancel));

    private static Task<BlockOutcome> UnblockAsync(TestClinic clinic, Slot slot) =>
        clinic.AskAsync<SlotService, BlockOutcome>(slots => slots.UnblockAsync(clinic.Staff, slot.Id, Cancel));

    private static Task<OverbookOutcome> OverbookAsync(TestClinic clinic, Slot slot, Patient patient, string reason = "Child with fever") =>
        clinic.AskAsync<BookingService, OverbookOutcome>(booking => booking.OverbookAsync(clinic.Staff, new OverbookRequest(slot.Id, patient.Id, DeliveryChannel.Video, reason), Cancel));
}
