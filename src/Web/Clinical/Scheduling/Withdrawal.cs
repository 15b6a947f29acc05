using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>An appointment at a time that is to be withdrawn. It stays booked until somebody moves or cancels it.</summary>
/// <param name="Start">With the practice's offset.</param>
public sealed record AffectedAppointment(AppointmentId Appointment, ScheduleId Clinic, DateTimeOffset Start, string PatientName, PractitionerId Practitioner, string PractitionerName, string ServiceName);

/// <summary>
/// Times that are taken out of the diary by leave, a closure, or a changed clinic. What is booked at them is shown before anything is done, and stands: no patient loses an
/// appointment that nobody decided about.
/// </summary>
internal static class Withdrawal
{
    /// <summary>What is booked at these times and still to be held, by start.</summary>
    public static async Task<List<AffectedAppointment>> BookedAsync(this ClinicalDbContext db, IQueryable<Slot> slots, PracticeTime time, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await (
            from appointment in db.Appointments.AsNoTracking()
            join slot in slots on appointment.SlotId equals slot.Id
            join patient in db.Patients on appointment.PatientId equals patient.Id
            join practitioner in db.Practitioners on appointment.PractitionerId equals practitioner.Id
            join service in db.Services on appointment.ServiceId equals service.Id
            where appointment.End > now && (appointment.Status == AppointmentStatus.Booked || appointment.Status == AppointmentStatus.Arrived)
            orderby appointment.Start, patient.FamilyName
            select new { appointment.Id, appointment.ScheduleId, appointment.Start, patient, practitioner, service.Name }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new AffectedAppointment(row.Id, row.ScheduleId, time.ToLocal(row.Start), row.patient.DisplayName, row.practitioner.Id, row.practitioner.DisplayName, row.Name));
    }

    /// <summary>Whoever decides has seen exactly these.</summary>
    public static bool AreSeen(this IReadOnlyList<AffectedAppointment> affected, IReadOnlyCollection<AppointmentId> seen) => affected.Select(row => row.Appointment).ToHashSet().SetEquals(seen);
}
