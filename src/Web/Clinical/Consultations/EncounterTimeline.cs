using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Queue;

namespace Telemedicine.Clinical.Consultations;

/// <summary>One stay in the call. Times carry the practice's offset.</summary>
/// <param name="To">Null while they are there.</param>
public sealed record ParticipantView(string Name, ConsultationRole Role, DateTimeOffset From, DateTimeOffset? To);

/// <summary>What happened to somebody's connection or devices in the call. <paramref name="At"/> carries the practice's offset.</summary>
/// <param name="Trouble">What began or ended; null for a step.</param>
/// <param name="Step">Null for a trouble.</param>
/// <param name="Direction">Of a step; null where the person chose it for everybody.</param>
public sealed record CallIncident(DateTimeOffset At, string Name, ConsultationFactType Type, CallTrouble? Trouble, CallStep? Step, TrackDirection? Direction);

/// <summary>Everything that is kept of how an appointment went. Times carry the practice's offset.</summary>
/// <param name="Steps">What was done with the appointment, the latest first.</param>
/// <param name="Statuses">Of its Encounter, in order.</param>
/// <param name="Participants">In order of when they came.</param>
/// <param name="Incidents">In order of time.</param>
/// <param name="Quality">The patient first; empty where nothing was measured.</param>
/// <param name="Messages">What the practice told the patient who waited.</param>
/// <param name="Help">When the patient who waited asked for help.</param>
/// <param name="Decisions">In order of time.</param>
/// <param name="Handovers">In order of time.</param>
public sealed record EncounterTimeline(
    IReadOnlyList<AppointmentStep> Steps,
    IReadOnlyList<(DateTimeOffset At, EncounterStatus Status)> Statuses,
    AttendanceEvidence Evidence,
    IReadOnlyList<ParticipantView> Participants,
    IReadOnlyList<CallIncident> Incidents,
    IReadOnlyList<PersonCallQuality> Quality,
    IReadOnlyList<CommunicationView> Messages,
    IReadOnlyList<HelpView> Help,
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
        var messages = await db.Communications.AsNoTracking().Where(sent => sent.AppointmentId == id).OrderBy(sent => sent.SentAt).ToListAsync(cancellationToken);
        var help = await db.HelpRequests.AsNoTracking().Where(request => request.AppointmentId == id).OrderBy(request => request.AskedAt).ToListAsync(cancellationToken);
        var names = await db.NamesInCallAsync(await db.Appointments.AsNoTracking().SingleAsync(row => row.Id == id, cancellationToken), cancellationToken);
        var handovers = await db.Handovers.AsNoTracking().Where(row => row.AppointmentId == id).OrderBy(row => row.AskedAt).ToListAsync(cancellationToken);
        var decisions = await db.ReceivedEvents.AsNoTracking().Where(row => row.ConsultationId == id && row.Applied && RoomRecord.Decisions.Contains(row.Type)).ToListAsync(cancellationToken);
        var incidents = await db.ReceivedEvents.AsNoTracking().Where(row => row.ConsultationId == id && row.Applied && (row.Trouble != null || row.Step != null))
            .OrderBy(row => row.At).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        string NameOf(Guid? person) => person is { } known ? names.GetValueOrDefault(known, "A guest") : "Somebody";
        return new EncounterTimeline(
            record.Steps,
            [.. encounters.SelectMany(row => row.History).OrderBy(row => row.At).ThenBy(row => row.Sequence).Select(row => (time.ToLocal(row.At), row.Status))],
            evidence,
            people.ConvertAll(row => new ParticipantView(NameOf(row.PersonId), row.Role, time.ToLocal(row.Start), time.ToLocal(row.End))),
            incidents.ConvertAll(row => new CallIncident(time.ToLocal(row.At), NameOf(row.PersonId), row.Type, row.Trouble, row.Step, row.Direction)),
            await qualities.OfAsync(team, id, cancellationToken),
            messages.ConvertAll(sent => new CommunicationView(sent.Id, sent.SenderName, sent.Text, time.ToLocal(sent.SentAt))),
            help.ConvertAll(request => new HelpView(time.ToLocal(request.AskedAt), time.ToLocal(request.SeenAt), request.SeenByName)),
            [.. decisions.OrderBy(row => row.At).Select(row => new DecisionView(time.ToLocal(row.At), row.Type, row.PersonId is null ? null : NameOf(row.PersonId)))],
            handovers.ConvertAll(row => new HandoverStep(time.ToLocal(row.AskedAt), time.ToLocal(row.ChangedAt), row.Status, NameOf(row.FromId.Value), NameOf(row.ToId.Value))));
    }
}
