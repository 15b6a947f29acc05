using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Queue;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>A clinic with its counts. Times carry the practice's offset.</summary>
/// <param name="Free">Slots that can still be booked, from now on.</param>
public sealed record ClinicSummary(
    ScheduleId Id,
    PractitionerId PractitionerId,
    string PractitionerName,
    HealthcareServiceId ServiceId,
    string ServiceName,
    IReadOnlyList<DeliveryChannel> Channels,
    DateTimeOffset Start,
    DateTimeOffset End,
    int Booked,
    int Waiting,
    int InCall,
    int Done,
    int DidNotAttend,
    int Cancelled,
    int Free)
{
    /// <summary>Who wait and asked for help, and nobody has seen it.</summary>
    public int AskForHelp { get; init; }
}

/// <param name="Since">Waiting: since when. In call: from when. Otherwise null.</param>
public sealed record BoardRow(
    AppointmentId Appointment,
    string Reference,
    DateTimeOffset Start,
    DateTimeOffset End,
    PatientId PatientId,
    string PatientName,
    DeliveryChannel Channel,
    BoardStatus Status,
    DateTimeOffset? Since)
{
    /// <summary>The last time this patient asked for help; null once they are with the clinician, or gone.</summary>
    public HelpView? Help { get; init; }

    /// <summary>Who is busy with this patient; null for nobody.</summary>
    public ClaimView? Claim { get; init; }

    /// <summary>How it was missed; null unless it was.</summary>
    public Absence? Absence { get; init; }

    /// <summary>The clinician who took the patient over; null while they are the clinic's own.</summary>
    public string? HandedTo { get; init; }
}

/// <param name="Until">With the practice's offset.</param>
/// <param name="IsOwn">It is the asking person's.</param>
public sealed record ClaimView(string Name, DateTimeOffset Until, bool IsOwn);

/// <param name="IsOwn">It is the asking clinician's: they admit, write notes and finish.</param>
/// <param name="Next">Whom to see next; null when nobody waits, or somebody is in call.</param>
public sealed record ClinicBoard(ClinicSummary Clinic, bool IsOwn, IReadOnlyList<BoardRow> Rows, NextPatient? Next);

/// <summary>Clinics of a day, for practice staff (all of the practice) and clinicians (their own). Patients get nothing.</summary>
public sealed class ClinicService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Every clinic that runs on this local day, also one that began the night before; by start, then clinician.</summary>
    /// <param name="day">Today in the practice's time, if null.</param>
    public Task<IReadOnlyList<ClinicSummary>> ClinicsOfDayAsync(Actor actor, DateOnly? day, CancellationToken cancellationToken) =>
        ClinicsOfDaysAsync(actor, day, 1, cancellationToken);

    /// <summary>Every clinic that runs on one of so many days from <paramref name="first"/> (today, if null).</summary>
    public async Task<IReadOnlyList<ClinicSummary>> ClinicsOfDaysAsync(Actor actor, DateOnly? first, int days, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        db.ActFor(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var from = first ?? time.DayOf(clock.GetUtcNow());
        var (start, end) = (time.BoundsOf(from).Start, time.BoundsOf(from.AddDays(days - 1)).End);
        return await SummariesAsync(VisibleTo(actor).Where(row => row.Start < end && row.End > start), time, cancellationToken);
    }

    /// <summary>Null if there is no such clinic or the actor may not see it. Rows are in order of start; cancelled ones are among them.</summary>
    public async Task<ClinicBoard?> BoardAsync(Actor actor, ScheduleId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var clinics = await SummariesAsync(VisibleTo(actor).Where(row => row.Id == id), time, cancellationToken);
        if (clinics is not [var clinic])
            return null;
        var rows = await (
            from appointment in db.Appointments.AsNoTracking()
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join encounter in db.Encounters.Live() on appointment.Id equals encounter.AppointmentId into encounters
            from encounter in encounters.DefaultIfEmpty()
            where appointment.ScheduleId == id && appointment.Status != AppointmentStatus.EnteredInError
            orderby appointment.Start, appointment.BookedAt
            select new
            {
                appointment,
                patient,
                WaitingSince = (DateTimeOffset?)encounter.WaitingSince,
                StartedAt = (DateTimeOffset?)encounter.Start,
            }).ToListAsync(cancellationToken);
        var now = clock.GetUtcNow();
        var help = await (
            from request in db.HelpRequests.AsNoTracking()
            join appointment in db.Appointments on request.AppointmentId equals appointment.Id
            where appointment.ScheduleId == id && appointment.Status == AppointmentStatus.Arrived
            orderby request.AskedAt
            select request).ToListAsync(cancellationToken);
        var asked = help.GroupBy(request => request.AppointmentId).ToDictionary(requests => requests.Key, requests => requests.Last());
        var claims = await (
            from claim in db.Claims.AsNoTracking()
            join appointment in db.Appointments on claim.AppointmentId equals appointment.Id
            where appointment.ScheduleId == id && claim.Until > now
            select claim).ToDictionaryAsync(claim => claim.AppointmentId, cancellationToken);
        var handed = rows.Select(row => row.appointment.PractitionerId).Where(practitioner => practitioner != clinic.PractitionerId).Distinct().ToList();
        var takers = handed.Count == 0
            ? new Dictionary<PractitionerId, string>()
            : (await db.Practitioners.AsNoTracking().Where(row => handed.Contains(row.Id)).ToListAsync(cancellationToken)).ToDictionary(row => row.Id, row => row.DisplayName);
        var next = NextPatient.Of(
            now,
            rows.Select(row => row.appointment.QueueEntry(row.WaitingSince, row.StartedAt)),
            asked.Values.Where(request => request.SeenAt is null).Select(request => request.AppointmentId).ToHashSet(),
            claims.Values.Where(claim => !claim.IsOf(actor)).Select(claim => claim.AppointmentId).ToHashSet());
        return new ClinicBoard(clinic, actor.AsPractitioner is not null, rows.ConvertAll(row =>
        {
            var status = BoardStatuses.Of(row.appointment.Status, row.WaitingSince is not null);
            var since = status switch
            {
                BoardStatus.Waiting => row.WaitingSince,
                BoardStatus.InCall => row.StartedAt,
                _ => null,
            };
            return new BoardRow(
                row.appointment.Id,
                row.appointment.Reference,
                time.ToLocal(row.appointment.Start),
                time.ToLocal(row.appointment.End),
                row.patient.Id,
                row.patient.DisplayName,
                row.appointment.Channel,
                status,
                time.ToLocal(since))
            {
                Help = asked.GetValueOrDefault(row.appointment.Id) is { } request ? new HelpView(time.ToLocal(request.AskedAt), time.ToLocal(request.SeenAt), request.SeenByName) : null,
                Claim = status is (BoardStatus.Booked or BoardStatus.Arrived or BoardStatus.Waiting) && claims.GetValueOrDefault(row.appointment.Id) is { } claim
                    ? new ClaimView(claim.Name, time.ToLocal(claim.Until), claim.IsOf(actor))
                    : null,
                Absence = row.appointment.Absence,
                HandedTo = row.appointment.PractitionerId == clinic.PractitionerId ? null : takers.GetValueOrDefault(row.appointment.PractitionerId),
            };
        }), next);
    }

    private IQueryable<Schedule> VisibleTo(Actor actor) => actor switch
    {
        { AsPractitioner: { } practitioner } => db.Schedules.Where(row => row.PractitionerId == practitioner),
        { IsStaff: true } => db.Schedules,
        _ => db.Schedules.Where(row => false),
    };

    private async Task<List<ClinicSummary>> SummariesAsync(IQueryable<Schedule> schedules, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var rows = await (
            from schedule in schedules.AsNoTracking()
            join practitioner in db.Practitioners on schedule.PractitionerId equals practitioner.Id
            join service in db.Services on schedule.ServiceId equals service.Id
            orderby schedule.Start, practitioner.FamilyName
            select new
            {
                schedule.Id,
                schedule.Start,
                schedule.End,
                practitioner,
                ServiceId = service.Id,
                service.Name,
                service.Channels,
                Ways = schedule.Channels,
                AskForHelp = db.HelpRequests.Count(request => request.SeenAt == null
                    && db.Appointments.Any(appointment => appointment.Id == request.AppointmentId && appointment.ScheduleId == schedule.Id && appointment.Status == AppointmentStatus.Arrived)),
                Free = db.Slots.Count(slot => slot.ScheduleId == schedule.Id && slot.Start >= now && service.IsActive
                    && (slot.Status == SlotStatus.Free || (slot.Status == SlotStatus.BusyTentative && slot.HeldUntil <= now))),
            }).ToListAsync(cancellationToken);
        var ids = rows.Select(row => row.Id).ToList();
        var counts = await (
            from appointment in db.Appointments.AsNoTracking()
            join encounter in db.Encounters.Live() on appointment.Id equals encounter.AppointmentId into encounters
            from encounter in encounters.DefaultIfEmpty()
            where ids.Contains(appointment.ScheduleId) && appointment.Status != AppointmentStatus.EnteredInError
            group appointment by new { appointment.ScheduleId, appointment.Status, InWaitingRoom = encounter.WaitingSince != null } into states
            select new { states.Key.ScheduleId, states.Key.Status, states.Key.InWaitingRoom, Count = states.Count() }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row =>
        {
            int Count(params BoardStatus[] statuses) => counts
                .Where(count => count.ScheduleId == row.Id && statuses.Contains(BoardStatuses.Of(count.Status, count.InWaitingRoom)))
                .Sum(count => count.Count);
            return new ClinicSummary(
                row.Id,
                row.practitioner.Id,
                row.practitioner.DisplayName,
                row.ServiceId,
                row.Name,
                Schedule.ChannelsOf(row.Ways, row.Channels),
                time.ToLocal(row.Start),
                time.ToLocal(row.End),
                Count(BoardStatus.Booked, BoardStatus.Arrived),
                Count(BoardStatus.Waiting),
                Count(BoardStatus.InCall),
                Count(BoardStatus.Done),
                Count(BoardStatus.DidNotAttend),
                Count(BoardStatus.Cancelled),
                row.Free)
            {
                AskForHelp = row.AskForHelp,
            };
        });
    }
}
