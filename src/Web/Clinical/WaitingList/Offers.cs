using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.WaitingList;

/// <summary>What booking, moving and cancelling mean to the waiting list. Call it within the work of <see cref="ClinicalDbContext.WriteAsync{T}"/>.</summary>
internal static class Offers
{
    /// <summary>Keeps a free slot for who has waited longest for one like it and tells them. False if nobody waits for it or it is not free.</summary>
    public static async Task<bool> OfferAsync(this ClinicalDbContext db, SlotId id, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var slot = await db.Slots.AsNoTracking().Where(SlotBook.IsOpenTo(null, now)).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return slot is not null && slot.Start >= now + OfferTime.LeastNotice && await db.FirstForAsync(slot, now, cancellationToken) is { } entry
            && await db.OfferAsync(slot, entry, now, cancellationToken);
    }

    /// <summary>Keeps a free slot for this place on the list and tells the patient. False if it is not free, or begins too soon to be answered.</summary>
    public static async Task<bool> OfferAsync(this ClinicalDbContext db, Slot slot, WaitingListEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var practice = await db.Practices.AsNoTracking().SingleAsync(row => row.Id == slot.PracticeId, cancellationToken);
        var until = OfferTime.Until(now, slot.Start, practice.Time);
        if (until <= now || !await db.Slots.HoldAsync(slot.Id, entry.PatientId, now, until + OfferTime.ToPassOn))
            return false;
        var offer = new WaitingListOffer
        {
            Id = WaitingListOfferId.New(),
            PracticeId = slot.PracticeId,
            EntryId = entry.Id,
            PatientId = entry.PatientId,
            SlotId = slot.Id,
            OfferedAt = now,
            Until = until,
        };
        entry.Offer();
        db.WaitingListOffers.Add(offer);
        db.Notify(slot, entry.PatientId, entry.Channel, MessageKind.WaitingListOffer, now, new MessageDetails { Until = until, Path = $"/waiting-list/offers/{offer.Id}" });
        // Another slot may be offered in the same work: it must see that this patient has an offer.
        await db.SaveChangesAsync(cancellationToken);
        return true;
    }

    /// <summary>Lets go of what a patient holds, except one and what is offered to them: an offer stands until it is answered.</summary>
    public static Task<int> ReleaseHoldsAsync(this ClinicalDbContext db, PatientId patient, SlotId? except) =>
        db.Slots.Where(slot => !db.WaitingListOffers.Any(offer => offer.SlotId == slot.Id && offer.Status == OfferStatus.Open)).ReleaseHoldsAsync(patient, except);

    /// <summary>A slot was sold to the patient it was held for: if it was offered to them, they have accepted.</summary>
    public static async Task AcceptAsync(this ClinicalDbContext db, Slot sold, Appointment appointment, CancellationToken cancellationToken)
    {
        if (sold.HeldFor != appointment.PatientId)
            return;
        var offer = await db.WaitingListOffers.SingleOrDefaultAsync(row => row.SlotId == sold.Id && row.PatientId == appointment.PatientId && row.Status == OfferStatus.Open, cancellationToken);
        if (offer is null)
            return;
        offer.Accept(appointment.Id);
        (await db.WaitingList.SingleAsync(row => row.Id == offer.EntryId, cancellationToken)).Accept();
    }

    /// <summary>Who waited for any time has an appointment now, and waits for an earlier one.</summary>
    public static async Task WaitForAsync(this ClinicalDbContext db, Appointment booked, CancellationToken cancellationToken)
    {
        var entry = await db.WaitingList.SingleOrDefaultAsync(
            row => row.PatientId == booked.PatientId && row.ServiceId == booked.ServiceId && row.AppointmentId == null && (row.Status == WaitingStatus.Waiting || row.Status == WaitingStatus.Offered),
            cancellationToken);
        if (entry?.Status is WaitingStatus.Waiting or WaitingStatus.Offered)
            entry.WaitFor(booked.Id);
    }

    /// <summary>The appointment is cancelled: nobody waits for an earlier time any more.</summary>
    public static async Task LeaveAsync(this ClinicalDbContext db, AppointmentId cancelled, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var entry = await db.WaitingList.SingleOrDefaultAsync(
            row => row.AppointmentId == cancelled && (row.Status == WaitingStatus.Waiting || row.Status == WaitingStatus.Offered), cancellationToken);
        if (entry is not null)
            await db.LeaveAsync(entry, now, cancellationToken);
    }

    /// <summary>Takes the entry off the list; what was offered goes to the next.</summary>
    public static async Task LeaveAsync(this ClinicalDbContext db, WaitingListEntry entry, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var offer = await db.WaitingListOffers.SingleOrDefaultAsync(row => row.EntryId == entry.Id && row.Status == OfferStatus.Open, cancellationToken);
        entry.Leave();
        if (offer is null)
            return;
        offer.Withdraw();
        await db.PassOnAsync(offer, now, cancellationToken);
    }

    /// <summary>The slot of an offer that is open no more comes back and goes to the next.</summary>
    public static async Task PassOnAsync(this ClinicalDbContext db, WaitingListOffer offer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What is asked next must see that this one is closed.
        await db.SaveChangesAsync(cancellationToken);
        await db.Slots.Where(slot => slot.Id == offer.SlotId).ReleaseHoldsAsync(offer.PatientId, except: null);
        await db.OfferAsync(offer.SlotId, now, cancellationToken);
    }

    /// <summary>Who has waited longest of those who may book the slot by the rules of its service, and wait for a way in which it is held; null if nobody.</summary>
    private static async Task<WaitingListEntry?> FirstForAsync(this ClinicalDbContext db, Slot slot, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var practice = await db.Practices.AsNoTracking().SingleAsync(row => row.Id == slot.PracticeId, cancellationToken);
        var service = await db.Services.AsNoTracking().SingleAsync(row => row.Id == slot.ServiceId, cancellationToken);
        var ways = await db.Schedules.Where(row => row.Id == slot.ScheduleId).Select(row => row.Channels).SingleAsync(cancellationToken);
        // An offer is the platform's: what the patient may not book themself is not offered either.
        var asker = Actor.System(slot.PracticeId);
        if (service.Refusal(asker, slot, isTheirs: false, now, practice.Time) is not null)
            return null;
        var candidates = await (from entry in db.NextFor(slot) join patient in db.Patients on entry.PatientId equals patient.Id orderby entry.JoinedAt, entry.Id select new { entry, IsRegistered = patient.NhsNumber != null }).ToListAsync(cancellationToken);
        return candidates.Find(row => service.Refusal(asker, row.IsRegistered) is null && Schedule.ChannelsOf(ways, service.Channels).Contains(row.entry.Channel))?.entry;
    }

    /// <summary>
    /// Who may be offered the slot, the longest waiting first: never again who had it offered, nor who gave that very time up when they moved their appointment, nor who has
    /// another appointment at that time.
    /// </summary>
    public static IQueryable<WaitingListEntry> NextFor(this ClinicalDbContext db, Slot slot) =>
        from entry in db.WaitingList
        where entry.Status == WaitingStatus.Waiting && entry.ServiceId == slot.ServiceId
            && (entry.PractitionerId == null || entry.PractitionerId == slot.PractitionerId)
            && db.Services.Any(service => service.Id == slot.ServiceId && service.IsActive)
            && (entry.AppointmentId == null
                || db.Appointments.Any(own => own.Id == entry.AppointmentId && own.Status == AppointmentStatus.Booked && own.Start > slot.Start))
            && !db.WaitingListOffers.Any(offer => offer.EntryId == entry.Id && offer.SlotId == slot.Id)
            && !db.AppointmentChanges.Any(had => had.AppointmentId == entry.AppointmentId && had.Start == slot.Start && had.PractitionerId == slot.PractitionerId)
            && !db.Appointments.Any(other => other.PatientId == entry.PatientId && other.Id != entry.AppointmentId
                && other.Status != AppointmentStatus.Cancelled && other.Status != AppointmentStatus.EnteredInError
                && other.Start < slot.End && other.End > slot.Start)
        orderby entry.JoinedAt, entry.Id
        select entry;
}
