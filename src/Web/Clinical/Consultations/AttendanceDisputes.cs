using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>A dispute as pages show it. Times carry the practice's offset.</summary>
/// <param name="Decision">Null until it is decided.</param>
public sealed record DisputeView(
    AttendanceDisputeId Id,
    AppointmentId Appointment,
    PatientId Patient,
    string PatientName,
    DateTimeOffset Start,
    string PractitionerName,
    Absence? Absence,
    string Text,
    DateTimeOffset RaisedAt,
    DisputeDecision? Decision,
    string? Reason,
    DateTimeOffset? DecidedAt);

/// <summary>What a patient can do about a mark. Times carry the practice's offset.</summary>
/// <param name="Until">It can be disputed until then; null if it cannot, or not any more.</param>
/// <param name="Latest">What was said already; null for nothing.</param>
public sealed record DisputeState(DateTimeOffset? Until, DisputeView? Latest);

public abstract record DisputeOutcome
{
    private DisputeOutcome()
    {
    }

    public sealed record Raised : DisputeOutcome;

    /// <param name="Clinic">Its board has changed.</param>
    public sealed record Decided(ScheduleId Clinic) : DisputeOutcome;

    public sealed record TextMissing : DisputeOutcome;

    /// <summary>More than <see cref="AttendanceDispute.TextLength"/> characters, or a reason of more than <see cref="Appointment.ReasonLength"/>.</summary>
    public sealed record TextTooLong : DisputeOutcome;

    /// <summary>It is not marked as missed, was disputed or decided already, or the time to say so is over.</summary>
    public sealed record NotPossible : DisputeOutcome;

    public sealed record NotFound : DisputeOutcome;
}

/// <summary>Patients say that a mark is wrong; practice staff look at the evidence and uphold or correct it.</summary>
public sealed class AttendanceDisputes(ClinicalDbContext db, TimeProvider clock)
{
    public const int MaxShown = 100;

    /// <summary>For the patient, or a carer who may change appointments.</summary>
    public async Task<DisputeOutcome> RaiseAsync(Actor patient, AppointmentId id, string text, CancellationToken cancellationToken)
    {
        if (patient.OwnPatient is not { } self || !(patient.AsPatient == self || patient.MayAsCarer(CarerRights.ChangeAppointments, self)))
            return new DisputeOutcome.NotFound();
        var said = text.Trim();
        if (said.Length == 0)
            return new DisputeOutcome.TextMissing();
        if (said.Length > AttendanceDispute.TextLength)
            return new DisputeOutcome.TextTooLong();
        try
        {
            return await db.WriteAsync<DisputeOutcome>(patient, "attendance.dispute", reason: null, async () =>
            {
                var now = clock.GetUtcNow();
                if (await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.PatientId == self, cancellationToken) is not { } appointment)
                    return new DisputeOutcome.NotFound();
                if (await UntilAsync(appointment, now, cancellationToken) is null)
                    return new DisputeOutcome.NotPossible();
                db.AttendanceDisputes.Add(new AttendanceDispute
                {
                    Id = AttendanceDisputeId.New(),
                    PracticeId = appointment.PracticeId,
                    AppointmentId = id,
                    PatientId = self,
                    Text = said,
                    RaisedAt = now,
                });
                return new DisputeOutcome.Raised();
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new DisputeOutcome.NotPossible();
        }
    }

    /// <summary>The mark stays, for a reason that the patient can read. Only staff do it.</summary>
    public Task<DisputeOutcome> UpholdAsync(Actor staff, AttendanceDisputeId id, string reason, CancellationToken cancellationToken) =>
        DecideAsync(staff, id, reason, null, cancellationToken);

    /// <summary>The mark was wrong: the appointment counts as not held through no fault of the patient. Only staff do it.</summary>
    public Task<DisputeOutcome> CorrectAsync(Actor staff, AttendanceDisputeId id, NotHeld instead, string reason, CancellationToken cancellationToken) =>
        DecideAsync(staff, id, reason, instead, cancellationToken);

    /// <summary>The open ones first, the oldest of them first; then the latest that were decided. At most <see cref="MaxShown"/>. For practice staff.</summary>
    public async Task<IReadOnlyList<DisputeView>> ListAsync(Actor staff, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        var open = await ViewsAsync(staff, db.AttendanceDisputes.Where(row => row.Decision == null).OrderBy(row => row.RaisedAt).Take(MaxShown), cancellationToken);
        var decided = await ViewsAsync(staff, db.AttendanceDisputes.Where(row => row.Decision != null).OrderByDescending(row => row.RaisedAt).Take(MaxShown - open.Count), cancellationToken);
        return [.. open, .. decided];
    }

    public async Task<DisputeView?> FindAsync(Actor staff, AttendanceDisputeId id, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        return (await ViewsAsync(staff, db.AttendanceDisputes.Where(row => row.Id == id), cancellationToken)).SingleOrDefault();
    }

    /// <summary>For whoever may see the appointment; null if they may not.</summary>
    public async Task<DisputeState?> StateAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (await db.Appointments.AsNoTracking().VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
            return null;
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var all = await ViewsAsync(actor, db.AttendanceDisputes.Where(row => row.AppointmentId == id).OrderByDescending(row => row.RaisedAt).Take(1), cancellationToken);
        return new DisputeState(time.ToLocal(await UntilAsync(appointment, clock.GetUtcNow(), cancellationToken)), all.SingleOrDefault());
    }

    private async Task<DisputeOutcome> DecideAsync(Actor staff, AttendanceDisputeId id, string reason, NotHeld? instead, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        var why = reason.Trim();
        if (why.Length == 0)
            return new DisputeOutcome.TextMissing();
        if (why.Length > Appointment.ReasonLength)
            return new DisputeOutcome.TextTooLong();
        return await db.WriteAsync<DisputeOutcome>(staff, instead is null ? "attendance.uphold" : "attendance.correct", why, async () =>
        {
            var now = clock.GetUtcNow();
            if (await db.AttendanceDisputes.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } dispute)
                return new DisputeOutcome.NotFound();
            if (dispute.Decision is not null)
                return new DisputeOutcome.NotPossible();
            var appointment = await db.Appointments.SingleAsync(row => row.Id == dispute.AppointmentId, cancellationToken);
            dispute.Decide(instead is null ? DisputeDecision.Upheld : DisputeDecision.Corrected, why, now);
            // Undone meanwhile: there is nothing left to correct.
            if (instead is { } notHeld && appointment.Status == AppointmentStatus.NoShow)
            {
                appointment.CorrectDidNotAttend();
                appointment.CloseNotHeld(notHeld, now);
                db.Notify(appointment, MessageKind.MissedUndone, now);
            }

            return new DisputeOutcome.Decided(appointment.ScheduleId);
        }, cancellationToken);
    }

    /// <summary>Until when this mark can still be disputed; null if it cannot.</summary>
    private async Task<DateTimeOffset?> UntilAsync(Appointment appointment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (appointment.Status != AppointmentStatus.NoShow)
            return null;
        var marked = await db.AppointmentChanges.AsNoTracking().Where(row => row.AppointmentId == appointment.Id && row.Status == AppointmentStatus.NoShow)
            .OrderByDescending(row => row.Version).Select(row => (DateTimeOffset?)row.At).FirstOrDefaultAsync(cancellationToken);
        if (marked is not { } at || at + AttendanceDispute.OpenFor < now)
            return null;
        return await db.AttendanceDisputes.AnyAsync(row => row.AppointmentId == appointment.Id && row.RaisedAt >= at, cancellationToken) ? null : at + AttendanceDispute.OpenFor;
    }

    private async Task<List<DisputeView>> ViewsAsync(Actor actor, IQueryable<AttendanceDispute> disputes, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var rows = await (
            from dispute in disputes.AsNoTracking()
            join appointment in db.Appointments on dispute.AppointmentId equals appointment.Id
            join patient in db.Patients on dispute.PatientId equals patient.Id
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            select new { dispute, appointment, patient, practitioner }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new DisputeView(
            row.dispute.Id,
            row.appointment.Id,
            row.patient.Id,
            row.patient.DisplayName,
            time.ToLocal(row.appointment.Start),
            row.practitioner.DisplayName,
            row.appointment.Absence,
            row.dispute.Text,
            time.ToLocal(row.dispute.RaisedAt),
            row.dispute.Decision,
            row.dispute.Reason,
            time.ToLocal(row.dispute.DecidedAt)));
    }

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff decide disputes.");
    }
}
