using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Scheduling;

public sealed record ServiceView(HealthcareServiceId Id, string Name, string Description, int DurationMinutes, IReadOnlyList<DeliveryChannel> Channels);

/// <summary>A day of the practice that has at least one slot to book.</summary>
public sealed record AvailableDay(DateOnly Day, int Free);

/// <summary>Times carry the practice's offset.</summary>
/// <param name="HeldForYouUntil">Set when the asking patient holds it.</param>
/// <param name="Places">Free places at this time: more than one only of a group.</param>
public sealed record AvailableSlot(
    SlotId Id,
    HealthcareServiceId ServiceId,
    string ServiceName,
    IReadOnlyList<DeliveryChannel> Channels,
    PractitionerId PractitionerId,
    string PractitionerName,
    DateTimeOffset Start,
    DateTimeOffset End,
    DateTimeOffset? HeldForYouUntil,
    int Places);

/// <summary>What can be booked, from now on. <c>patient</c> is for whom: their own held slot counts as free to them.</summary>
public sealed class AvailabilityService(ClinicalDbContext db, TimeProvider clock)
{
    public async Task<IReadOnlyList<ServiceView>> ServicesAsync(Actor actor, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        return await db.Services.Where(service => service.IsActive).OrderBy(service => service.Name)
            .Select(service => new ServiceView(service.Id, service.Name, service.Description, service.DurationMinutes, service.Channels))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The days with something free, in order; at most <paramref name="days"/> days from <paramref name="from"/> (today, if null or past). Empty for an unknown service.</summary>
    public async Task<IReadOnlyList<AvailableDay>> DaysAsync(
        Actor actor, HealthcareServiceId service, PatientId? patient, DateOnly? from, int days, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var today = time.DayOf(now);
        var first = from is { } asked && asked > today ? asked : today;
        var last = first.AddDays(days - 1);
        return await Open(actor, patient, now)
            .Where(slot => slot.ServiceId == service && slot.Day >= first && slot.Day <= last)
            // A group's time counts once, by its first free place.
            .Where(slot => slot.Seat == 0 || !Open(actor, patient, now).Any(other => other.ScheduleId == slot.ScheduleId && other.Start == slot.Start && other.Seat < slot.Seat))
            .GroupBy(slot => slot.Day)
            .OrderBy(group => group.Key)
            .Select(group => new AvailableDay(group.Key, group.Count()))
            .ToListAsync(cancellationToken);
    }

    /// <summary>The slots of a day, by time, then clinician.</summary>
    public async Task<IReadOnlyList<AvailableSlot>> SlotsAsync(
        Actor actor, HealthcareServiceId service, PatientId? patient, DateOnly day, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        return await ViewsAsync(Open(actor, patient, now).Where(slot => slot.ServiceId == service && slot.Day == day), patient, now, time, cancellationToken);
    }

    /// <summary>One slot that this patient may book now; null if there is no such slot or it is not theirs to book any more.</summary>
    public async Task<AvailableSlot?> FindSlotAsync(Actor actor, SlotId id, PatientId patient, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var found = await ViewsAsync(Open(actor, patient, now).Where(slot => slot.Id == id), patient, now, time, cancellationToken);
        return found.SingleOrDefault();
    }

    /// <summary>What this patient holds while they fill in a form, other than what the waiting list offers; null if nothing, or if the actor may not act for them.</summary>
    public async Task<AvailableSlot?> HeldAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(patient))
            return null;
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var held = Open(actor, patient, now).Where(slot => slot.HeldFor == patient && slot.HeldUntil > now)
            .Where(slot => !db.WaitingListOffers.Any(offer => offer.SlotId == slot.Id && offer.Status == OfferStatus.Open));
        return (await ViewsAsync(held, patient, now, time, cancellationToken)).FirstOrDefault();
    }

    /// <summary>Open slots of active services, from now on.</summary>
    private IQueryable<Slot> Open(Actor actor, PatientId? patient, DateTimeOffset now)
    {
        db.ActFor(actor);
        return db.Slots.Where(SlotBook.IsOpenTo(patient, now))
            .Where(slot => slot.Start >= now && db.Services.Any(service => service.Id == slot.ServiceId && service.IsActive));
    }

    private async Task<List<AvailableSlot>> ViewsAsync(
        IQueryable<Slot> slots, PatientId? patient, DateTimeOffset now, PracticeTime time, CancellationToken cancellationToken)
    {
        var rows = await (
            from slot in slots
            join service in db.Services on slot.ServiceId equals service.Id
            join practitioner in db.Practitioners on slot.PractitionerId equals practitioner.Id
            orderby slot.Start, practitioner.FamilyName, practitioner.GivenName
            select new { slot.Id, slot.ScheduleId, slot.Seat, slot.Start, slot.End, slot.HeldFor, slot.HeldUntil, ServiceId = service.Id, service.Name, service.Channels, PractitionerId = practitioner.Id, practitioner.Title, practitioner.GivenName, practitioner.FamilyName })
            .ToListAsync(cancellationToken);
        return
        [
            .. from row in rows
               group row by (row.ScheduleId, row.Start) into places
               let row = places.OrderByDescending(place => place.HeldFor == patient && place.HeldUntil > now).ThenBy(place => place.Seat).First()
               select new AvailableSlot(
                   row.Id,
                   row.ServiceId,
                   row.Name,
                   row.Channels,
                   row.PractitionerId,
                   PersonName.Of(row.Title, row.GivenName, row.FamilyName),
                   time.ToLocal(row.Start),
                   time.ToLocal(row.End),
                   row.HeldFor is not null && row.HeldFor == patient && row.HeldUntil > now ? time.ToLocal(row.HeldUntil) : null,
                   places.Count()),
        ];
    }
}
