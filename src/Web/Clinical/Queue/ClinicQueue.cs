using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Queue;

/// <summary>Reads a clinic as the forecast looks at it. The context acts for somebody who may.</summary>
internal static class ClinicQueue
{
    /// <summary>How far back, in clinics and in time: enough to know a clinician's ways, and not those of years ago.</summary>
    private const int PastClinics = 30;

    private static readonly TimeSpan PastTime = TimeSpan.FromDays(180);

    /// <summary>Null if there is no such clinic.</summary>
    public static async Task<(ClinicNow Now, ClinicPast Past)?> ReadQueueAsync(this ClinicalDbContext db, ScheduleId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await db.Schedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } clinic)
            return null;
        var rows = await CoursesAsync(db, [id], cancellationToken);
        var slot = rows.Count > 0 ? rows[0].End - rows[0].Start
            : TimeSpan.FromMinutes(await db.Services.Where(service => service.Id == clinic.ServiceId).Select(service => service.DurationMinutes).SingleAsync(cancellationToken));
        var clinicianHere = rows.Exists(row => row.StartedAt is not null) || await (
            from participant in db.Set<EncounterParticipant>()
            join encounter in db.Encounters.Live() on participant.EncounterId equals encounter.Id
            join appointment in db.Appointments on encounter.AppointmentId equals appointment.Id
            where appointment.ScheduleId == id && participant.Role == ConsultationRole.Clinician
            select participant).AnyAsync(cancellationToken);
        var live = new ClinicNow(now, clinic.Start, slot, clinicianHere, rows.Max(row => row.EndedAt), [.. rows.Select(row => row.Entry())], [.. rows.Select(row => row.Course())]);

        var oldest = clinic.Start - PastTime;
        var before = await db.Schedules.AsNoTracking()
            .Where(row => row.PractitionerId == clinic.PractitionerId && row.ServiceId == clinic.ServiceId && row.Start < clinic.Start && row.Start > oldest)
            .OrderByDescending(row => row.Start).Select(row => row.Id).Take(PastClinics).ToListAsync(cancellationToken);
        var past = await CoursesAsync(db, before, cancellationToken);
        return (live, ClinicPast.Of(past.GroupBy(row => row.Clinic).Select(courses => courses.Select(row => row.Course()).ToList())));
    }

    private static Task<List<Row>> CoursesAsync(ClinicalDbContext db, List<ScheduleId> clinics, CancellationToken cancellationToken) => (
        from appointment in db.Appointments.AsNoTracking()
        join encounter in db.Encounters.Live() on appointment.Id equals encounter.AppointmentId into encounters
        from encounter in encounters.DefaultIfEmpty()
        where clinics.Contains(appointment.ScheduleId) && appointment.Status != AppointmentStatus.EnteredInError && appointment.Status != AppointmentStatus.Cancelled
        select new Row(
            appointment.Id, appointment.ScheduleId, appointment.Start, appointment.End, appointment.Status, appointment.Channel, appointment.ArrivedAt,
            (DateTimeOffset?)encounter.WaitingSince, (DateTimeOffset?)encounter.Start, (DateTimeOffset?)encounter.End)).ToListAsync(cancellationToken);

    private sealed record Row(
        AppointmentId Id,
        ScheduleId Clinic,
        DateTimeOffset Start,
        DateTimeOffset End,
        AppointmentStatus Status,
        DeliveryChannel Channel,
        DateTimeOffset? ArrivedAt,
        DateTimeOffset? WaitingSince,
        DateTimeOffset? StartedAt,
        DateTimeOffset? EndedAt)
    {
        public Course Course() => new(Start, ArrivedAt, StartedAt, EndedAt);

        public QueueEntry Entry() => EntryOf(Id, Start, Status, Channel, WaitingSince ?? ArrivedAt, StartedAt);
    }

    public static QueueEntry QueueEntry(this Appointment appointment, DateTimeOffset? waitingSince, DateTimeOffset? startedAt) =>
        EntryOf(appointment.Id, appointment.Start, appointment.Status, appointment.Channel, waitingSince ?? appointment.ArrivedAt, startedAt);

    private static QueueEntry EntryOf(AppointmentId id, DateTimeOffset start, AppointmentStatus status, DeliveryChannel channel, DateTimeOffset? hereSince, DateTimeOffset? startedAt) => status switch
    {
        AppointmentStatus.Booked => new(id, start, QueueState.Expected, null, Announces: channel == DeliveryChannel.Video),
        AppointmentStatus.Arrived => new(id, start, QueueState.Here, hereSince),
        AppointmentStatus.CheckedIn => new(id, start, QueueState.InCall, startedAt),
        _ => new(id, start, QueueState.Over, null),
    };
}
