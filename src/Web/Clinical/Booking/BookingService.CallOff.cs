using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Booking;

/// <summary>What becomes of one appointment of a clinic that is called off.</summary>
/// <param name="To">The time it moves to; null cancels it, and the patient chooses another.</param>
/// <param name="Stays">It is held all the same.</param>
public sealed record CallOffChoice(AppointmentId Appointment, SlotId? To, bool Stays = false);

/// <param name="Reason">For the patients to read; at most <see cref="Slot.BlockReasonLength"/> characters.</param>
public sealed record CallOffRequest(ScheduleId Clinic, string Reason, IReadOnlyList<CallOffChoice> Choices);

public sealed partial class BookingService
{
    /// <summary>
    /// Nobody can book the clinic any more, and every appointment that is still to be held moves, is cancelled or stays, as was chosen: all of them in one transaction, or none. Whoever
    /// is with the clinician stays. Only staff do it.
    /// </summary>
    public async Task<CallOffOutcome> CallOffAsync(Actor staff, CallOffRequest request, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            throw new NotAllowedException("Only practice staff call off a clinic.");
        if (Blank(request.Reason) is not { Length: <= Slot.BlockReasonLength } why)
            return new CallOffOutcome.ReasonMissing();
        return await db.WriteAsync(staff, "clinic.call-off", why, () => CallOffAsync(request, why, cancellationToken), cancellationToken);
    }

    private async Task<CallOffOutcome> CallOffAsync(CallOffRequest request, string why, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        if (await db.Schedules.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.Clinic, cancellationToken) is not { } clinic)
            return new CallOffOutcome.NotFound();
        if (clinic.End <= now)
            return new CallOffOutcome.Over();
        var affected = await db.Appointments.OfCallOff(clinic.Id, now).OrderBy(row => row.Start).ToListAsync(cancellationToken);
        var chosen = request.Choices.ToLookup(choice => choice.Appointment);
        if (affected.Count != request.Choices.Count || affected.Exists(row => chosen[row.Id].Count() != 1))
            return new CallOffOutcome.Changed();

        affected.RemoveAll(row => chosen[row.Id].Single().Stays);
        // Everything is looked at before anything is written: what returns normally is kept.
        var seats = new Dictionary<AppointmentId, Slot>();
        foreach (var appointment in affected)
        {
            if (chosen[appointment.Id].Single().To is not { } to)
                continue;
            if (await SeatAsync(appointment, to, clinic.Id, now, cancellationToken) is not { } seat || seats.Values.Any(other => other.Id == seat.Id))
                return new CallOffOutcome.Changed();
            if (affected.Exists(other => other.PatientId == appointment.PatientId && seats.TryGetValue(other.Id, out var own) && own.Start < seat.End && own.End > seat.Start))
                return new CallOffOutcome.Changed();
            seats.Add(appointment.Id, seat);
        }

        var moves = new List<MoveOutcome.Moved>();
        var rooms = new List<Room>();
        foreach (var appointment in affected)
        {
            await db.Slots.ReturnAsync(appointment.SlotId);
            if (appointment.Room is { } room)
                rooms.Add(room);
            if (seats.TryGetValue(appointment.Id, out var seat))
                moves.Add(await GiveAsync(appointment, seat, why, now, cancellationToken));
            else
                await CallOffAsync(appointment, why, now, cancellationToken);
        }

        await db.Slots.Where(slot => slot.ScheduleId == clinic.Id).CloseAsync(why, now);
        db.Audit(nameof(Schedule), clinic.Id.Value, $$"""{"Moved":{{moves.Count}},"Cancelled":{{affected.Count - moves.Count}}}""");
        return new CallOffOutcome.CalledOff(moves, affected.Count - moves.Count, rooms);
    }

    /// <summary>The place, if this appointment can move to it; otherwise null.</summary>
    private async Task<Slot?> SeatAsync(Appointment appointment, SlotId to, ScheduleId clinic, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!await LockAsync(appointment.PatientId) || await FindAsync(to, cancellationToken) is not { } slot)
            return null;
        var fits = slot.Row.ScheduleId != clinic && slot.Start >= now && slot.ServiceIsActive && slot.Channels.Contains(appointment.Channel);
        if (!fits || await OverlapAsync(appointment.PatientId, slot.Row, except: appointment.Id, cancellationToken) is not null)
            return null;
        return await db.Slots.AsNoTracking().Where(row => row.Id == to).Where(SlotBook.IsOpenTo(appointment.PatientId, now)).SingleOrDefaultAsync(cancellationToken);
    }

    private async Task<MoveOutcome.Moved> GiveAsync(Appointment appointment, Slot seat, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!await db.Slots.SellAsync(seat.Id, appointment.PatientId, now))
            throw new DbUpdateConcurrencyException("The place was sold a moment ago: everything is looked at again.");
        var (from, start, room) = (appointment.ScheduleId, appointment.Start, appointment.Room);
        await LeaveRoomAsync(appointment, now, cancellationToken);
        appointment.MoveTo(seat, appointment.Channel);
        db.Notify(appointment, MessageKind.ClinicMoved, now, new MessageDetails { PreviousStart = start, Reason = why });
        await db.AcceptAsync(seat, appointment, cancellationToken);
        return new MoveOutcome.Moved(appointment.Id, from, seat.ScheduleId, room);
    }

    private async Task CallOffAsync(Appointment appointment, string why, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var encounter = await db.LiveEncounterAsync(appointment.Id, cancellationToken);
        encounter?.Cancel(now);
        appointment.Cancel(why, now);
        db.Notify(appointment, MessageKind.ClinicCancelled, now, new MessageDetails { Reason = why });
        await db.LeaveAsync(appointment.Id, now, cancellationToken);
    }
}

internal static class CallOffQueries
{
    /// <summary>The appointments of a clinic that are still to be held.</summary>
    public static IQueryable<Appointment> OfCallOff(this IQueryable<Appointment> appointments, ScheduleId clinic, DateTimeOffset now) =>
        appointments.Where(row => row.ScheduleId == clinic && row.End > now && (row.Status == AppointmentStatus.Booked || row.Status == AppointmentStatus.Arrived));
}
