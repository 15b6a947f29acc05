using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <summary>A free place that an appointment could move to. Times carry the practice's offset.</summary>
/// <param name="Channels">How it is held there.</param>
public sealed record Alternative(SlotId Slot, DateTimeOffset Start, DateTimeOffset End, string PractitionerName, IReadOnlyList<DeliveryChannel> Channels);

/// <summary>One appointment of the clinic, with the nearest other times.</summary>
/// <param name="Alternatives">The nearest first; the first of each is for this appointment alone.</param>
public sealed record CallOffLine(AppointmentId Appointment, PatientId PatientId, string PatientName, DateTimeOffset Start, DeliveryChannel Channel, IReadOnlyList<Alternative> Alternatives);

/// <param name="InCall">How many patients are with the clinician now: they stay.</param>
public sealed record CallOffPlan(ScheduleId Clinic, string PractitionerName, string ServiceName, DateTimeOffset Start, DateTimeOffset End, bool IsOver, int InCall, IReadOnlyList<CallOffLine> Lines);

/// <summary>What calling off a clinic would mean, before it is done. For practice staff.</summary>
public sealed class CallOffPlanner(ClinicalDbContext db, TimeProvider clock)
{
    private const int AlternativesEach = 3;
    private const int NearestShown = 10;
    private const int MostPlaces = 1000;

    private static readonly TimeSpan Horizon = TimeSpan.FromDays(28);

    /// <summary>Null if there is no such clinic.</summary>
    public async Task<CallOffPlan?> PlanAsync(Actor staff, ScheduleId id, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            throw new NotAllowedException("Only practice staff call off a clinic.");
        db.ActFor(staff);
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var clinic = await (
            from schedule in db.Schedules.AsNoTracking()
            join practitioner in db.Practitioners on schedule.PractitionerId equals practitioner.Id
            join service in db.Services on schedule.ServiceId equals service.Id
            where schedule.Id == id
            select new { schedule, practitioner, service.Name }).SingleOrDefaultAsync(cancellationToken);
        if (clinic is null)
            return null;
        var rows = await (
            from appointment in db.Appointments.AsNoTracking().OfCallOff(id, now)
            join patient in db.Patients on appointment.PatientId equals patient.Id
            orderby appointment.Start, appointment.BookedAt
            select new { appointment, patient }).ToListAsync(cancellationToken);
        var inCall = await db.Appointments.CountAsync(row => row.ScheduleId == id && row.Status == AppointmentStatus.CheckedIn, cancellationToken);
        var places = await PlacesAsync(clinic.schedule, time, now, cancellationToken);
        var busy = await BusyAsync([.. rows.Select(row => row.patient.Id).Distinct()], id, now, cancellationToken);
        var proposed = new HashSet<SlotId>();
        var lines = rows.ConvertAll(row =>
        {
            var nearest = places
                .Where(place => place.Channels.Contains(row.appointment.Channel) && !busy[row.patient.Id].Any(other => other.Start < place.End && other.End > place.Start))
                .OrderBy(place => (place.Start - row.appointment.Start).Duration()).ThenBy(place => place.Start).ToList();
            var first = nearest.Find(place => !proposed.Contains(place.Slot));
            if (first is not null)
                proposed.Add(first.Slot);
            return new CallOffLine(
                row.appointment.Id, row.patient.Id, row.patient.DisplayName, time.ToLocal(row.appointment.Start), row.appointment.Channel,
                first is null ? [] : [first, .. nearest.Where(place => place.Slot != first.Slot && !proposed.Contains(place.Slot)).Take(AlternativesEach - 1)]);
        });
        return new CallOffPlan(
            id, clinic.practitioner.DisplayName, clinic.Name, time.ToLocal(clinic.schedule.Start), time.ToLocal(clinic.schedule.End), clinic.schedule.End <= now, inCall, lines);
    }

    /// <summary>The nearest times to which one appointment could go that was not held: in other clinics of the same service, from now on. Nothing if it is not theirs.</summary>
    public async Task<IReadOnlyList<Alternative>> NearestAsync(Actor team, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(team);
        var now = clock.GetUtcNow();
        if ((!team.IsStaff && team.AsPractitioner is null)
            || await db.Appointments.AsNoTracking().VisibleTo(team).SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } appointment)
            return [];
        var clinic = await db.Schedules.AsNoTracking().SingleAsync(row => row.Id == appointment.ScheduleId, cancellationToken);
        var places = await PlacesAsync(clinic, await db.TimeOfAsync(team, cancellationToken), now, cancellationToken);
        var busy = (await BusyAsync([appointment.PatientId], clinic.Id, now, cancellationToken))[appointment.PatientId].ToList();
        return [.. places.Where(place => place.Channels.Contains(appointment.Channel) && !busy.Exists(other => other.Start < place.End && other.End > place.Start))
            .DistinctBy(place => (place.Start, place.PractitionerName)).Take(NearestShown)];
    }

    /// <summary>What is free of the same service in other clinics, four weeks around.</summary>
    private async Task<List<Alternative>> PlacesAsync(Schedule clinic, PracticeTime time, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (from, to) = (clinic.Start - Horizon > now ? clinic.Start - Horizon : now, clinic.Start + Horizon);
        var rows = await (
            from slot in db.Slots.AsNoTracking().Where(SlotBook.IsOpenTo(null, now))
            join practitioner in db.Practitioners on slot.PractitionerId equals practitioner.Id
            join service in db.Services on slot.ServiceId equals service.Id
            join schedule in db.Schedules on slot.ScheduleId equals schedule.Id
            where slot.ServiceId == clinic.ServiceId && service.IsActive && practitioner.EndedAt == null && slot.ScheduleId != clinic.Id && slot.Start >= @from && slot.Start <= to
            orderby slot.Start, practitioner.FamilyName, slot.Seat
            select new { slot.Id, slot.Start, slot.End, practitioner, Ways = schedule.Channels, service.Channels }).Take(MostPlaces).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new Alternative(row.Id, time.ToLocal(row.Start), time.ToLocal(row.End), row.practitioner.DisplayName, Schedule.ChannelsOf(row.Ways, row.Channels)));
    }

    /// <summary>The patients' other appointments.</summary>
    private async Task<ILookup<PatientId, (DateTimeOffset Start, DateTimeOffset End)>> BusyAsync(
        IReadOnlyList<PatientId> patients, ScheduleId clinic, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await db.Appointments.AsNoTracking()
            .Where(row => patients.Contains(row.PatientId) && row.ScheduleId != clinic && row.End > now && row.Status != AppointmentStatus.Cancelled && row.Status != AppointmentStatus.EnteredInError)
            .Select(row => new { row.PatientId, row.Start, row.End }).ToListAsync(cancellationToken);
        return rows.ToLookup(row => row.PatientId, row => (row.Start, row.End));
    }
}
