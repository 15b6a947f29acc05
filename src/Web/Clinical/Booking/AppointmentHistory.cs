using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <summary>One step of an appointment. Times carry the practice's offset.</summary>
/// <param name="Action">What was done, such as appointment.move.</param>
public sealed record AppointmentStep(
    DateTimeOffset At, ActorRole By, string Action, string? Reason, AppointmentStatus Status, DateTimeOffset Start, string PractitionerName, DeliveryChannel Channel);

/// <summary>How an appointment stands and how it came there.</summary>
/// <param name="Absence">How it was missed; null unless it was.</param>
/// <param name="WaitingSince">In the waiting room since then.</param>
/// <param name="Steps">The latest first.</param>
public sealed record AppointmentRecord(Absence? Absence, DateTimeOffset? WaitingSince, IReadOnlyList<AppointmentStep> Steps);

/// <summary>What happened to an appointment, for practice staff and its clinician.</summary>
public sealed class AppointmentHistory(ClinicalDbContext db)
{
    /// <summary>Null if there is none, or it is not theirs to see.</summary>
    public async Task<AppointmentRecord?> OfAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        if (!actor.IsStaff && actor.AsPractitioner is null)
            throw new NotAllowedException("Only clinicians and practice staff read an appointment's history.");
        db.ActFor(actor);
        var appointment = await db.Appointments.AsNoTracking().VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (appointment is null)
            return null;
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var waiting = await db.Encounters.Live().AsNoTracking().Where(row => row.AppointmentId == id).Select(row => row.WaitingSince).SingleOrDefaultAsync(cancellationToken);
        var changes = await (
            from change in db.AppointmentChanges.AsNoTracking()
            join practitioner in db.Practitioners on change.PractitionerId equals practitioner.Id
            where change.AppointmentId == id
            orderby change.Version descending
            select new { change, practitioner }).ToListAsync(cancellationToken);
        return new AppointmentRecord(appointment.Absence, time.ToLocal(waiting), changes.ConvertAll(row => new AppointmentStep(
            time.ToLocal(row.change.At), row.change.ActorRole, row.change.Action, row.change.Reason, row.change.Status, time.ToLocal(row.change.Start), row.practitioner.DisplayName, row.change.Channel)));
    }
}
