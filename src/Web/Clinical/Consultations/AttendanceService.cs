using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>Marks who did not come. For the clinician of the appointment and for practice staff.</summary>
public sealed class AttendanceService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>From the start on, as long as the patient has not been let in.</summary>
    /// <param name="reason">Needed only when the patient is shown as waiting.</param>
    public async Task<DidNotAttendOutcome> MarkDidNotAttendAsync(Actor actor, AppointmentId id, string? reason, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        var why = Trimmed(reason);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        return await db.WriteAsync<DidNotAttendOutcome>(actor, "appointment.did-not-attend", why, async () =>
        {
            var now = clock.GetUtcNow();
            if (await db.Appointments.VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
                return new DidNotAttendOutcome.NotFound();
            var encounter = await db.LiveEncounterAsync(id, cancellationToken);
            if (appointment.Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived))
                return new DidNotAttendOutcome.NotPossible(BoardStatuses.Of(appointment.Status, encounter?.WaitingSince is not null));
            if (now < appointment.Start)
                return new DidNotAttendOutcome.TooEarly(time.ToLocal(appointment.Start));
            if (encounter?.WaitingSince is { } since && why is null)
                return new DidNotAttendOutcome.PatientIsWaiting(time.ToLocal(since));

            if (appointment.Status == AppointmentStatus.Arrived)
                appointment.LeaveAgain();
            appointment.MarkDidNotAttend();
            encounter?.Cancel(now);
            return new DidNotAttendOutcome.Marked(appointment.ScheduleId, appointment.Room is not null);
        }, cancellationToken);
    }

    /// <summary>It was a mistake: the appointment is booked again. False if there is no such missed appointment or no reason.</summary>
    public async Task<bool> CorrectDidNotAttendAsync(Actor actor, AppointmentId id, string reason, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        if (Trimmed(reason) is not { } why)
            return false;
        return await db.WriteAsync(actor, "appointment.correct-did-not-attend", why, async () =>
        {
            var appointment = await db.Appointments.VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (appointment?.Status != AppointmentStatus.NoShow)
                return false;
            appointment.CorrectDidNotAttend();
            return true;
        }, cancellationToken);
    }

    private static string? Trimmed(string? reason)
    {
        var text = reason?.Trim();
        return string.IsNullOrEmpty(text) ? null : text.Length > Appointment.ReasonLength ? text[..Appointment.ReasonLength] : text;
    }

    private static void RequirePractice(Actor actor)
    {
        if (!actor.IsStaff && actor.AsPractitioner is null)
            throw new NotAllowedException("Only clinicians and practice staff mark attendance.");
    }
}
