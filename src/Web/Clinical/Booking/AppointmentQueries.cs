using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <summary>An appointment as pages show it. Times carry the practice's offset.</summary>
/// <param name="JoinOpensAt">For a video appointment; null for others.</param>
/// <param name="CanJoin">The patient may join now.</param>
/// <param name="CanCancel">The asking actor may cancel it now.</param>
/// <param name="CanMove">The asking actor may move it or change how it is held now.</param>
/// <param name="Channels">All the ways in which it can be held.</param>
/// <param name="IsShortNotice">Cancelled now, its time would hardly find another patient.</param>
/// <param name="IsInSeries">It was booked together with others, every so many weeks.</param>
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
    bool IsInSeries);

/// <param name="Coming">Still to be held, the next first; one whose start has passed stays here as long as it can be joined.</param>
/// <param name="Past">Over, or cancelled, the latest first; at most <see cref="AppointmentQueries.MaxPast"/>.</param>
public sealed record MyAppointments(IReadOnlyList<AppointmentView> Coming, IReadOnlyList<AppointmentView> Past);

public sealed class AppointmentQueries(ClinicalDbContext db, TimeProvider clock)
{
    public const int MaxPast = 100;

    private static readonly AppointmentStatus[] Closed = [AppointmentStatus.Fulfilled, AppointmentStatus.Cancelled, AppointmentStatus.NoShow];

    /// <summary>A patient's own, or for staff one patient's; empty if the actor may not see them.</summary>
    public async Task<MyAppointments> OfPatientAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(patient))
            return new MyAppointments([], []);
        db.ActFor(actor);
        var now = clock.GetUtcNow();
        var mine = db.Appointments.Where(row => row.PatientId == patient && row.Status != AppointmentStatus.EnteredInError);
        var oldest = now - JoinWindow.After;
        var coming = await ViewsAsync(actor, mine.Where(row => row.Start >= oldest && !Closed.Contains(row.Status)).OrderBy(row => row.Start), now, cancellationToken);
        var past = await ViewsAsync(
            actor, mine.Where(row => row.Start < oldest || Closed.Contains(row.Status)).OrderByDescending(row => row.Start).Take(MaxPast), now, cancellationToken);
        return new MyAppointments(coming, past);
    }

    /// <summary>A patient finds their own, a clinician those of their clinics, staff any of the practice; otherwise null.</summary>
    public async Task<AppointmentView?> FindAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var found = await ViewsAsync(actor, db.Appointments.Where(row => row.Id == id).VisibleTo(actor), clock.GetUtcNow(), cancellationToken);
        return found.SingleOrDefault();
    }

    private async Task<List<AppointmentView>> ViewsAsync(Actor actor, IQueryable<Appointment> appointments, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var rows = await (
            from appointment in appointments.AsNoTracking()
            join service in db.Services on appointment.ServiceId equals service.Id
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            join patient in db.Patients on appointment.PatientId equals patient.Id
            select new { appointment, service.Name, service.Channels, practitioner, patient }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => View(actor, row.appointment, row.Name, row.Channels, row.practitioner, row.patient, time, now));
    }

    private static AppointmentView View(
        Actor actor, Appointment appointment, string service, DeliveryChannel[] channels, Practitioner practitioner, Patient patient, PracticeTime time, DateTimeOffset now)
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
            service,
            practitioner.Id,
            practitioner.DisplayName,
            patient.Id,
            patient.DisplayName,
            appointment.ScheduleId,
            appointment.ReasonForVisit,
            appointment.CancellationReason,
            time.ToLocal(window?.OpensAt),
            time.ToLocal(window?.ClosesAt),
            CanJoin: window?.Lets(appointment.Status, now) == true,
            CanCancel: appointment.MayBeCancelledBy(actor, now),
            CanMove: appointment.MayBeMovedBy(actor, now),
            channels,
            appointment.IsShortNotice(now),
            appointment.Series is not null);
    }
}
