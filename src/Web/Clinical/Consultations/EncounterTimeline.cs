using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>One stay in the call. Times carry the practice's offset.</summary>
/// <param name="To">Null while they are there.</param>
public sealed record ParticipantView(string Name, ConsultationRole Role, DateTimeOffset From, DateTimeOffset? To);

/// <summary>Everything that is kept of how an appointment went. Times carry the practice's offset.</summary>
/// <param name="Steps">What was done with the appointment, the latest first.</param>
/// <param name="Statuses">Of its Encounter, in order.</param>
/// <param name="Participants">In order of when they came.</param>
/// <param name="Quality">The patient first; empty where nothing was measured.</param>
/// <param name="Decisions">In order of time.</param>
/// <param name="Handovers">In order of time.</param>
public sealed record EncounterTimeline(
    IReadOnlyList<AppointmentStep> Steps,
    IReadOnlyList<(DateTimeOffset At, EncounterStatus Status)> Statuses,
    AttendanceEvidence Evidence,
    IReadOnlyList<ParticipantView> Participants,
    IReadOnlyList<PersonCallQuality> Quality,
    IReadOnlyList<DecisionView> Decisions,
    IReadOnlyList<HandoverStep> Handovers);

/// <summary>A handover as it stood last. Times carry the practice's offset.</summary>
public sealed record HandoverStep(DateTimeOffset AskedAt, DateTimeOffset ChangedAt, HandoverStatus Status, string FromName, string ToName);

/// <summary>What the clinician decided of somebody in the call, or of the whole room. Times carry the practice's offset.</summary>
/// <param name="Name">Null when it is about the room.</param>
public sealed record DecisionView(DateTimeOffset At, ConsultationFactType Type, string? Name);

/// <summary>The full timeline of an appointment, for its clinician and practice staff.</summary>
public sealed class EncounterTimelines(ClinicalDbContext db, AppointmentHistory history, AttendanceRecords attendance, CallQualities qualities)
{
    /// <summary>Null if there is none, or it is not theirs to see.</summary>
    public async Task<EncounterTimeline?> OfAsync(Actor team, AppointmentId id, CancellationToken cancellationToken)
    {
        if (await history.OfAsync(team, id, cancellationToken) is not { } record || await attendance.OfAsync(team, id, cancellationToken) is not { } evidence)
            return null;
        var time = await db.TimeOfAsync(team, cancellationToken);
        var encounters = await db.Encounters.AsNoTracking().Where(row => row.AppointmentId == id).Include(row => row.History).Include(row => row.Participants).AsSplitQuery().ToListAsync(cancellationToken);
        var people = encounters.SelectMany(row => row.Participants).OrderBy(row => row.Start).ToList();
        var names = await db.NamesAsync(id, cancellationToken);
        var handovers = await db.Handovers.AsNoTracking().Where(row => row.AppointmentId == id).OrderBy(row => row.AskedAt).ToListAsync(cancellationToken);
        var decisions = await db.ReceivedEvents.AsNoTracking().Where(row => row.ConsultationId == id && row.Applied && RoomRecord.Decisions.Contains(row.Type)).ToListAsync(cancellationToken);
        return new EncounterTimeline(
            record.Steps,
            [.. encounters.SelectMany(row => row.History).OrderBy(row => row.At).ThenBy(row => row.Sequence).Select(row => (time.ToLocal(row.At), row.Status))],
            evidence,
            people.ConvertAll(row => new ParticipantView(names.GetValueOrDefault(row.PersonId, "A guest"), row.Role, time.ToLocal(row.Start), time.ToLocal(row.End))),
            await qualities.OfAsync(team, id, cancellationToken),
            [.. decisions.OrderBy(row => row.At).Select(row => new DecisionView(time.ToLocal(row.At), row.Type, row.PersonId is { } person ? names.GetValueOrDefault(person, "A guest") : null))],
            [.. handovers.Select(row => new HandoverStep(time.ToLocal(row.AskedAt), time.ToLocal(row.ChangedAt), row.Status, names[row.FromId.Value], names[row.ToId.Value]))]);
    }
}
