using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>Marks who came and who did not, and undoes what was marked by mistake. For the clinician of the appointment and for practice staff.</summary>
public sealed class AttendanceService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>The patient is here: at the desk, or on the phone.</summary>
    public async Task<ArrivedOutcome> MarkArrivedAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        return await db.WriteAsync<ArrivedOutcome>(actor, "appointment.arrive", reason: null, async () =>
        {
            if (await FindAsync(actor, id, cancellationToken) is not { } appointment)
                return new ArrivedOutcome.NotFound();
            if (appointment.Status != AppointmentStatus.Booked)
                return new ArrivedOutcome.NotPossible(BoardStatuses.Of(appointment.Status, inWaitingRoom: false));
            appointment.Arrive(clock.GetUtcNow());
            return new ArrivedOutcome.Marked(appointment.ScheduleId);
        }, cancellationToken);
    }

    /// <summary>
    /// Only where the evidence allows it (<see cref="AttendanceEvidence"/>): the clinician was there at least five minutes, and the patient neither came nor tried to. A child is always marked
    /// as not brought.
    /// </summary>
    public async Task<DidNotAttendOutcome> MarkMissedAsync(Actor actor, AppointmentId id, Absence absence, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        db.ActFor(actor);
        var born = await (
            from row in db.Appointments.AsNoTracking().VisibleTo(actor)
            join patient in db.Patients on row.PatientId equals patient.Id
            where row.Id == id
            select new { patient, row.Start }).SingleOrDefaultAsync(cancellationToken);
        if (born is null)
            return new DidNotAttendOutcome.NotFound();
        var marked = born.patient.IsChildOn(time.DayOf(born.Start)) ? Absence.WasNotBrought : absence;
        var action = marked == Absence.WasNotBrought ? "appointment.was-not-brought" : "appointment.did-not-attend";
        return await db.WriteAsync<DidNotAttendOutcome>(actor, action, reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await FindAsync(actor, id, cancellationToken) is not { } appointment)
                return new DidNotAttendOutcome.NotFound();
            var encounter = await db.LiveEncounterAsync(id, cancellationToken);
            if (appointment.Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived))
                return new DidNotAttendOutcome.NotPossible(BoardStatuses.Of(appointment.Status, encounter?.WaitingSince is not null));
            if ((await db.EvidenceAsync(appointment, time, now, cancellationToken)).RefusalOfMissed(time.ToLocal(now)) is { } refusal)
                return new DidNotAttendOutcome.Refused(refusal);

            // Only an earlier time's signs made it so: those of this one would have refused.
            if (appointment.Status == AppointmentStatus.Arrived)
                appointment.LeaveAgain();
            appointment.MarkDidNotAttend(marked);
            encounter?.Cancel(now);
            db.Notify(appointment, MessageKind.Missed, now, new MessageDetails { WasNotBrought = marked == Absence.WasNotBrought });
            return new DidNotAttendOutcome.Marked(appointment.ScheduleId, appointment.Room is not null, marked);
        }, cancellationToken);
    }

    /// <summary>Arrived or missed was a mistake: the appointment is booked again, as if it had not been marked.</summary>
    public async Task<UndoOutcome> UndoAsync(Actor actor, AppointmentId id, string reason, CancellationToken cancellationToken)
    {
        RequirePractice(actor);
        if (Trimmed(reason) is not { } why)
            return new UndoOutcome.ReasonMissing();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        return await db.WriteAsync<UndoOutcome>(actor, "appointment.undo-attendance", why, async () =>
        {
            if (await FindAsync(actor, id, cancellationToken) is not { } appointment)
                return new UndoOutcome.NotFound();
            if (appointment.Status == AppointmentStatus.NoShow)
            {
                appointment.CorrectDidNotAttend();
                db.Notify(appointment, MessageKind.MissedUndone, clock.GetUtcNow());
                return new UndoOutcome.Undone(appointment.ScheduleId);
            }

            if (appointment.Status != AppointmentStatus.Arrived)
                return new UndoOutcome.NotPossible();
            var encounter = await db.LiveEncounterAsync(id, cancellationToken);
            if (encounter?.WaitingSince is { } since)
                return new UndoOutcome.PatientIsWaiting(time.ToLocal(since));
            appointment.LeaveAgain();
            encounter?.Cancel(clock.GetUtcNow());
            return new UndoOutcome.Undone(appointment.ScheduleId);
        }, cancellationToken);
    }

    private Task<Appointment?> FindAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken) =>
        db.Appointments.VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);

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
