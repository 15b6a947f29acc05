using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class MoveTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Moving_sells_the_new_slot_and_frees_the_old_one_and_keeps_id_and_reference()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var target = (await clinic.AddSlotsAsync(clinic.Now.AddDays(1)))[1];

        var moved = Assert.IsType<MoveOutcome.Moved>(await clinic.MoveAsync(appointment.Id, target, Actor.For(patient)));

        var after = await clinic.AppointmentAsync(appointment.Id);
        Assert.Equal((appointment.Reference, target.Id, target.ScheduleId, target.Start, target.End), (after.Reference, after.SlotId, after.ScheduleId, after.Start, after.End));
        Assert.Equal((appointment.ScheduleId, target.ScheduleId, appointment.Room), (moved.From, moved.To, moved.OldRoom));
        Assert.Equal(new Room(target.ScheduleId, appointment.Id), after.Room);
        Assert.Equal((SlotStatus.Free, SlotStatus.Busy), ((await clinic.SlotAsync(appointment.SlotId)).Status, (await clinic.SlotAsync(target.Id)).Status));
    }

    [Fact]
    public async Task A_move_leaves_history_and_an_event_with_actor_reason_before_and_after()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var target = (await clinic.AddSlotsAsync(clinic.Now.AddDays(1)))[0];
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));

        await clinic.MoveAsync(appointment.Id, target, clinic.Staff, reason: "The clinician is ill");

        var history = await clinic.ReadAsync(db => db.AppointmentChanges.Where(row => row.AppointmentId == appointment.Id).OrderBy(row => row.Version).ToListAsync(Cancel));
        Assert.Equal([("appointment.book", appointment.Start), ("appointment.move", target.Start)], history.Select(row => (row.Action, row.Start)));
        Assert.Equal((clinic.Now, "The clinician is ill", ActorRole.Staff), (history[1].At, history[1].Reason, history[1].ActorRole));
        var audit = await clinic.ReadAsync(db => db.AuditEvents.SingleAsync(row => row.Action == "appointment.move", Cancel));
        Assert.Equal((clinic.Staff.PersonId, "The clinician is ill"), (audit.ActorId, audit.Reason));
        Assert.Equal(appointment.SlotId.ToString(), JsonDocument.Parse(audit.Before ?? "").RootElement.GetProperty("SlotId").GetString());
        Assert.Equal(target.Id.ToString(), JsonDocument.Parse(audit.After ?? "").RootElement.GetProperty("SlotId").GetString());
    }

    [Fact]
    public async Task A_move_to_a_slot_that_is_sold_or_held_for_another_changes_nothing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddDays(1));
        await clinic.BookAsync(slots[0], other);
        await clinic.HoldAsync(slots[1], other);

        Assert.IsType<MoveOutcome.Taken>(await clinic.MoveAsync(appointment.Id, slots[0], Actor.For(patient)));
        Assert.IsType<MoveOutcome.Taken>(await clinic.MoveAsync(appointment.Id, slots[1], Actor.For(patient)));

        var after = await clinic.AppointmentAsync(appointment.Id);
        Assert.Equal((appointment.SlotId, SlotStatus.Busy), (after.SlotId, (await clinic.SlotAsync(appointment.SlotId)).Status));
    }

    [Fact]
    public async Task Of_many_moves_to_one_slot_at_once_one_succeeds_and_the_others_keep_theirs()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var booked = new List<(Appointment Appointment, Patient Patient)>();
        for (var index = 0; index < 12; index++)
            booked.Add(await clinic.BookedAsync(TimeSpan.FromHours(1 + index)));
        var target = (await clinic.AddSlotsAsync(clinic.Now.AddDays(1), slots: 1))[0];

        var outcomes = await Task.WhenAll(booked.Select(row => Task.Run(() => clinic.MoveAsync(row.Appointment.Id, target, Actor.For(row.Patient)), Cancel)));

        Assert.Single(outcomes.OfType<MoveOutcome.Moved>());
        Assert.Equal(11, outcomes.OfType<MoveOutcome.Taken>().Count());
        Assert.Equal(12, await clinic.ReadAsync(db => db.Slots.CountAsync(slot => slot.Status == SlotStatus.Busy, Cancel)));
        Assert.Equal(12, await clinic.ReadAsync(db => db.Appointments.Select(row => row.SlotId).Distinct().CountAsync(Cancel)));
    }

    [Fact]
    public async Task Two_appointments_of_a_patient_do_not_overlap_after_a_move_but_an_appointment_may_move_within_its_own_time()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var (second, _) = await clinic.BookedAsync(TimeSpan.FromHours(5), patient);
        var colleague = await clinic.AddClinicianAsync();
        var overFirst = (await clinic.AddSlotsAsync(first.Start.AddMinutes(5), slots: 1, colleague))[0];

        var refused = Assert.IsType<MoveOutcome.Overlaps>(await clinic.MoveAsync(second.Id, overFirst, Actor.For(patient)));
        var allowed = await clinic.MoveAsync(first.Id, overFirst, Actor.For(patient));

        Assert.Equal(first.Id, refused.Appointment);
        Assert.IsType<MoveOutcome.Moved>(allowed);
    }

    [Fact]
    public async Task A_patient_moves_until_the_start_and_within_the_service_staff_later_and_to_another()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromMinutes(10));
        var target = (await clinic.AddSlotsAsync(clinic.Now.AddDays(1)))[0];
        var nurse = TestClinic.NewService(clinic.Practice, "Nurse review", 20);
        await clinic.WriteAsync(db => db.Services.Add(nurse));
        var elsewhere = (await clinic.AddSlotsAsync(clinic.Now.AddDays(2), service: nurse))[0];

        var otherService = await clinic.MoveAsync(appointment.Id, elsewhere, Actor.For(patient));
        clinic.Clock.Advance(TimeSpan.FromMinutes(10));
        var late = await clinic.MoveAsync(appointment.Id, target, Actor.For(patient));
        var silent = await clinic.MoveAsync(appointment.Id, elsewhere, clinic.Staff, reason: " ");
        var byStaff = await clinic.MoveAsync(appointment.Id, elsewhere, clinic.Staff);

        Assert.IsType<MoveOutcome.OtherService>(otherService);
        Assert.IsType<MoveOutcome.TooLate>(late);
        Assert.IsType<MoveOutcome.ReasonMissing>(silent);
        Assert.IsType<MoveOutcome.Moved>(byStaff);
        Assert.Equal(nurse.Id, (await clinic.AppointmentAsync(appointment.Id)).ServiceId);
    }

    [Fact]
    public async Task Others_and_other_practices_cannot_move_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var (appointment, _) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var target = (await clinic.AddSlotsAsync(clinic.Now.AddDays(1)))[0];

        Assert.IsType<MoveOutcome.NotFound>(await clinic.MoveAsync(appointment.Id, target, Actor.For(other)));
        Assert.IsType<MoveOutcome.NotFound>(await clinic.MoveAsync(appointment.Id, target, clinic.Clinician));
        Assert.IsType<MoveOutcome.NotFound>(await neighbour.MoveAsync(appointment.Id, target, neighbour.Staff));
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(target.Id)).Status);
    }

    [Fact]
    public async Task Who_had_arrived_has_not_arrived_for_the_new_time()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromMinutes(10));
        await clinic.JoinAsync(appointment.Id, patient);
        var target = (await clinic.AddSlotsAsync(clinic.Now.AddDays(1)))[0];

        Assert.IsType<MoveOutcome.Moved>(await clinic.MoveAsync(appointment.Id, target, clinic.Staff));

        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(appointment.Id)).Status);
        Assert.Null(await clinic.EncounterAsync(appointment.Id));
        Assert.IsType<JoinOutcome.TooEarly>(await clinic.JoinAsync(appointment.Id, patient));
    }

    [Fact]
    public async Task What_is_over_or_in_progress_does_not_move()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var target = (await clinic.AddSlotsAsync(clinic.Now.AddDays(1)))[0];
        var (cancelled, _) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        await clinic.CancelAsync(cancelled.Id, clinic.Staff);
        var call = await TestCall.AdmittedAsync(clinic);

        Assert.IsType<MoveOutcome.TooLate>(await clinic.MoveAsync(cancelled.Id, target, clinic.Staff));
        Assert.IsType<MoveOutcome.TooLate>(await clinic.MoveAsync(call.Appointment.Id, target, clinic.Staff));
    }

    [Fact]
    public async Task The_same_move_sent_twice_moves_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        var target = (await clinic.AddSlotsAsync(clinic.Now.AddDays(1)))[0];
        await clinic.MoveAsync(appointment.Id, target, Actor.For(patient));

        Assert.IsType<MoveOutcome.SameTime>(await clinic.MoveAsync(appointment.Id, target, Actor.For(patient)));
        Assert.Equal(2, await clinic.ReadAsync(db => db.AppointmentChanges.CountAsync(row => row.AppointmentId == appointment.Id, Cancel)));
    }

    [Fact]
    public async Task Held_another_way_a_video_appointment_loses_its_room_and_gets_it_back()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        Task<SwitchOutcome> SwitchAsync(DeliveryChannel channel, Actor actor) =>
            clinic.AskAsync<BookingService, SwitchOutcome>(booking => booking.SwitchChannelAsync(actor, appointment.Id, channel, Cancel));

        var phone = Assert.IsType<SwitchOutcome.Switched>(await SwitchAsync(DeliveryChannel.Telephone, Actor.For(patient)));
        var without = (await clinic.AppointmentAsync(appointment.Id)).Room;
        var refused = await SwitchAsync(DeliveryChannel.InPerson, Actor.For(patient));
        var other = await SwitchAsync(DeliveryChannel.Video, Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal")));
        await SwitchAsync(DeliveryChannel.Video, clinic.Staff);

        Assert.Equal(appointment.Room, phone.OldRoom);
        Assert.Null(without);
        Assert.IsType<SwitchOutcome.ChannelNotOffered>(refused);
        Assert.IsType<SwitchOutcome.NotFound>(other);
        Assert.Equal(appointment.Room, (await clinic.AppointmentAsync(appointment.Id)).Room);
        Assert.Equal(3, await clinic.ReadAsync(db => db.AppointmentChanges.CountAsync(row => row.AppointmentId == appointment.Id, Cancel)));
    }
}
