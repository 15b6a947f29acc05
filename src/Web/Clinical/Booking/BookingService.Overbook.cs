using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Booking;

/// <param name="Slot">Any slot at that time of the clinic.</param>
/// <param name="Reason">Why, for the audit.</param>
public sealed record OverbookRequest(SlotId Slot, PatientId Patient, DeliveryChannel Channel, string Reason);

public sealed partial class BookingService
{
    /// <summary>
    /// Books one more patient than the time has places for, on purpose and with a reason. Only staff do it, until the time is over; the patient's own
    /// other appointments still count.
    /// </summary>
    public async Task<OverbookOutcome> OverbookAsync(Actor staff, OverbookRequest request, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            throw new NotAllowedException("Only practice staff overbook.");
        if (Blank(request.Reason) is not { Length: <= Appointment.ReasonLength } why)
            return new OverbookOutcome.ReasonMissing();
        var time = await db.TimeOfAsync(staff, cancellationToken);
        try
        {
            return await db.WriteAsync(staff, "appointment.overbook", why, () => OverbookAsync(request, time, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new OverbookOutcome.Taken();
        }
    }

    private async Task<OverbookOutcome> OverbookAsync(OverbookRequest request, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (!await LockAsync(request.Patient) || await FindAsync(request.Slot, cancellationToken) is not { } slot)
            return new OverbookOutcome.NotFound();
        if (slot.Row.End <= now)
            return new OverbookOutcome.InThePast();
        if (!slot.ServiceIsActive)
            return new OverbookOutcome.ServiceInactive();
        if (!slot.Channels.Contains(request.Channel))
            return new OverbookOutcome.ChannelNotOffered();
        if (await OverlapAsync(request.Patient, slot.Row, except: null, cancellationToken) is { } other)
            return new OverbookOutcome.Overlaps(other.Id, time.ToLocal(other.Start));
        if ((await OpenSeatsAsync(slot.Row, request.Patient, now, cancellationToken)).Count > 0)
            return new OverbookOutcome.StillFree();

        var last = await db.Slots.Where(row => row.ScheduleId == slot.Row.ScheduleId && row.Start == slot.Start).MaxAsync(row => row.Seat, cancellationToken);
        var extra = slot.Row.OneMore(last + 1);
        extra.Sell(request.Patient, now);
        db.Slots.Add(extra);
        await db.ReleaseHoldsAsync(request.Patient, except: null);
        var appointment = Appointment.Book(extra, request.Patient, request.Channel, await NewReferenceAsync(cancellationToken), null, now, slot.Service.PricePence);
        db.Appointments.Add(appointment);
        db.Notify(appointment, MessageKind.Booked, now);
        return new OverbookOutcome.Booked(appointment.Id, appointment.ScheduleId);
    }
}
