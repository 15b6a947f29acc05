using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Booking;

/// <param name="To">The time that the patient gets instead; null lets them choose one.</param>
public sealed record NotHeldRequest(AppointmentId Appointment, NotHeld Why, SlotId? To);

public sealed partial class BookingService
{
    /// <summary>
    /// An appointment was not held, and not through its patient: it is closed, and the patient is told with an apology, gets another time free or is asked to choose one. For its clinician and for
    /// practice staff. What speaks against it is looked at first.
    /// </summary>
    public async Task<NotHeldOutcome> CloseNotHeldAsync(Actor team, NotHeldRequest request, CancellationToken cancellationToken)
    {
        if (!team.IsStaff && team.AsPractitioner is null)
            throw new NotAllowedException("Only clinicians and practice staff say that an appointment was not held.");
        var time = await db.TimeOfAsync(team, cancellationToken);
        try
        {
            return await db.WriteAsync(team, "appointment.not-held", request.Why.Told(), () => CloseNotHeldAsync(team, request, time, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new NotHeldOutcome.Taken();
        }
    }

    private async Task<NotHeldOutcome> CloseNotHeldAsync(Actor team, NotHeldRequest request, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await db.Appointments.VisibleTo(team).SingleOrDefaultAsync(row => row.Id == request.Appointment, cancellationToken) is not { } appointment)
            return new NotHeldOutcome.NotFound();
        if (appointment.Status is not (AppointmentStatus.Booked or AppointmentStatus.Arrived))
            return new NotHeldOutcome.NotPossible();
        var evidence = await db.EvidenceAsync(appointment, time, now, cancellationToken);
        if (evidence.RefusalOf(request.Why, time.ToLocal(now)) is { } refusal)
            return new NotHeldOutcome.Refused(refusal);

        Slot? seat = null;
        if (request.To is { } to)
        {
            // The clinician who did not come is looked for in no other time of that clinic.
            seat = await SeatAsync(appointment, to, appointment.ScheduleId, now, cancellationToken);
            if (seat is null || !await db.Slots.SellAsync(seat.Id, appointment.PatientId, now))
                return new NotHeldOutcome.Taken();
        }

        var room = appointment.Room;
        await EndNotHeldAsync(appointment, request.Why, now, cancellationToken);
        if (seat is null)
        {
            db.Notify(appointment, MessageKind.ClinicCancelled, now, new MessageDetails { Reason = request.Why.Told() });
            return new NotHeldOutcome.Closed(appointment.ScheduleId, room, null, null);
        }

        var next = Appointment.Book(seat, appointment.PatientId, appointment.Channel, await NewReferenceAsync(cancellationToken), appointment.ReasonForVisit, now, 0, appointment.Id);
        db.Appointments.Add(next);
        await db.AcceptAsync(seat, next, cancellationToken);
        db.Notify(next, MessageKind.ClinicMoved, now, new MessageDetails { PreviousStart = appointment.Start, Reason = $"{request.Why.Told()} The new time is free." });
        return new NotHeldOutcome.Closed(appointment.ScheduleId, room, next.Id, next.ScheduleId);
    }

    private async Task EndNotHeldAsync(Appointment appointment, NotHeld why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var encounter = await db.LiveEncounterAsync(appointment.Id, cancellationToken);
        encounter?.Cancel(now);
        appointment.CloseNotHeld(why, now);
        await db.LeaveAsync(appointment.Id, now, cancellationToken);
    }
}

internal static class OwedQueries
{
    /// <summary>How long a patient may take to choose another time.</summary>
    private static readonly TimeSpan OwedFor = TimeSpan.FromDays(90);

    /// <summary>The patient's appointment of this service that was not held and that no other makes up for yet; null if there is none.</summary>
    public static async Task<AppointmentId?> OwedAsync(
        this IQueryable<Appointment> appointments, PatientId patient, HealthcareServiceId service, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var oldest = now - OwedFor;
        var owed = await appointments.AsNoTracking()
            .Where(row => row.PatientId == patient && row.Start >= oldest && row.ServiceId == service && row.NotHeld != null
                && !appointments.Any(other => other.ReplacesId == row.Id && other.Status != AppointmentStatus.Cancelled && other.Status != AppointmentStatus.EnteredInError))
            .OrderBy(row => row.Start).Select(row => (AppointmentId?)row.Id).FirstOrDefaultAsync(cancellationToken);
        return owed;
    }
}
