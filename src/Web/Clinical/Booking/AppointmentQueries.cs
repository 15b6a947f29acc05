using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <summary>An appointment as pages show it. Times carry the practice's offset.</summary>
/// <param name="JoinOpensAt">For a video appointment; null for others.</param>
/// <param name="CanJoin">The patient may join now; for a carer, they may.</param>
/// <param name="CanCancel">The asking actor may cancel it now.</param>
/// <param name="CanMove">The asking actor may move it or change how it is held now.</param>
/// <param name="Channels">All the ways in which it can be held.</param>
/// <param name="IsShortNotice">By the rules of its service it is late to cancel now.</param>
/// <param name="PricePence">What the practice asks for; 0 for nothing.</param>
/// <param name="IsInSeries">It was booked together with others, every so many weeks.</param>
/// <param name="ReasonForVisit">Null for a carer.</param>
public sealed record AppointmentView(
    AppointmentId Id,
    string Reference,
    AppointmentStatus Status,
    DeliveryChannel Channel,
    DateTimeOffset Start,
    DateTimeOffset End,
    HealthcareServiceId ServiceId,
    string ServiceName,
    PractitionerId PractitionerId,
    string PractitionerName,
    PatientId PatientId,
    string PatientName,
    ScheduleId Clinic,
    string? ReasonForVisit,
    string? CancellationReason,
    DateTimeOffset? JoinOpensAt,
    DateTimeOffset? JoinClosesAt,
    bool CanJoin,
    bool CanCancel,
    bool CanMove,
    IReadOnlyList<DeliveryChannel> Channels,
    bool IsShortNotice,
    bool IsInSeries,
    int PricePence)
{
    /// <summary>To the questions of the service, as asked; only where one appointment is asked for.</summary>
    public IReadOnlyList<AnswerView> Answers { get; init; } = [];

    /// <summary>What it costs to cancel late or not to come; 0 for nothing.</summary>
    public int LateFeePence { get; init; }

    /// <summary>Cancelling is late so long before the start.</summary>
    public int LateNoticeHours { get; init; }

    /// <summary>How it was missed; null unless it was.</summary>
    public Absence? Absence { get; init; }

    /// <summary>Why it was not held although the patient did nothing wrong; null unless that is so.</summary>
    public NotHeld? NotHeld { get; init; }

    /// <summary>The patient is under 16 on the day: a carer brings them.</summary>
    public bool IsChild { get; init; }
}


/// <param name="Coming">Still to be held, the next first; one whose start has passed stays here as long as it can be joined.</param>
/// <param name="Past">Over, or cancelled, the latest first; at most <see cref="AppointmentQueries.MaxPast"/>.</param>
public sealed record MyAppointments(IReadOnlyList<AppointmentView> Coming, IReadOnlyList<AppointmentView> Past);

public sealed class AppointmentQueries(ClinicalDbContext db, TimeProvider clock)
{
    public const int MaxPast = 100;

    private static readonly AppointmentStatus[] Closed = [AppointmentStatus.Fulfilled, AppointmentStatus.Cancelled, AppointmentStatus.NoShow];

    /// <summary>A patient's own, or for staff one patient's, or for a carer what was granted of one patient's; empty if the actor may not see them.</summary>
    public async Task<MyAppointments> OfPatientAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(patient) && actor.ActsFor != patient)
            return new MyAppointments([], []);
        db.ActFor(actor);
        var now = clock.GetUtcNow();
        var mine = db.Appointments.VisibleTo(actor).Where(row => row.PatientId == patient && row.Status != AppointmentStatus.EnteredInError);
        var oldest = now - JoinWindow.After;
        var coming = await ViewsAsync(actor, mine.Where(row => row.Start >= oldest && !Closed.Contains(row.Status)).OrderBy(row => row.Start), now, cancellationToken);
        var past = await ViewsAsync(
            actor, mine.Where(row => row.Start < oldest || Closed.Contains(row.Status)).OrderByDescending(row => row.Start).Take(MaxPast), now, cancellationToken);
        return new MyAppointments(coming, past);
    }

    /// <summary>A patient finds their own, a carer what was granted, a clinician those of their clinics, staff any of the practice; otherwise null.</summary>
    public async Task<AppointmentView?> FindAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var found = await ViewsAsync(actor, db.Appointments.Where(row => row.Id == id).VisibleTo(actor), clock.GetUtcNow(), cancellationToken);
        if (found is not [var one])
            return null;
        // What the patient wrote is for the practice: no carer reads it.
        return actor.Role == ActorRole.Carer ? one : one with { Answers = await db.AnswersOfAsync(id, cancellationToken) };
    }

    private async Task<List<AppointmentView>> ViewsAsync(Actor actor, IQueryable<Appointment> appointments, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var rows = await (
            from appointment in appointments.AsNoTracking()
            join service in db.Services on appointment.ServiceId equals service.Id
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join schedule in db.Schedules on appointment.ScheduleId equals schedule.Id
            select new { appointment, service, Ways = schedule.Channels, practitioner, patient }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => View(actor, row.appointment, row.service, Schedule.ChannelsOf(row.Ways, row.service.Channels), row.practitioner, row.patient, time, now));
    }

    private static AppointmentView View(
        Actor actor, Appointment appointment, HealthcareService service, DeliveryChannel[] channels, Practitioner practitioner, Patient patient, PracticeTime time, DateTimeOffset now)
    {
        var window = appointment.Room is null ? null : JoinWindow.Of(appointment);
        return new AppointmentView(
            appointment.Id,
            appointment.Reference,
            appointment.Status,
            appointment.Channel,
            time.ToLocal(appointment.Start),
            time.ToLocal(appointment.End),
            appointment.ServiceId,
            service.Name,
            practitioner.Id,
            practitioner.DisplayName,
            patient.Id,
            patient.DisplayName,
            appointment.ScheduleId,
            // What the patient wrote is for the practice: no carer reads it.
            actor.Role == ActorRole.Carer ? null : appointment.ReasonForVisit,
            actor.Role == ActorRole.Carer ? null : appointment.CancellationReason,
            time.ToLocal(window?.OpensAt),
            time.ToLocal(window?.ClosesAt),
            CanJoin: window?.Lets(appointment.Status, now) == true && (actor.Role != ActorRole.Carer || actor.MayAsCarer(CarerRights.JoinConsultations, patient.Id)),
            CanCancel: appointment.MayBeCancelledBy(actor, now),
            CanMove: appointment.MayBeMovedBy(actor, now),
            channels,
            appointment.IsShortNotice(now, service.LateNotice),
            appointment.Series is not null,
            appointment.PricePence)
        {
            LateFeePence = service.LateFeePence,
            LateNoticeHours = service.LateNoticeHours,
            Absence = appointment.Absence,
            NotHeld = appointment.NotHeld,
            IsChild = patient.IsChildOn(time.DayOf(appointment.Start)),
        };
    }
}
