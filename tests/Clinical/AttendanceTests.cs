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

        var silent = await CorrectAsync(clinic, appointment.Id, " ");
        var corrected = await CorrectAsync(clinic, appointment.Id, "Wrong row");
        var twice = await CorrectAsync(clinic, appointment.Id, "Wrong row");

        Assert.Equal((false, true, false), (silent, corrected, twice));
        Assert.IsType<JoinOutcome.Ok>(await clinic.JoinAsync(appointment.Id, patient));
        Assert.Equal(EncounterStatus.Arrived, (await clinic.EncounterAsync(appointment.Id))?.Status);
    }

    private static Task<DidNotAttendOutcome> MarkAsync(TestClinic clinic, Actor actor, AppointmentId id, string? reason = null) =>
        clinic.AskAsync<AttendanceService, DidNotAttendOutcome>(attendance => attendance.MarkDidNotAttendAsync(actor, id, reason, Cancel));

    private static Task<bool> CorrectAsync(TestClinic clinic, AppointmentId id, string reason) =>
        clinic.AskAsync<AttendanceService, bool>(attendance => attendance.CorrectDidNotAttendAsync(clinic.Staff, id, reason, Cancel));
}
