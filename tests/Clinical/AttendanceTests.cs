using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class AttendanceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missed_appointment_is_marked_from_its_start_on_by_clinician_or_staff()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var otherClinician = Actor.For(await clinic.AddClinicianAsync());

        var early = await MarkAsync(clinic, clinic.Clinician, appointment.Id);
        clinic.Clock.SetUtcNow(appointment.Start);
        var foreign = await MarkAsync(clinic, otherClinician, appointment.Id);
        var marked = await MarkAsync(clinic, clinic.Clinician, appointment.Id);
        var again = await MarkAsync(clinic, clinic.Staff, appointment.Id);

        Assert.Equal(new DidNotAttendOutcome.TooEarly(appointment.Start), early);
        Assert.IsType<DidNotAttendOutcome.NotFound>(foreign);
        Assert.Equal(new DidNotAttendOutcome.Marked(appointment.ScheduleId, HasRoom: true), marked);
        Assert.Equal(new DidNotAttendOutcome.NotPossible(BoardStatus.DidNotAttend), again);
        Assert.Equal(AppointmentStatus.NoShow, (await clinic.AppointmentAsync(appointment.Id)).Status);
        Assert.Equal(SlotStatus.Busy, (await clinic.SlotAsync(appointment.SlotId)).Status);
    }

    [Fact]
    public async Task A_waiting_patient_is_not_marked_as_missing_without_a_reason()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.JoinAsync(appointment.Id, patient);
        var since = clinic.Now;
        await clinic.ApplyAsync(new TestCall(clinic, appointment, patient).Waiting());
        clinic.Clock.SetUtcNow(appointment.Start.AddHours(1));

        var refused = await MarkAsync(clinic, clinic.Staff, appointment.Id);
        var marked = await MarkAsync(clinic, clinic.Staff, appointment.Id, "Left the waiting room open and went out");

        Assert.Equal(new DidNotAttendOutcome.PatientIsWaiting(since), refused);
        Assert.IsType<DidNotAttendOutcome.Marked>(marked);
        Assert.Null(await clinic.EncounterAsync(appointment.Id));
    }

    [Fact]
    public async Task Someone_in_the_call_or_done_cannot_be_marked_as_missing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        clinic.Clock.SetUtcNow(call.Appointment.Start);

        var inCall = await MarkAsync(clinic, clinic.Staff, call.Appointment.Id, "Gone");
        await call.FinishAsync();
        var done = await MarkAsync(clinic, clinic.Staff, call.Appointment.Id, "Gone");

        Assert.Equal(new DidNotAttendOutcome.NotPossible(BoardStatus.InCall), inCall);
        Assert.Equal(new DidNotAttendOutcome.NotPossible(BoardStatus.Done), done);
    }

    [Fact]
    public async Task A_mistake_is_corrected_with_a_reason_and_the_patient_can_join_after_all()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.JoinAsync(appointment.Id, patient);
        clinic.Clock.SetUtcNow(appointment.Start);
        await MarkAsync(clinic, clinic.Clinician, appointment.Id);

        var silent = await UndoAsync(clinic, appointment.Id, " ");
        var corrected = await UndoAsync(clinic, appointment.Id, "Wrong row");
        var twice = await UndoAsync(clinic, appointment.Id, "Wrong row");

        Assert.IsType<UndoOutcome.ReasonMissing>(silent);
        Assert.Equal(new UndoOutcome.Undone(appointment.ScheduleId), corrected);
        Assert.IsType<UndoOutcome.NotPossible>(twice);
        Assert.IsType<JoinOutcome.Ok>(await clinic.JoinAsync(appointment.Id, patient));
        Assert.Equal(EncounterStatus.Arrived, (await clinic.EncounterAsync(appointment.Id))?.Status);
    }

    [Fact]
    public async Task Who_was_not_brought_is_marked_so_and_undoing_takes_it_back()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        clinic.Clock.SetUtcNow(appointment.Start);

        await clinic.AskAsync<AttendanceService, DidNotAttendOutcome>(attendance => attendance.MarkMissedAsync(clinic.Staff, appointment.Id, Absence.WasNotBrought, null, Cancel));
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

    private static Task<ArrivedOutcome> ArriveAsync(TestClinic clinic, AppointmentId id) =>
        clinic.AskAsync<AttendanceService, ArrivedOutcome>(attendance => attendance.MarkArrivedAsync(clinic.Staff, id, Cancel));

    private static Task<DidNotAttendOutcome> MarkAsync(TestClinic clinic, Actor actor, AppointmentId id, string? reason = null) =>
        clinic.AskAsync<AttendanceService, DidNotAttendOutcome>(attendance => attendance.MarkMissedAsync(actor, id, Absence.DidNotAttend, reason, Cancel));

    private static Task<UndoOutcome> UndoAsync(TestClinic clinic, AppointmentId id, string reason) =>
        clinic.AskAsync<AttendanceService, UndoOutcome>(attendance => attendance.UndoAsync(clinic.Staff, id, reason, Cancel));
}
