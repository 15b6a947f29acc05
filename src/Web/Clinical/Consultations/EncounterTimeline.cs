using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Queue;

namespace Telemedicine.Clinical.Consultations;

/// <summary>One stay in the call. Times carry the practice's offset.</summary>
/// <param name="To">Null while they are there.</param>
public sealed record ParticipantView(string Name, ConsultationRole Role, DateTimeOffset From, DateTimeOffset? To);

/// <summary>Everything that is kept of how an appointment went. Times carry the practice's offset.</summary>
/// <param name="Steps">What was done with the appointment, the latest first.</param>
/// <param name="Statuses">Of its Encounter, in order.</param>
/// <param name="Participants">In order of when they came.</param>
/// <param name="Quality">The patient first; empty where nothing was measured.</param>
/// <param name="Messages">What the practice told the patient who waited.</param>
/// <param name="Help">When the patient who waited asked for help.</param>
public sealed record EncounterTimeline(
    IReadOnlyList<AppointmentStep> Steps,
    IReadOnlyList<(DateTimeOffset At, EncounterStatus Status)> Statuses,
    AttendanceEvidence Evidence,
    IReadOnlyList<ParticipantView> Participants,
    IReadOnlyList<PersonCallQuality> Quality,
    IReadOnlyList<CommunicationView> Messages,
    IReadOnlyList<HelpView> Help);

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
        var names = await NamesAsync(id, [.. people.Select(row => row.PersonId).Distinct()], cancellationToken);
        var messages = await db.Communications.AsNoTracking().Where(sent => sent.AppointmentId == id).OrderBy(sent => sent.SentAt).ToListAsync(cancellationToken);
        var help = await db.HelpRequests.AsNoTracking().Where(request => request.AppointmentId == id).OrderBy(request => request.AskedAt).ToListAsync(cancellationToken);
        return new EncounterTimeline(
            record.Steps,
            [.. encounters.SelectMany(row => row.History).OrderBy(row => row.At).ThenBy(row => row.Sequence).Select(row => (time.ToLocal(row.At), row.Status))],
            evidence,
            people.ConvertAll(row => new ParticipantView(names.GetValueOrDefault(row.PersonId, "A guest"), row.Role, time.ToLocal(row.Start), time.ToLocal(row.End))),
            await qualities.OfAsync(team, id, cancellationToken),
            messages.ConvertAll(sent => new CommunicationView(sent.Id, sent.SenderName, sent.Text, time.ToLocal(sent.SentAt))),
            help.ConvertAll(request => new HelpView(time.ToLocal(request.AskedAt), time.ToLocal(request.SeenAt), request.SeenByName)));
    }

    private async Task<Dictionary<Guid, string>> NamesAsync(AppointmentId id, IReadOnlyList<Guid> people, CancellationToken cancellationToken)
    {
        var both = await (
            from appointment in db.Appointments.AsNoTracking()
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            where appointment.Id == id
            select new { patient, practitioner }).SingleAsync(cancellationToken);
        var carers = await db.RelatedPersons.AsNoTracking().Where(row => row.PatientId == both.patient.Id).Select(row => new { row.Id, row.Name }).ToListAsync(cancellationToken);
        var names = carers.Where(carer => people.Contains(carer.Id.Value)).ToDictionary(carer => carer.Id.Value, carer => carer.Name);
        names[both.patient.Id.Value] = both.patient.DisplayName;
        names[both.practitioner.Id.Value] = both.practitioner.DisplayName;
        return names;
    }
}
