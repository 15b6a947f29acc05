using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Booking;

/// <param name="Channel">How it is to be held; null leaves it as it is.</param>
/// <param name="Reason">Why it moves; staff must say, a patient may.</param>
public sealed record MoveRequest(AppointmentId Appointment, SlotId To, DeliveryChannel? Channel = null, string? Reason = null);

public sealed partial class BookingService
{
    /// <summary>Frees the slot. A patient may until the start, staff as long as it has not been held or missed.</summary>
    public async Task<CancelOutcome> CancelAsync(Actor actor, AppointmentId id, string reason, CancellationToken cancellationToken)
    {
        var why = reason.Trim();
        if (why.Length is 0 or > Appointment.ReasonLength)
            return new CancelOutcome.ReasonMissing();
        return await db.WriteAsync<CancelOutcome>(actor, "appointment.cancel", why, async () =>
        {
            var now = clock.GetUtcNow();
            var appointment = await db.Appointments.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (appointment is null || !actor.MayBookFor(appointment.PatientId))
                return new CancelOutcome.NotFound();
            switch (appointment.Status)
            {
                case AppointmentStatus.Cancelled:
                    return new CancelOutcome.AlreadyCancelled();
                case AppointmentStatus.CheckedIn:
                    return new CancelOutcome.InCall();
            }

            if (!appointment.MayBeCancelledBy(actor, now))
                return new CancelOutcome.TooLate();
            appointment.Cancel(why, now);
            var encounter = await db.LiveEncounterAsync(id, cancellationToken);
            encounter?.Cancel(now);
            await db.Slots.ReturnAsync(appointment.SlotId);
            db.Notify(appointment, MessageKind.Cancelled, now, new MessageDetails { Reason = actor.IsStaff ? why : null });
            await db.LeaveAsync(id, now, cancellationToken);
            await db.OfferAsync(appointment.SlotId, now, cancellationToken);
            return new CancelOutcome.Cancelled(appointment.ScheduleId, appointment.Room);
        }, cancellationToken);
    }

    /// <summary>
    /// Sells the other slot and gives this one back, or changes nothing. A patient moves within the service until the start; staff to any
    /// service, with a reason, as long as it has not been held or missed.
    /// </summary>
    public async Task<MoveOutcome> MoveAsync(Actor actor, MoveRequest request, CancellationToken cancellationToken)
    {
        var why = Blank(request.Reason);
        if (why?.Length > Appointment.ReasonLength || (why is null && actor.IsStaff))
            return new MoveOutcome.ReasonMissing();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        try
        {
            return await db.WriteAsync(actor, "appointment.move", why, () => MoveAsync(actor, request, time, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (Data.DatabaseErrors.IsUniqueViolation(error))
        {
            return new MoveOutcome.Taken();
        }
    }

    /// <summary>The same time and clinician, held another way.</summary>
    public async Task<SwitchOutcome> SwitchChannelAsync(Actor actor, AppointmentId id, DeliveryChannel channel, CancellationToken cancellationToken) =>
        await db.WriteAsync<SwitchOutcome>(actor, "appointment.switch-channel", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            var appointment = await db.Appointments.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (appointment is null || !actor.MayBookFor(appointment.PatientId) || await FindAsync(appointment.SlotId, cancellationToken) is not { } slot)
                return new SwitchOutcome.NotFound();
            if (appointment.Channel == channel)
                return new SwitchOutcome.Switched(appointment.ScheduleId, null);
            if (!appointment.MayBeMovedBy(actor, now))
                return new SwitchOutcome.TooLate();
            if (!slot.Channels.Contains(channel))
                return new SwitchOutcome.ChannelNotOffered();
            var room = appointment.Room;
            await LeaveRoomAsync(appointment, now, cancellationToken);
            appointment.SwitchTo(channel);
            db.Notify(appointment, MessageKind.Moved, now, new MessageDetails { PreviousStart = appointment.Start });
            return new SwitchOutcome.Switched(appointment.ScheduleId, room);
        }, cancellationToken);

    private async Task<MoveOutcome> MoveAsync(Actor actor, MoveRequest request, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var appointment = await db.Appointments.SingleOrDefaultAsync(row => row.Id == request.Appointment, cancellationToken);
        if (appointment is null || !actor.MayBookFor(appointment.PatientId))
            return new MoveOutcome.NotFound();
        if (!await LockAsync(appointment.PatientId) || await FindAsync(request.To, cancellationToken) is not { } slot)
            return new MoveOutcome.NotFound();
        if (slot.Row.ScheduleId == appointment.ScheduleId && slot.Start == appointment.Start)
            return new MoveOutcome.SameTime();
        if (!appointment.MayBeMovedBy(actor, now))
            return new MoveOutcome.TooLate();
        if (Refusal(actor, appointment, request, slot, now) is { } refusal)
            return refusal;
        var seats = await OpenSeatsAsync(slot.Row, appointment.PatientId, now, cancellationToken);
        if (seats.Count == 0)
            return new MoveOutcome.Taken();
        if (await RuleAgainstAsync(actor, appointment.PatientId, slot, now, time, cancellationToken, seats[0]) is { } rule)
            return new MoveOutcome.AgainstRule(rule);
        if (await OverlapAsync(appointment.PatientId, slot.Row, except: appointment.Id, cancellationToken) is { } other)
            return new MoveOutcome.Overlaps(other.Id, time.ToLocal(other.Start));
        if (await SellOneAsync(seats, appointment.PatientId, now) is not { } seat)
            return new MoveOutcome.Taken();

        await db.ReleaseHoldsAsync(appointment.PatientId, except: null);
        await db.Slots.ReturnAsync(appointment.SlotId);
        var (from, start, room) = (appointment.ScheduleId, appointment.Start, appointment.Room);
        await LeaveRoomAsync(appointment, now, cancellationToken);
        var old = appointment.SlotId;
        appointment.MoveTo(seat, request.Channel ?? appointment.Channel);
        db.Notify(appointment, MessageKind.Moved, now, new MessageDetails { PreviousStart = start, Reason = actor.IsStaff ? Blank(request.Reason) : null });
        await db.AcceptAsync(seat, appointment, cancellationToken);
        await db.OfferAsync(old, now, cancellationToken);
        return new MoveOutcome.Moved(appointment.Id, from, seat.ScheduleId, room);
    }

    /// <summary>What is wrong with the slot, apart from whether it is free.</summary>
    private static MoveOutcome? Refusal(Actor actor, Appointment appointment, MoveRequest request, SlotForBooking slot, DateTimeOffset now)
    {
        if (slot.Start < now)
            return new MoveOutcome.InThePast();
        if (!slot.ServiceIsActive)
            return new MoveOutcome.ServiceInactive();
        if (slot.Row.ServiceId != appointment.ServiceId && !actor.IsStaff)
            return new MoveOutcome.OtherService();
        return slot.Channels.Contains(request.Channel ?? appointment.Channel) ? null : new MoveOutcome.ChannelNotOffered();
    }

    /// <summary>Whoever had arrived for the old time or by video has left: what was begun there is over.</summary>
    private async Task LeaveRoomAsync(Appointment appointment, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (appointment.Status == AppointmentStatus.Arrived && await db.LiveEncounterAsync(appointment.Id, cancellationToken) is { } encounter)
            encounter.Cancel(now);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
