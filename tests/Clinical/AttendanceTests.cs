using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class AttendanceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missed_appointment_is_marked_once_the_clinician_was_there_for_five_minutes()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var call = new TestCall(clinic, appointment, patient);
        var otherClinician = Actor.For(await clinic.AddClinicianAsync());

        var early = await clinic.MissAsync(appointment.Id);
        clinic.Clock.SetUtcNow(appointment.Start.AddMinutes(10));
        var alone = await clinic.MissAsync(appointment.Id);
        await clinic.ApplyAsync(call.Connected(ConsultationRole.Clinician));
        clinic.Clock.Advance(TimeSpan.FromMinutes(4));
        var tooShort = await clinic.MissAsync(appointment.Id);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        var foreign = await clinic.MissAsync(appointment.Id, otherClinician);
        var marked = await clinic.MissAsync(appointment.Id, clinic.Clinician);
        var again = await clinic.MissAsync(appointment.Id);

        Assert.Equal(Refused(new AttendanceRefusal.TooEarly(appointment.Start.AddMinutes(5))), early);
        Assert.Equal(Refused(new AttendanceRefusal.ClinicianNotThere(TimeSpan.Zero)), alone);
        Assert.Equal(Refused(new AttendanceRefusal.ClinicianNotThere(TimeSpan.FromMinutes(4))), tooShort);
        Assert.IsType<DidNotAttendOutcome.NotFound>(foreign);
        Assert.Equal(new DidNotAttendOutcome.Marked(appointment.ScheduleId, HasRoom: true, Absence.DidNotAttend), marked);
        Assert.Equal(new DidNotAttendOutcome.NotPossible(BoardStatus.DidNotAttend), again);
        Assert.Equal(AppointmentStatus.NoShow, (await clinic.AppointmentAsync(appointment.Id)).Status);
        Assert.Equal(SlotStatus.Busy, (await clinic.SlotAsync(appointment.SlotId)).Status);
        Assert.Equal([MessageKind.Missed, MessageKind.Missed], await ToldAsync(clinic, appointment.Id));
    }

    [Fact]
    public async Task A_clinician_who_has_the_board_open_is_there_too()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var other = Actor.For(await clinic.AddClinicianAsync());
        clinic.Clock.SetUtcNow(appointment.Start);
        for (var minute = 0; minute < 5; minute++)
        {
            await SeenAsync(clinic, clinic.Clinician, appointment.ScheduleId);
            await SeenAsync(clinic, other, appointment.ScheduleId);
            await SeenAsync(clinic, clinic.Staff, appointment.ScheduleId);
            clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var refused = await clinic.MissAsync(appointment.Id);
        await SeenAsync(clinic, clinic.Clinician, appointment.ScheduleId);
        var sightings = await clinic.ReadAsync(db => db.ClinicSightings.AsNoTracking().ToListAsync(Cancel));

        Assert.Equal(Refused(new AttendanceRefusal.ClinicianNotThere(TimeSpan.FromMinutes(4))), refused);
        var sighting = Assert.Single(sightings);
        Assert.Equal((appointment.Start, appointment.Start.AddMinutes(5)), (sighting.From, sighting.To));
        Assert.IsType<DidNotAttendOutcome.Marked>(await clinic.MissAsync(appointment.Id));
    }

    [Fact]
    public async Task A_board_that_was_closed_for_a_while_is_two_stays()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        clinic.Clock.SetUtcNow(appointment.Start);
        await SeenAsync(clinic, clinic.Clinician, appointment.ScheduleId);
        clinic.Clock.Advance(ClinicSightings.Apart + TimeSpan.FromSeconds(1));
        await SeenAsync(clinic, clinic.Clinician, appointment.ScheduleId);
        clinic.Clock.Advance(TimeSpan.FromDays(1));
        await SeenAsync(clinic, clinic.Clinician, appointment.ScheduleId);

        Assert.Equal(2, await clinic.ReadAsync(db => db.ClinicSightings.CountAsync(Cancel)));
        Assert.Equal(TimeSpan.Zero, (await EvidenceAsync(clinic, clinic.Staff, appointment.Id))?.ClinicianPresent);
    }

    [Fact]
    public async Task Who_was_in_the_waiting_room_did_not_miss_it_even_if_they_left()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var call = new TestCall(clinic, appointment, patient);
        await clinic.JoinAsync(appointment.Id, patient);
        var since = clinic.Now;
        await clinic.ApplyAsync(call.Waiting());
        clinic.Clock.Advance(TimeSpan.FromMinutes(2));
        await clinic.ApplyAsync(call.Disconnected(ConsultationRole.Patient));
        await clinic.ClinicianWaitsAsync(appointment.Id);

        var refused = await clinic.MissAsync(appointment.Id);
        var closed = await CloseAsync(clinic, appointment.Id, NotHeld.LeftBeforeSeen);

        Assert.Equal(Refused(new AttendanceRefusal.PatientCame(since)), refused);
        Assert.IsType<NotHeldOutcome.Closed>(closed);
        Assert.Equal(NotHeld.LeftBeforeSeen, (await clinic.AppointmentAsync(appointment.Id)).NotHeld);
        Assert.Null(await clinic.EncounterAsync(appointment.Id));
    }

    [Fact]
    public async Task Who_pressed_join_and_did_not_get_through_did_not_miss_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var tried = clinic.Now;
        await clinic.JoinAsync(appointment.Id, patient);
        await clinic.AskAsync<AttendanceService, UndoOutcome>(attendance => attendance.UndoAsync(clinic.Staff, appointment.Id, "Not here", Cancel));
        await clinic.ClinicianWaitsAsync(appointment.Id);

        var refused = await clinic.MissAsync(appointment.Id);
        var closed = await CloseAsync(clinic, appointment.Id, NotHeld.TechnicalFailure);

        Assert.Equal(Refused(new AttendanceRefusal.PatientTried(tried)), refused);
        Assert.IsType<NotHeldOutcome.Closed>(closed);
    }

    [Fact]
    public async Task What_happened_before_an_appointment_was_moved_says_nothing_of_the_new_time()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.JoinAsync(appointment.Id, patient);
        await clinic.ApplyAsync(new TestCall(clinic, appointment, patient).Waiting());
        var later = (await clinic.AddSlotsAsync(clinic.Now.AddHours(3), slots: 1))[0];
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.MoveAsync(appointment.Id, later, clinic.Staff);
        await clinic.ClinicianWaitsAsync(appointment.Id);

        Assert.IsType<DidNotAttendOutcome.Marked>(await clinic.MissAsync(appointment.Id));
    }

    [Fact]
    public async Task Someone_in_the_call_or_done_cannot_be_marked_as_missing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ClinicianWaitsAsync(call.Appointment.Id);

        var inCall = await clinic.MissAsync(call.Appointment.Id);
        var notHeld = await CloseAsync(clinic, call.Appointment.Id, NotHeld.TechnicalFailure);
        await call.FinishAsync();
        var done = await clinic.MissAsync(call.Appointment.Id);

        Assert.Equal(new DidNotAttendOutcome.NotPossible(BoardStatus.InCall), inCall);
        Assert.IsType<NotHeldOutcome.NotPossible>(notHeld);
        Assert.Equal(new DidNotAttendOutcome.NotPossible(BoardStatus.Done), done);
    }

    [Fact]
    public async Task A_mistake_is_corrected_with_a_reason_the_patient_is_told_and_can_join_after_all()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.ClinicianWaitsAsync(appointment.Id);
        await clinic.MissAsync(appointment.Id, clinic.Clinician);

        var silent = await UndoAsync(clinic, appointment.Id, " ");
        var corrected = await UndoAsync(clinic, appointment.Id, "Wrong row");
        var twice = await UndoAsync(clinic, appointment.Id, "Wrong row");

        Assert.IsType<UndoOutcome.ReasonMissing>(silent);
        Assert.Equal(new UndoOutcome.Undone(appointment.ScheduleId), corrected);
        Assert.IsType<UndoOutcome.NotPossible>(twice);
        Assert.Equal(2, (await ToldAsync(clinic, appointment.Id)).Count(kind => kind == MessageKind.MissedUndone));
        Assert.IsType<JoinOutcome.Ok>(await clinic.JoinAsync(appointment.Id, patient));
        Assert.Equal(EncounterStatus.Arrived, (await clinic.EncounterAsync(appointment.Id))?.Status);
    }

    [Fact]
    public async Task Who_was_not_brought_is_marked_so_and_undoing_takes_it_back()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        await clinic.ClinicianWaitsAsync(appointment.Id);

        await clinic.MissAsync(appointment.Id, absence: Absence.WasNotBrought);
        var marked = await clinic.AppointmentAsync(appointment.Id);
        await UndoAsync(clinic, appointment.Id, "The mother was parking the car");
        var undone = await clinic.AppointmentAsync(appointment.Id);

        Assert.Equal((AppointmentStatus.NoShow, Absence.WasNotBrought), (marked.Status, marked.Absence));
        Assert.Equal((AppointmentStatus.Booked, null), (undone.Status, undone.Absence));
        var events = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.EntityId == appointment.Id.Value).OrderBy(row => row.Id).ToListAsync(Cancel));
        Assert.Equal(["appointment.book", "appointment.was-not-brought", "appointment.undo-attendance"], events.Select(row => row.Action));
        Assert.Equal("The mother was parking the car", events[2].Reason);
        Assert.Contains("WasNotBrought", events[2].Before, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(16, Absence.DidNotAttend)]
    [InlineData(15, Absence.WasNotBrought)]
    [InlineData(0, Absence.WasNotBrought)]
    public async Task A_child_under_16_on_the_day_was_not_brought_whatever_is_pressed(int age, Absence expected)
    {
        await using var clinic = await TestClinic.CreateAsync();
        // The birthday is the day of the appointment.
        var child = await clinic.AddPatientAsync("Lily", "Hughes", born: new DateOnly(2026, 6, 9).AddYears(-age));
        var (appointment, _) = await clinic.BookedAsync(patient: child);
        await clinic.ClinicianWaitsAsync(appointment.Id);

        var marked = Assert.IsType<DidNotAttendOutcome.Marked>(await clinic.MissAsync(appointment.Id));

        Assert.Equal(expected, marked.As);
        Assert.Equal(expected, (await clinic.AppointmentAsync(appointment.Id)).Absence);
    }

    [Fact]
    public async Task Arriving_at_the_desk_is_undone_unless_the_patient_is_in_the_waiting_room()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();

        var arrived = await ArriveAsync(clinic, appointment.Id);
        var again = await ArriveAsync(clinic, appointment.Id);
        var undone = await UndoAsync(clinic, appointment.Id, "Wrong row");
        await clinic.JoinAsync(appointment.Id, patient);
        await clinic.ApplyAsync(new TestCall(clinic, appointment, patient).Waiting());
        var waiting = await UndoAsync(clinic, appointment.Id, "Wrong row");

        Assert.Equal(new ArrivedOutcome.Marked(appointment.ScheduleId), arrived);
        Assert.Equal(new ArrivedOutcome.NotPossible(BoardStatus.Arrived), again);
        Assert.IsType<UndoOutcome.Undone>(undone);
        Assert.Equal(new UndoOutcome.PatientIsWaiting(clinic.Now), waiting);
        Assert.Equal(AppointmentStatus.Arrived, (await clinic.AppointmentAsync(appointment.Id)).Status);
    }

    [Fact]
    public async Task A_mark_at_the_desk_speaks_for_the_patient_until_it_is_undone()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        await ArriveAsync(clinic, appointment.Id);
        await clinic.ClinicianWaitsAsync(appointment.Id);

        var here = await clinic.MissAsync(appointment.Id);
        await UndoAsync(clinic, appointment.Id, "Wrong row");
        var gone = await clinic.MissAsync(appointment.Id);

        Assert.IsType<AttendanceRefusal.PatientCame>(Assert.IsType<DidNotAttendOutcome.Refused>(here).Refusal);
        Assert.IsType<DidNotAttendOutcome.Marked>(gone);
    }

    [Fact]
    public async Task A_clinician_who_does_not_come_gives_the_patient_the_nearest_time_free_with_an_apology()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.RuleAsync(new ServiceRules(PricePence: 4500));
        var (appointment, patient) = await clinic.BookedAsync();
        var other = await clinic.AddClinicianAsync();
        var places = await clinic.AddSlotsAsync(clinic.Now.AddHours(2), slots: 2, practitioner: other);
        clinic.Clock.SetUtcNow(appointment.Start);

        var early = await CloseAsync(clinic, appointment.Id, NotHeld.ClinicianDidNotCome);
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        var nearest = await clinic.AskAsync<CallOffPlanner, IReadOnlyList<Alternative>>(planner => planner.NearestAsync(clinic.Staff, appointment.Id, Cancel));
        var closed = Assert.IsType<NotHeldOutcome.Closed>(await CloseAsync(clinic, appointment.Id, NotHeld.ClinicianDidNotCome, nearest[0].Slot));

        Assert.Equal(new NotHeldOutcome.Refused(new AttendanceRefusal.TooEarly(appointment.Start.AddMinutes(5))), early);
        Assert.Equal(places[0].Id, nearest[0].Slot);
        Assert.NotNull(closed.Next);
        var (old, next) = (await clinic.AppointmentAsync(appointment.Id), await clinic.AppointmentAsync(closed.Next.Value));
        Assert.Equal((AppointmentStatus.Cancelled, NotHeld.ClinicianDidNotCome, 4500), (old.Status, old.NotHeld, old.PricePence));
        Assert.Equal((AppointmentStatus.Booked, patient.Id, 0, old.Id, places[0].Id), (next.Status, next.PatientId, next.PricePence, next.ReplacesId, next.SlotId));
        Assert.Equal([MessageKind.ClinicMoved, MessageKind.ClinicMoved], await ToldAsync(clinic, next.Id));
        var told = await clinic.ReadAsync(db => db.Messages.AsNoTracking().FirstAsync(row => row.AppointmentId == next.Id, Cancel));
        Assert.Contains("Your clinician did not come", told.Facts.Details.Reason, StringComparison.Ordinal);
        Assert.Equal(appointment.Start, told.Facts.Details.PreviousStart);
    }

    [Fact]
    public async Task Who_chooses_another_time_themself_pays_nothing_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.RuleAsync(new ServiceRules(PricePence: 4500));
        var (appointment, patient) = await clinic.BookedAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(2), slots: 3);
        clinic.Clock.SetUtcNow(appointment.Start.AddMinutes(5));
        await CloseAsync(clinic, appointment.Id, NotHeld.TechnicalFailure);

        var shown = await clinic.AskAsync<AvailabilityService, AvailableSlot?>(availability => availability.FindSlotAsync(Actor.For(patient), slots[0].Id, patient.Id, Cancel));
        var first = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[0], patient));
        var second = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slots[1], patient));

        Assert.Equal(0, shown?.PricePence);
        Assert.Equal((0, appointment.Id), (await Both(first)));
        Assert.Equal((4500, null), (await Both(second)));
        Assert.Equal([MessageKind.ClinicCancelled, MessageKind.ClinicCancelled], (await ToldAsync(clinic, appointment.Id)).TakeLast(2));

        async Task<(int, AppointmentId?)> Both(BookOutcome.Booked booked)
        {
            var row = await clinic.AppointmentAsync(booked.Appointment);
            return (row.PricePence, row.ReplacesId);
        }
    }

    [Fact]
    public async Task A_clinician_who_was_there_came_and_a_patient_who_never_came_did_not_leave()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.ClinicianWaitsAsync(appointment.Id);
        var other = Actor.For(await clinic.AddClinicianAsync());

        Assert.Equal(new NotHeldOutcome.Refused(new AttendanceRefusal.ClinicianWasThere(AttendanceEvidence.Needed)), await CloseAsync(clinic, appointment.Id, NotHeld.ClinicianDidNotCome));
        Assert.Equal(new NotHeldOutcome.Refused(new AttendanceRefusal.PatientNeverCame()), await CloseAsync(clinic, appointment.Id, NotHeld.LeftBeforeSeen));
        Assert.IsType<NotHeldOutcome.NotFound>(await CloseAsync(clinic, appointment.Id, NotHeld.TechnicalFailure, actor: other));
        Assert.IsType<NotHeldOutcome.NotFound>(await CloseAsync(clinic, appointment.Id, NotHeld.TechnicalFailure, actor: neighbour.Staff));
        await Assert.ThrowsAsync<NotAllowedException>(() => CloseAsync(clinic, appointment.Id, NotHeld.TechnicalFailure, actor: Actor.For(patient)));
        Assert.Empty(await clinic.AskAsync<CallOffPlanner, IReadOnlyList<Alternative>>(planner => planner.NearestAsync(other, appointment.Id, Cancel)));
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(appointment.Id)).Status);
    }

    [Fact]
    public async Task A_time_that_somebody_else_took_is_not_given_and_nothing_changes()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var place = (await clinic.AddSlotsAsync(clinic.Now.AddHours(2), slots: 1))[0];
        await clinic.BookAsync(place, await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        clinic.Clock.SetUtcNow(appointment.Start.AddMinutes(5));

        Assert.IsType<NotHeldOutcome.Taken>(await CloseAsync(clinic, appointment.Id, NotHeld.TechnicalFailure, place.Id));
        Assert.Equal((AppointmentStatus.Booked, null), ((await clinic.AppointmentAsync(appointment.Id)).Status, (await clinic.AppointmentAsync(appointment.Id)).NotHeld));
    }

    [Fact]
    public async Task A_patient_sees_the_evidence_and_disputes_it_once_within_14_days()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        var actor = Actor.For(patient);
        await clinic.ClinicianWaitsAsync(appointment.Id);
        Assert.IsType<DisputeOutcome.NotPossible>(await RaiseAsync(clinic, actor, appointment.Id));
        await clinic.MissAsync(appointment.Id);
        var marked = clinic.Now;

        var evidence = await EvidenceAsync(clinic, actor, appointment.Id);
        var before = await StateAsync(clinic, actor, appointment.Id);
        clinic.Clock.Advance(AttendanceDispute.OpenFor);
        var silent = await RaiseAsync(clinic, actor, appointment.Id, " ");
        var tooLong = await RaiseAsync(clinic, actor, appointment.Id, new string('x', AttendanceDispute.TextLength + 1));
        var stranger = await RaiseAsync(clinic, Actor.For(await clinic.AddPatientAsync("Mohammed", "Iqbal")), appointment.Id);
        var looker = await RaiseAsync(clinic, await clinic.AddCarerAsync(patient, CarerRights.SeeAppointments), appointment.Id);
        var raised = await RaiseAsync(clinic, actor, appointment.Id);
        var twice = await RaiseAsync(clinic, actor, appointment.Id);

        Assert.Equal([AttendanceFactType.ClinicianCame], evidence?.Facts.Select(fact => fact.Type));
        Assert.Equal((marked + AttendanceDispute.OpenFor, null), (before?.Until, before?.Latest));
        Assert.IsType<DisputeOutcome.TextMissing>(silent);
        Assert.IsType<DisputeOutcome.TextTooLong>(tooLong);
        Assert.IsType<DisputeOutcome.NotFound>(stranger);
        Assert.IsType<DisputeOutcome.NotFound>(looker);
        Assert.IsType<DisputeOutcome.Raised>(raised);
        Assert.IsType<DisputeOutcome.NotPossible>(twice);
        Assert.Null((await StateAsync(clinic, actor, appointment.Id))?.Until);
        var audit = await clinic.ReadAsync(db => db.AuditEvents.SingleAsync(row => row.Action == "attendance.dispute", Cancel));
        Assert.DoesNotContain("I was there", audit.After, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_14_days_it_is_too_late_to_dispute()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.ClinicianWaitsAsync(appointment.Id);
        await clinic.MissAsync(appointment.Id);
        clinic.Clock.Advance(AttendanceDispute.OpenFor + TimeSpan.FromSeconds(1));

        Assert.IsType<DisputeOutcome.NotPossible>(await RaiseAsync(clinic, Actor.For(patient), appointment.Id));
    }

    [Fact]
    public async Task Staff_uphold_or_correct_a_dispute_once_with_a_reason()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var kept = await DisputedAsync(clinic);
        var wrong = await DisputedAsync(clinic);

        var silent = await UpholdAsync(clinic, clinic.Staff, kept.Id, "");
        var foreign = await UpholdAsync(clinic, neighbour.Staff, kept.Id, "Because");
        var upheld = await UpholdAsync(clinic, clinic.Staff, kept.Id, "Nobody was there");
        var again = await CorrectAsync(clinic, kept.Id);
        var corrected = await CorrectAsync(clinic, wrong.Id);

        Assert.IsType<DisputeOutcome.TextMissing>(silent);
        Assert.IsType<DisputeOutcome.NotFound>(foreign);
        await Assert.ThrowsAsync<NotAllowedException>(() => UpholdAsync(clinic, clinic.Clinician, wrong.Id, "Because"));
        Assert.IsType<DisputeOutcome.Decided>(upheld);
        Assert.IsType<DisputeOutcome.NotPossible>(again);
        Assert.IsType<DisputeOutcome.Decided>(corrected);
        Assert.Equal(AppointmentStatus.NoShow, (await clinic.AppointmentAsync(kept.Appointment)).Status);
        var right = await clinic.AppointmentAsync(wrong.Appointment);
        Assert.Equal((AppointmentStatus.Cancelled, NotHeld.TechnicalFailure, null), (right.Status, right.NotHeld, right.Absence));
        Assert.Contains(MessageKind.MissedUndone, await ToldAsync(clinic, wrong.Appointment));
        var list = await clinic.AskAsync<AttendanceDisputes, IReadOnlyList<DisputeView>>(disputes => disputes.ListAsync(clinic.Staff, Cancel));
        Assert.Equal([DisputeDecision.Corrected, DisputeDecision.Upheld], list.Select(row => row.Decision).Order().Reverse());
        var audit = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Action == "attendance.correct").ToListAsync(Cancel));
        Assert.All(audit, row => Assert.Equal("The call failed", row.Reason));
        Assert.Contains(audit, row => row.EntityId == wrong.Appointment.Value);
    }

    [Fact]
    public async Task Of_a_visit_or_a_phone_call_nothing_is_seen_but_time()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddMinutes(10), slots: 1))[0];
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.AskAsync<BookingService, BookOutcome>(booking =>
            booking.BookAsync(Actor.For(patient), new BookingRequest(slot.Id, patient.Id, DeliveryChannel.Telephone), Cancel)));
        clinic.Clock.SetUtcNow(slot.Start.AddMinutes(4));

        var early = await clinic.MissAsync(booked.Appointment);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal(Refused(new AttendanceRefusal.TooEarly(slot.Start.AddMinutes(5))), early);
        Assert.IsType<DidNotAttendOutcome.Marked>(await clinic.MissAsync(booked.Appointment));
    }

    private static DidNotAttendOutcome.Refused Refused(AttendanceRefusal refusal) => new(refusal);

    private static async Task<DisputeView> DisputedAsync(TestClinic clinic)
    {
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.ClinicianWaitsAsync(appointment.Id);
        await clinic.MissAsync(appointment.Id);
        await RaiseAsync(clinic, Actor.For(patient), appointment.Id);
        return (await StateAsync(clinic, clinic.Staff, appointment.Id))?.Latest ?? throw new InvalidOperationException("No dispute.");
    }

    private static Task<DisputeOutcome> RaiseAsync(TestClinic clinic, Actor actor, AppointmentId id, string text = "I was there") =>
        clinic.AskAsync<AttendanceDisputes, DisputeOutcome>(disputes => disputes.RaiseAsync(actor, id, text, Cancel));

    private static Task<DisputeOutcome> UpholdAsync(TestClinic clinic, Actor actor, AttendanceDisputeId id, string reason) =>
        clinic.AskAsync<AttendanceDisputes, DisputeOutcome>(disputes => disputes.UpholdAsync(actor, id, reason, Cancel));

    private static Task<DisputeOutcome> CorrectAsync(TestClinic clinic, AttendanceDisputeId id) =>
        clinic.AskAsync<AttendanceDisputes, DisputeOutcome>(disputes => disputes.CorrectAsync(clinic.Staff, id, NotHeld.TechnicalFailure, "The call failed", Cancel));

    private static Task<DisputeState?> StateAsync(TestClinic clinic, Actor actor, AppointmentId id) =>
        clinic.AskAsync<AttendanceDisputes, DisputeState?>(disputes => disputes.StateAsync(actor, id, Cancel));

    private static Task<AttendanceEvidence?> EvidenceAsync(TestClinic clinic, Actor actor, AppointmentId id) =>
        clinic.AskAsync<AttendanceRecords, AttendanceEvidence?>(records => records.OfAsync(actor, id, Cancel));

    private static Task<NotHeldOutcome> CloseAsync(TestClinic clinic, AppointmentId id, NotHeld why, SlotId? to = null, Actor? actor = null) =>
        clinic.AskAsync<BookingService, NotHeldOutcome>(booking => booking.CloseNotHeldAsync(actor ?? clinic.Staff, new NotHeldRequest(id, why, to), Cancel));

    private static Task SeenAsync(TestClinic clinic, Actor actor, ScheduleId schedule) => clinic.AskAsync<ClinicSightings, bool>(async sightings =>
    {
        await sightings.NoteAsync(actor, schedule, Cancel);
        return true;
    });

    private static async Task<IReadOnlyList<MessageKind>> ToldAsync(TestClinic clinic, AppointmentId id) =>
        [.. (await clinic.ReadAsync(db => db.Messages.AsNoTracking().Where(row => row.AppointmentId == id).ToListAsync(Cancel))).OrderBy(row => row.CreatedAt).Select(row => row.Kind).Where(kind => kind != MessageKind.Booked)];

    private static Task<ArrivedOutcome> ArriveAsync(TestClinic clinic, AppointmentId id) =>
        clinic.AskAsync<AttendanceService, ArrivedOutcome>(attendance => attendance.MarkArrivedAsync(clinic.Staff, id, Cancel));

    private static Task<UndoOutcome> UndoAsync(TestClinic clinic, AppointmentId id, string reason) =>
        clinic.AskAsync<AttendanceService, UndoOutcome>(attendance => attendance.UndoAsync(clinic.Staff, id, reason, Cancel));
}
