using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;

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
public sealed record EncounterTimeline(
    IReadOnlyList<AppointmentStep> Steps,
    IReadOnlyList<(DateTimeOffset At, EncounterStatus Status)> Statuses,
    AttendanceEvidence Evidence,
    IReadOnlyList<ParticipantView> Participants,
    IReadOnlyList<CallIncident> Incidents,
    IReadOnlyList<PersonCallQuality> Quality);

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
        var incidents = await db.ReceivedEvents.AsNoTracking().Where(row => row.ConsultationId == id && row.Applied && (row.Trouble != null || row.Step != null))
            .OrderBy(row => row.At).ThenBy(row => row.Id).ToListAsync(cancellationToken);
        var names = await db.ParticipantNamesAsync(id, cancellationToken);
        string NameOf(Guid? person) => person is { } known ? names.GetValueOrDefault(known, "A guest") : "Somebody";
        return new EncounterTimeline(
            record.Steps,
            [.. encounters.SelectMany(row => row.History).OrderBy(row => row.At).ThenBy(row => row.Sequence).Select(row => (time.ToLocal(row.At), row.Status))],
            evidence,
            people.ConvertAll(row => new ParticipantView(NameOf(row.PersonId), row.Role, time.ToLocal(row.Start), time.ToLocal(row.End))),
            incidents.ConvertAll(row => new CallIncident(time.ToLocal(row.At), NameOf(row.PersonId), row.Type, row.Trouble, row.Step, row.Direction)),
            await qualities.OfAsync(team, id, cancellationToken));
    }
}

internal static class ParticipantNames
{
    /// <summary>Who may be in an appointment's consultation, by the value of their id. Of guests it is what others in the call read.</summary>
    public static async Task<Dictionary<Guid, string>> ParticipantNamesAsync(this ClinicalDbContext db, AppointmentId id, CancellationToken cancellationToken)
    {
        var both = await (
            from appointment in db.Appointments.AsNoTracking()
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            where appointment.Id == id
            select new { patient, practitioner }).SingleAsync(cancellationToken);
        var names = await db.RelatedPersons.AsNoTracking().Where(row => row.PatientId == both.patient.Id).ToDictionaryAsync(row => row.Id.Value, row => row.Name, cancellationToken);
        foreach (var guest in await db.Guests.AsNoTracking().Where(row => row.AppointmentId == id && row.Role != GuestRole.Patient).ToListAsync(cancellationToken))
            names[guest.Id.Value] = $"{guest.Name} ({guest.Role.Word()})";
        names[both.patient.Id.Value] = both.patient.DisplayName;
        names[both.practitioner.Id.Value] = both.practitioner.DisplayName;
        return names;
    }
}
