using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.WaitingList;

/// <summary>One place on the list, for practice staff. Times carry the practice's offset.</summary>
/// <param name="EarlierThan">Start of the appointment that is to be earlier; null if any time will do.</param>
/// <param name="Offered">The time that is kept for them now, and until when; null if none.</param>
/// <param name="Answers">How many offers they declined or let pass.</param>
public sealed record DeskEntry(
    WaitingListEntryId Id,
    PatientId Patient,
    string PatientName,
    DateOnly DateOfBirth,
    string? Phone,
    HealthcareServiceId Service,
    string ServiceName,
    string? OnlyWith,
    DeliveryChannel Channel,
    DateTimeOffset JoinedAt,
    AppointmentId? Appointment,
    DateTimeOffset? EarlierThan,
    (DateTimeOffset Start, DateTimeOffset Until)? Offered,
    int Answers);

/// <summary>A free time that could be offered.</summary>
public sealed record DeskSlot(SlotId Id, DateTimeOffset Start, DateTimeOffset End, string PractitionerName);

public abstract record HandOfferOutcome
{
    /// <param name="Until">How long it is kept, with the practice's offset.</param>
    public sealed record Offered(DateTimeOffset Until) : HandOfferOutcome;

    /// <summary>Somebody booked, holds or was offered it meanwhile.</summary>
    public sealed record Taken : HandOfferOutcome;

    /// <summary>A time is kept for them already.</summary>
    public sealed record HasOffer : HandOfferOutcome;

    /// <summary>It begins too soon to be answered.</summary>
    public sealed record TooSoon : HandOfferOutcome;

    /// <summary>Of another service or clinician, not earlier than what they have, or at the time of another appointment of theirs.</summary>
    public sealed record DoesNotFit : HandOfferOutcome;

    public sealed record NotFound : HandOfferOutcome;
}

public enum RemoveOutcome
{
    Removed,

    /// <summary>No reason, or one longer than <see cref="Appointment.ReasonLength"/> characters.</summary>
    ReasonMissing,

    /// <summary>There is no such place on the list, or not any more.</summary>
    NotFound,
}

/// <summary>The waiting list as practice staff work with it. Adding is <see cref="WaitingLists.JoinAsync"/>.</summary>
public sealed class WaitingListDesk(ClinicalDbContext db, TimeProvider clock)
{
    public const int MostShown = 500;

    private const int MostSlots = 200;

    /// <summary>Who waits, service by service, the longest waiting first; at most <see cref="MostShown"/>.</summary>
    public async Task<IReadOnlyList<DeskEntry>> ListAsync(Actor staff, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        return await EntriesAsync(staff, db.WaitingList, cancellationToken);
    }

    /// <summary>Null if nobody waits there any more.</summary>
    public async Task<DeskEntry?> FindAsync(Actor staff, WaitingListEntryId id, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        return (await EntriesAsync(staff, db.WaitingList.Where(row => row.Id == id), cancellationToken)).SingleOrDefault();
    }

    /// <summary>What is free and would fit, in the next four weeks, the soonest first.</summary>
    public async Task<IReadOnlyList<DeskSlot>> FreeSlotsAsync(Actor staff, WaitingListEntryId id, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(staff, cancellationToken);
        if (await db.WaitingList.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } entry)
            return [];
        var (today, soonest) = (time.DayOf(now), now + OfferTime.LeastNotice);
        var last = today.AddDays(WaitingLists.DaysAhead);
        var rows = await (
            from slot in Fitting(entry).Where(SlotBook.IsOpenTo(null, now))
            join practitioner in db.Practitioners on slot.PractitionerId equals practitioner.Id
            join schedule in db.Schedules on slot.ScheduleId equals schedule.Id
            join service in db.Services on slot.ServiceId equals service.Id
            where slot.Day >= today && slot.Day <= last && slot.Start >= soonest
            orderby slot.Start, slot.Seat
            select new { slot.Id, slot.ScheduleId, slot.Start, slot.End, practitioner, schedule.Channels, Offered = service.Channels }).Take(MostSlots).ToListAsync(cancellationToken);
        // A group's time counts once, by its first free place.
        return [.. rows.Where(row => Schedule.ChannelsOf(row.Channels, row.Offered).Contains(entry.Channel)).DistinctBy(row => (row.ScheduleId, row.Start)).Select(row => new DeskSlot(row.Id, time.ToLocal(row.Start), time.ToLocal(row.End), row.practitioner.DisplayName))];
    }

    /// <summary>Keeps this time for this patient, out of turn, and tells them. The database decides whether it is still free.</summary>
    public async Task<HandOfferOutcome> OfferAsync(Actor staff, WaitingListEntryId id, SlotId slot, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        try
        {
            return await db.WriteAsync(staff, "waiting-list.offer-by-hand", reason: null, () => OfferAsync(id, slot, time, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new HandOfferOutcome.Taken();
        }
    }

    /// <summary>Takes them off the list; what was offered to them goes to the next.</summary>
    public async Task<RemoveOutcome> RemoveAsync(Actor staff, WaitingListEntryId id, string reason, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        var why = reason.Trim();
        if (why.Length is 0 or > Appointment.ReasonLength)
            return RemoveOutcome.ReasonMissing;
        return await db.WriteAsync(staff, "waiting-list.remove", why, async () =>
        {
            var entry = await db.WaitingList.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (entry?.Status is not (WaitingStatus.Waiting or WaitingStatus.Offered))
                return RemoveOutcome.NotFound;
            await db.LeaveAsync(entry, clock.GetUtcNow(), cancellationToken);
            return RemoveOutcome.Removed;
        }, cancellationToken);
    }

    private async Task<HandOfferOutcome> OfferAsync(WaitingListEntryId id, SlotId slotId, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var entry = await db.WaitingList.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        var slot = await db.Slots.AsNoTracking().SingleOrDefaultAsync(row => row.Id == slotId, cancellationToken);
        if (slot is null || entry?.Status is not (WaitingStatus.Waiting or WaitingStatus.Offered))
            return new HandOfferOutcome.NotFound();
        if (entry.Status == WaitingStatus.Offered)
            return new HandOfferOutcome.HasOffer();
        if (slot.Start < now + OfferTime.LeastNotice)
            return new HandOfferOutcome.TooSoon();
        var (schedule, service) = (await db.Schedules.AsNoTracking().SingleAsync(row => row.Id == slot.ScheduleId, cancellationToken), await db.Services.AsNoTracking().SingleAsync(row => row.Id == slot.ServiceId, cancellationToken));
        if (!Schedule.ChannelsOf(schedule.Channels, service.Channels).Contains(entry.Channel) || !await Fitting(entry).AnyAsync(row => row.Id == slotId, cancellationToken))
            return new HandOfferOutcome.DoesNotFit();
        if (!await db.OfferAsync(slot, entry, now, cancellationToken))
            return new HandOfferOutcome.Taken();
        var offer = await db.WaitingListOffers.SingleAsync(row => row.EntryId == id && row.Status == OfferStatus.Open, cancellationToken);
        return new HandOfferOutcome.Offered(time.ToLocal(offer.Until));
    }

    /// <summary>Times that this patient could take: whoever is asked by hand may be asked again for what they declined.</summary>
    private IQueryable<Slot> Fitting(WaitingListEntry entry) => db.Slots.AsNoTracking()
        .Where(slot => slot.ServiceId == entry.ServiceId && (entry.PractitionerId == null || slot.PractitionerId == entry.PractitionerId)
            && db.Services.Any(service => service.Id == slot.ServiceId && service.IsActive)
            && (entry.AppointmentId == null || db.Appointments.Any(own => own.Id == entry.AppointmentId && own.Status == AppointmentStatus.Booked && own.Start > slot.Start))
            && !db.Appointments.Any(other => other.PatientId == entry.PatientId && other.Id != entry.AppointmentId
                && other.Status != AppointmentStatus.Cancelled && other.Status != AppointmentStatus.EnteredInError
                && other.Start < slot.End && other.End > slot.Start));

    private async Task<List<DeskEntry>> EntriesAsync(Actor staff, IQueryable<WaitingListEntry> entries, CancellationToken cancellationToken)
    {
        db.ActFor(staff);
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var rows = await (
            from entry in entries.AsNoTracking()
            join patient in db.Patients on entry.PatientId equals patient.Id
            join service in db.Services on entry.ServiceId equals service.Id
            from practitioner in db.Practitioners.Where(row => row.Id == entry.PractitionerId).DefaultIfEmpty()
            from appointment in db.Appointments.Where(row => row.Id == entry.AppointmentId).DefaultIfEmpty()
            where entry.Status == WaitingStatus.Waiting || entry.Status == WaitingStatus.Offered
            orderby service.Name, entry.JoinedAt, entry.Id
            select new { entry, patient, service.Name, practitioner, Start = (DateTimeOffset?)appointment.Start }).Take(MostShown).ToListAsync(cancellationToken);
        var ids = rows.ConvertAll(row => row.entry.Id);
        var offers = await (
            from offer in db.WaitingListOffers.AsNoTracking()
            join slot in db.Slots on offer.SlotId equals slot.Id
            where ids.Contains(offer.EntryId)
            select new { offer.EntryId, offer.Status, offer.Until, slot.Start }).ToListAsync(cancellationToken);
        var byEntry = offers.ToLookup(row => row.EntryId);
        return rows.ConvertAll(row =>
        {
            var open = byEntry[row.entry.Id].SingleOrDefault(offer => offer.Status == OfferStatus.Open);
            return new DeskEntry(
                row.entry.Id,
                row.patient.Id,
                row.patient.DisplayName,
                row.patient.DateOfBirth,
                row.patient.Phone,
                row.entry.ServiceId,
                row.Name,
                row.practitioner?.DisplayName,
                row.entry.Channel,
                time.ToLocal(row.entry.JoinedAt),
                row.entry.AppointmentId,
                time.ToLocal(row.Start),
                open is null ? null : (time.ToLocal(open.Start), time.ToLocal(open.Until)),
                byEntry[row.entry.Id].Count(offer => offer.Status is OfferStatus.Declined or OfferStatus.Expired));
        });
    }

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff see who waits.");
    }
}
