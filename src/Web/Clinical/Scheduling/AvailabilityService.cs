using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Scheduling;

public sealed record ServiceView(HealthcareServiceId Id, string Name, string Description, int DurationMinutes, IReadOnlyList<DeliveryChannel> Channels, ServiceRules Rules);

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
    int Places)
{
    /// <summary>What must or may be answered to book it; only where one slot is asked for.</summary>
    public IReadOnlyList<QuestionView> Questions { get; init; } = [];

    /// <summary>What the practice asks for; 0 for nothing.</summary>
    public int PricePence { get; init; }
}

/// <summary>
/// What can be booked, from now on. <c>patient</c> is for whom: their own held slot counts as free to them, and days and times leave out
/// what overlaps another appointment of theirs, unless it is the one that is <c>moving</c>.
/// </summary>
public sealed class AvailabilityService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>What this actor may book for the patient, by name.</summary>
    public async Task<IReadOnlyList<ServiceView>> ServicesAsync(Actor actor, PatientId? patient, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var services = await db.Services.AsNoTracking().Where(service => service.IsActive).OrderBy(service => service.Name).ToListAsync(cancellationToken);
        var registered = services.Exists(service => service.BookedBy == Bookers.RegisteredPatients) && await IsRegisteredAsync(patient, cancellationToken);
        return
        [
            .. services.Where(service => service.Refusal(actor, registered) is null)
                .Select(service => new ServiceView(service.Id, service.Name, service.Description, service.DurationMinutes, service.Channels, service.Rules)),
        ];
    }

    /// <summary>The days with something free, in order; at most <paramref name="days"/> days from <paramref name="from"/> (today, if null or past). Empty for an unknown service.</summary>
    public async Task<IReadOnlyList<AvailableDay>> DaysAsync(
        Actor actor, HealthcareServiceId service, PatientId? patient, DateOnly? from, int days, CancellationToken cancellationToken, AppointmentId? moving = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(days);
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        if (await WindowAsync(actor, service, patient, now, time, cancellationToken) is not var (earliest, horizon))
            return [];
        var soonest = time.DayOf(earliest);
        var first = from is { } asked && asked > soonest ? asked : soonest;
        var last = first.AddDays(days - 1) is var end && end > horizon ? horizon.Value : end;
        return await DaysOf(service, patient, moving, earliest, first, last, now).ToListAsync(cancellationToken);
    }

    internal IQueryable<AvailableDay> DaysOf(
        HealthcareServiceId service, PatientId? patient, AppointmentId? moving, DateTimeOffset earliest, DateOnly first, DateOnly last, DateTimeOffset now) =>
        Fitting(patient, moving, now)
            .Where(slot => slot.ServiceId == service && slot.Start >= earliest && slot.Day >= first && slot.Day <= last)
            // A group's time counts once, by its first free place.
            .Where(slot => slot.Seat == 0 || !Open(patient, now).Any(other => other.ScheduleId == slot.ScheduleId && other.Start == slot.Start && other.Seat < slot.Seat))
            .GroupBy(slot => slot.Day)
            .OrderBy(group => group.Key)
            .Select(group => new AvailableDay(group.Key, group.Count()));

    /// <summary>The slots of a day, by time, then clinician.</summary>
    public async Task<IReadOnlyList<AvailableSlot>> SlotsAsync(
        Actor actor, HealthcareServiceId service, PatientId? patient, DateOnly day, CancellationToken cancellationToken, AppointmentId? moving = null)
    {
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        if (await WindowAsync(actor, service, patient, now, time, cancellationToken) is not var (earliest, horizon) || day > horizon)
            return [];
        return await ViewsAsync(
            Fitting(patient, moving, now).Where(slot => slot.ServiceId == service && slot.Day == day && (slot.Start >= earliest || slot.HeldFor == patient)), patient, now, time, cancellationToken);
    }

    /// <summary>One slot that this patient may book now; null if there is no such slot or it is not theirs to book any more.</summary>
    public async Task<AvailableSlot?> FindSlotAsync(Actor actor, SlotId id, PatientId patient, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        db.ActFor(actor);
        if (await db.Slots.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } slot
            || await db.Services.AsNoTracking().SingleAsync(row => row.Id == slot.ServiceId, cancellationToken) is not { IsActive: true } service
            || await MayNotAsync(actor, service, patient, cancellationToken)
            || service.Refusal(actor, slot, slot.HeldFor == patient && slot.HeldUntil > now, now, time) is not null)
            return null;
        var found = await ViewsAsync(Open(patient, now).Where(row => row.Id == id), patient, now, time, cancellationToken);
        if (found is not [var one])
            return null;
        var owed = await db.Appointments.OwedAsync(patient, service.Id, now, cancellationToken);
        return one with { Questions = await db.QuestionsOfAsync(service.Id, cancellationToken), PricePence = owed is null ? service.PricePence : 0 };
    }

    /// <summary>What this patient holds while they fill in a form, other than what the waiting list offers; null if nothing, or if the actor may not act for them.</summary>
    public async Task<AvailableSlot?> HeldAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayBookFor(patient))
            return null;
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        db.ActFor(actor);
        var held = Open(patient, now).Where(slot => slot.HeldFor == patient && slot.HeldUntil > now)
            .Where(slot => !db.WaitingListOffers.Any(offer => offer.SlotId == slot.Id && offer.Status == OfferStatus.Open));
        return (await ViewsAsync(held, patient, now, time, cancellationToken)).FirstOrDefault();
    }

    /// <summary>Open slots of active services, from now on.</summary>
    private IQueryable<Slot> Open(PatientId? patient, DateTimeOffset now)
    {
        return db.Slots.Where(SlotBook.IsOpenTo(patient, now))
            .Where(slot => slot.Start >= now && db.Services.Any(service => service.Id == slot.ServiceId && service.IsActive));
    }

    /// <summary>Open slots at which the patient has nothing else.</summary>
    private IQueryable<Slot> Fitting(PatientId? patient, AppointmentId? moving, DateTimeOffset now)
    {
        var others = BookingService.Live(db.Appointments).Where(row => row.PatientId == patient && row.Id != moving);
        return Open(patient, now).Where(slot => !others.Any(row => row.Start < slot.End && row.End > slot.Start));
    }

    /// <summary>Null if this actor may not book the service for the patient, or there is no such service.</summary>
    private async Task<BookingWindow?> WindowAsync(
        Actor actor, HealthcareServiceId id, PatientId? patient, DateTimeOffset now, PracticeTime time, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var service = await db.Services.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        return service is null || await MayNotAsync(actor, service, patient, cancellationToken) ? null : service.WindowFor(actor, now, time);
    }

    private async Task<bool> MayNotAsync(Actor actor, HealthcareService service, PatientId? patient, CancellationToken cancellationToken) =>
        service.Refusal(actor, isRegistered: service.BookedBy != Bookers.RegisteredPatients || await IsRegisteredAsync(patient, cancellationToken)) is not null;

    private async Task<bool> IsRegisteredAsync(PatientId? patient, CancellationToken cancellationToken) =>
        await db.Patients.AnyAsync(row => row.Id == patient && row.NhsNumber != null, cancellationToken);

    internal async Task<List<AvailableSlot>> ViewsAsync(
        IQueryable<Slot> slots, PatientId? patient, DateTimeOffset now, PracticeTime time, CancellationToken cancellationToken)
    {
        var rows = await (
            from slot in slots
            join service in db.Services on slot.ServiceId equals service.Id
            join schedule in db.Schedules on slot.ScheduleId equals schedule.Id
            join practitioner in db.Practitioners on slot.PractitionerId equals practitioner.Id
            orderby slot.Start, practitioner.FamilyName, practitioner.GivenName
            select new { slot.Id, slot.ScheduleId, slot.Seat, slot.Start, slot.End, slot.HeldFor, slot.HeldUntil, ServiceId = service.Id, service.Name, service.Channels, Ways = schedule.Channels, PractitionerId = practitioner.Id, practitioner.Title, practitioner.GivenName, practitioner.FamilyName })
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
                   Schedule.ChannelsOf(row.Ways, row.Channels),
                   row.PractitionerId,
                   PersonName.Of(row.Title, row.GivenName, row.FamilyName),
                   time.ToLocal(row.Start),
                   time.ToLocal(row.End),
                   row.HeldFor is not null && row.HeldFor == patient && row.HeldUntil > now ? time.ToLocal(row.HeldUntil) : null,
                   places.Count()),
        ];
    }
}
