using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>What is known of who came to an appointment, for everybody who may see it.</summary>
public sealed class AttendanceRecords(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Null if there is none, or it is not theirs to see.</summary>
    public async Task<AttendanceEvidence?> OfAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (await db.Appointments.AsNoTracking().VisibleTo(actor).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
            return null;
        return await db.EvidenceAsync(appointment, await db.TimeOfAsync(actor, cancellationToken), clock.GetUtcNow(), cancellationToken);
    }
}

internal static class AttendanceQueries
{
    private const string Opened = "consultation.join";
    private const string Marked = "appointment.arrive";
    private const string Undone = "appointment.undo-attendance";

    /// <summary>An older check says little of the day: the device may have been put right, or borrowed.</summary>
    private static readonly TimeSpan CheckCounts = TimeSpan.FromHours(24);

    public static async Task<AttendanceEvidence> EvidenceAsync(
        this ClinicalDbContext db, Appointment appointment, PracticeTime time, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var changes = await db.AppointmentChanges.AsNoTracking().Where(row => row.AppointmentId == appointment.Id).OrderBy(row => row.Version).ToListAsync(cancellationToken);
        // What happened at a time from which the appointment was moved says nothing of this one.
        var here = changes.AsEnumerable().Reverse().TakeWhile(row => row.SlotId == appointment.SlotId).Reverse().ToList();
        var since = here is [var first, ..] ? first.At : DateTimeOffset.MinValue;
        var opens = appointment.Start - JoinWindow.Before;
        var events = await db.ReceivedEvents.AsNoTracking()
            .Where(row => row.Applied && (row.ConsultationId == appointment.Id
                || (row.ClinicId == appointment.ScheduleId && row.Role == ConsultationRole.Clinician && row.At >= opens)))
            .ToListAsync(cancellationToken);
        var sightings = await db.ClinicSightings.AsNoTracking().Where(row => row.ScheduleId == appointment.ScheduleId).ToListAsync(cancellationToken);

        var stays = events.GroupBy(row => row.ConsultationId)
            .SelectMany(consultation => ConsultationTimeline.Of(consultation).Periods)
            .Where(period => period.Role == ConsultationRole.Clinician)
            .Select(period => new Stay(time.ToLocal(period.Start), time.ToLocal(period.End)))
            .Concat(sightings.Select(row => new Stay(time.ToLocal(row.From), time.ToLocal(row.To))));
        var facts = events.Where(row => row.ConsultationId == appointment.Id && row.At >= since).Select(FactOf).OfType<AttendanceFact>().Concat(Marks(here)).Concat(await db.FailedCheckAsync(appointment, since, cancellationToken))
            .Select(fact => fact with { At = time.ToLocal(fact.At) });
        return AttendanceEvidence.Of(time.ToLocal(appointment.Start), appointment.Room is not null, stays.Where(stay => stay.To is null || stay.To >= opens), facts, time.ToLocal(now));
    }

    /// <summary>The last check of the device before the appointment, if it failed.</summary>
    private static async Task<IReadOnlyList<AttendanceFact>> FailedCheckAsync(this ClinicalDbContext db, Appointment appointment, DateTimeOffset since, CancellationToken cancellationToken)
    {
        if (appointment.Room is null)
            return [];
        var from = appointment.Start - CheckCounts > since ? appointment.Start - CheckCounts : since;
        var last = await db.DeviceChecks.AsNoTracking().Where(row => row.AppointmentId == appointment.Id && row.At >= from).OrderByDescending(row => row.At).FirstOrDefaultAsync(cancellationToken);
        return last is { Score: CheckScore.NotWorking } ? [new AttendanceFact(last.At, AttendanceFactType.CheckFailed)] : [];
    }

    private static AttendanceFact? FactOf(ReceivedEvent row) => (row.Type, row.Role) switch
    {
        (ConsultationFactType.Waiting, _) => new AttendanceFact(row.At, AttendanceFactType.PatientWaiting),
        (ConsultationFactType.Admitted, _) => new AttendanceFact(row.At, AttendanceFactType.Admitted),
        (ConsultationFactType.Connected, ConsultationRole.Patient or ConsultationRole.Carer) => new AttendanceFact(row.At, AttendanceFactType.PatientConnected),
        (ConsultationFactType.Disconnected, ConsultationRole.Patient or ConsultationRole.Carer) => new AttendanceFact(row.At, AttendanceFactType.PatientLeft),
        (ConsultationFactType.TroubleBegan, ConsultationRole.Patient or ConsultationRole.Carer) when row.Trouble is not CallTrouble.Quality => new AttendanceFact(row.At, AttendanceFactType.PatientFailed),
        (ConsultationFactType.Ended, _) => new AttendanceFact(row.At, AttendanceFactType.Ended),
        _ => null,
    };

    /// <summary>What the patient pressed stays, whatever is undone afterwards; what the practice marked goes with its undoing.</summary>
    private static List<AttendanceFact> Marks(IEnumerable<AppointmentChange> changes)
    {
        var marks = new List<AttendanceFact>();
        foreach (var change in changes)
        {
            if (change is { Status: AppointmentStatus.Arrived, Action: Opened })
                marks.Add(new AttendanceFact(change.At, AttendanceFactType.PatientOpened));
            else if (change is { Status: AppointmentStatus.Arrived, Action: Marked })
                marks.Add(new AttendanceFact(change.At, AttendanceFactType.MarkedArrived));
            else if (change.Action == Undone)
                marks.RemoveAll(mark => mark.Type == AttendanceFactType.MarkedArrived);
        }

        return marks;
    }
}
