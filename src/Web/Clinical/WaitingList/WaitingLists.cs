using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.WaitingList;

/// <param name="Appointment">The one to be earlier; null if there is none yet.</param>
/// <param name="OnlyPractitioner">With this clinician only; null for any.</param>
/// <param name="Reason">Why; staff must say.</param>
public sealed record WaitingRequest(PatientId Patient, HealthcareServiceId Service, DeliveryChannel Channel, AppointmentId? Appointment = null, PractitionerId? OnlyPractitioner = null, string? Reason = null);

public abstract record WaitOutcome
{
    /// <summary>Also the answer for who waits for this service already.</summary>
    public sealed record Joined(WaitingListEntryId Entry) : WaitOutcome;

    public sealed record ServiceInactive : WaitOutcome;

    /// <summary>The service is not held that way.</summary>
    public sealed record ChannelNotOffered : WaitOutcome;

    /// <summary>The appointment has begun, is over or cancelled.</summary>
    public sealed record TooLate : WaitOutcome;

    /// <summary>Staff gave no reason, or it has more than <see cref="Booking.Appointment.ReasonLength"/> characters.</summary>
    public sealed record ReasonMissing : WaitOutcome;

    public sealed record NotFound : WaitOutcome;
}

/// <summary>A place on the waiting list. Times carry the practice's offset.</summary>
/// <param name="EarlierThan">Start of the appointment that is to be earlier; null if any time will do.</param>
/// <param name="Offer">What is kept for them now; null if nothing.</param>
public sealed record WaitingView(
    WaitingListEntryId Id, string ServiceName, string? PractitionerName, DeliveryChannel Channel, DateTimeOffset JoinedAt, AppointmentId? Appointment, DateTimeOffset? EarlierThan, OfferView? Offer);

/// <summary>A time that is or was offered. Times carry the practice's offset.</summary>
/// <param name="IsOpen">It can be accepted now.</param>
/// <param name="Appointment">What it became if it was accepted.</param>
/// <param name="Replaces">Start of the appointment that moves there; null if one is booked.</param>
public sealed record OfferView(
    WaitingListOfferId Id,
    OfferStatus Status,
    bool IsOpen,
    PatientId PatientId,
    string ServiceName,
    string PractitionerName,
    DeliveryChannel Channel,
    DateTimeOffset Start,
    DateTimeOffset End,
    DateTimeOffset Until,
    AppointmentId? Appointment,
    DateTimeOffset? Replaces);

/// <summary>Who waits for an earlier time, and what is offered to them. A patient acts for themself, practice staff for any patient. Accepting is <see cref="BookingService.AcceptAsync"/>.</summary>
public sealed class WaitingLists(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>How far ahead times are offered.</summary>
    public const int DaysAhead = 28;

    /// <summary>Offers made for one practice in one round.</summary>
    private const int MostInOneRound = 200;

    public async Task<WaitOutcome> JoinAsync(Actor actor, WaitingRequest request, CancellationToken cancellationToken)
    {
        if (!actor.MayBookFor(request.Patient))
            return new WaitOutcome.NotFound();
        var why = string.IsNullOrWhiteSpace(request.Reason) ? null : request.Reason.Trim();
        if (why?.Length > Booking.Appointment.ReasonLength || (why is null && actor.IsStaff))
            return new WaitOutcome.ReasonMissing();
        try
        {
            return await db.WriteAsync(actor, "waiting-list.join", why, () => JoinAsync(actor, request, clock.GetUtcNow(), cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            // The same form twice at once: the other one is on the list.
            db.ActFor(actor);
            return await db.WaitingList.Where(row => row.PatientId == request.Patient && row.ServiceId == request.Service && (row.Status == WaitingStatus.Waiting || row.Status == WaitingStatus.Offered))
                .Select(row => new WaitOutcome.Joined(row.Id)).SingleAsync(cancellationToken);
        }
    }

    /// <summary>False if there is no such place on the list, or it is over.</summary>
    public async Task<bool> LeaveAsync(Actor actor, WaitingListEntryId id, CancellationToken cancellationToken) =>
        await db.WriteAsync(actor, "waiting-list.leave", reason: null, async () =>
        {
            var entry = await db.WaitingList.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (entry is null || !actor.MayBookFor(entry.PatientId) || entry.Status is not (WaitingStatus.Waiting or WaitingStatus.Offered))
                return false;
            await db.LeaveAsync(entry, clock.GetUtcNow(), cancellationToken);
            return true;
        }, cancellationToken);

    /// <summary>They stay on the list; the slot goes to the next at once. False if there is no such open offer.</summary>
    public async Task<bool> DeclineAsync(Actor actor, WaitingListOfferId id, CancellationToken cancellationToken) =>
        await db.WriteAsync(actor, "waiting-list.decline", reason: null, async () =>
        {
            var offer = await db.WaitingListOffers.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
            if (offer is null || !actor.MayBookFor(offer.PatientId) || offer.Status != OfferStatus.Open)
                return false;
            offer.Decline();
            (await db.WaitingList.SingleAsync(row => row.Id == offer.EntryId, cancellationToken)).WaitAgain();
            await db.PassOnAsync(offer, clock.GetUtcNow(), cancellationToken);
            return true;
        }, cancellationToken);

    /// <summary>What a patient waits for; empty if the actor may not act for them.</summary>
    public async Task<IReadOnlyList<WaitingView>> OfPatientAsync(Actor actor, PatientId patient, CancellationToken cancellationToken)
    {
        if (!actor.MayBookFor(patient))
            return [];
        db.ActFor(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var offers = (await OffersAsync(actor, offer => offer.Where(row => row.PatientId == patient && row.Status == OfferStatus.Open), cancellationToken)).ToDictionary(row => row.Entry, row => row.View);
        var rows = await (
            from entry in db.WaitingList.AsNoTracking()
            join service in db.Services on entry.ServiceId equals service.Id
            from practitioner in db.Practitioners.Where(row => row.Id == entry.PractitionerId).DefaultIfEmpty()
            from appointment in db.Appointments.Where(row => row.Id == entry.AppointmentId).DefaultIfEmpty()
            where entry.PatientId == patient && (entry.Status == WaitingStatus.Waiting || entry.Status == WaitingStatus.Offered)
            orderby entry.JoinedAt
            select new { entry, service.Name, practitioner, Start = (DateTimeOffset?)appointment.Start }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new WaitingView(
            row.entry.Id,
            row.Name,
            row.practitioner?.DisplayName,
            row.entry.Channel,
            time.ToLocal(row.entry.JoinedAt),
            row.entry.AppointmentId,
            time.ToLocal(row.Start),
            offers.GetValueOrDefault(row.entry.Id)));
    }

    /// <summary>Null if there is no such offer or the actor may not act for the patient.</summary>
    public async Task<OfferView?> FindOfferAsync(Actor actor, WaitingListOfferId id, CancellationToken cancellationToken)
    {
        var found = await OffersAsync(actor, offers => offers.Where(row => row.Id == id), cancellationToken);
        return found is [var (_, view)] && actor.MayBookFor(view.PatientId) ? view : null;
    }

    /// <summary>
    /// Of all practices: closes offers whose time ran out and passes their slots on, takes off the list who waits for nothing any more, and offers free slots that nobody
    /// was offered yet, such as those of a new clinic. Any instance may do it at any time: the database decides whose offer stands.
    /// </summary>
    public async Task PassOnAsync(CancellationToken cancellationToken)
    {
        var practices = await db.WaitingList.IgnoreQueryFilters(PracticeFilter.Only)
            .Where(row => row.Status == WaitingStatus.Waiting || row.Status == WaitingStatus.Offered).Select(row => row.PracticeId).Distinct().ToListAsync(cancellationToken);
        foreach (var system in practices.Select(Actor.System))
        {
            await ExpireAsync(system, cancellationToken);
            await TidyAsync(system, cancellationToken);
            await OfferFreeAsync(system, cancellationToken);
        }
    }

    private async Task<WaitOutcome> JoinAsync(Actor actor, WaitingRequest request, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var service = await db.Services.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.Service, cancellationToken);
        if (service is null || !await db.Patients.AnyAsync(row => row.Id == request.Patient, cancellationToken))
            return new WaitOutcome.NotFound();
        if (request.OnlyPractitioner is { } only && !await db.Practitioners.AnyAsync(row => row.Id == only, cancellationToken))
            return new WaitOutcome.NotFound();
        if (!service.IsActive)
            return new WaitOutcome.ServiceInactive();
        if (!service.Offers(request.Channel))
            return new WaitOutcome.ChannelNotOffered();
        if (service.Refusal(actor, await db.Patients.AnyAsync(row => row.Id == request.Patient && row.NhsNumber != null, cancellationToken)) is not null)
            return new WaitOutcome.NotFound();
        if (request.Appointment is { } id)
        {
            var appointment = await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.PatientId == request.Patient && row.ServiceId == request.Service, cancellationToken);
            if (appointment is null)
                return new WaitOutcome.NotFound();
            if (!appointment.MayBeMovedBy(actor, now))
                return new WaitOutcome.TooLate();
        }

        var waiting = await db.WaitingList.AsNoTracking().SingleOrDefaultAsync(
            row => row.PatientId == request.Patient && row.ServiceId == request.Service && (row.Status == WaitingStatus.Waiting || row.Status == WaitingStatus.Offered), cancellationToken);
        if (waiting is not null)
            return new WaitOutcome.Joined(waiting.Id);
        var entry = new WaitingListEntry
        {
            Id = WaitingListEntryId.New(),
            PracticeId = actor.Practice,
            PatientId = request.Patient,
            ServiceId = request.Service,
            PractitionerId = request.OnlyPractitioner,
            Channel = request.Channel,
            JoinedAt = now,
        };
        if (request.Appointment is { } earlier)
            entry.WaitFor(earlier);
        db.WaitingList.Add(entry);
        return new WaitOutcome.Joined(entry.Id);
    }

    private async Task ExpireAsync(Actor system, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        db.ActFor(system);
        var due = await db.WaitingListOffers.Where(row => row.Status == OfferStatus.Open && row.Until <= now).OrderBy(row => row.Until).Take(MostInOneRound).Select(row => row.Id).ToListAsync(cancellationToken);
        foreach (var id in due)
        {
            await TryAsync(system, "waiting-list.expire", async () =>
            {
                var offer = await db.WaitingListOffers.SingleAsync(row => row.Id == id, cancellationToken);
                if (offer.Status != OfferStatus.Open)
                    return;
                offer.Expire();
                (await db.WaitingList.SingleAsync(row => row.Id == offer.EntryId, cancellationToken)).WaitAgain();
                await db.PassOnAsync(offer, now, cancellationToken);
            }, cancellationToken);
        }
    }

    /// <summary>Takes off the list whose appointment has begun, or was cancelled or moved by others.</summary>
    private async Task TidyAsync(Actor system, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var over = await db.WaitingList
            .Where(row => (row.Status == WaitingStatus.Waiting || row.Status == WaitingStatus.Offered)
                && db.Appointments.Any(appointment => appointment.Id == row.AppointmentId && (appointment.Start <= now || (appointment.Status != AppointmentStatus.Booked && appointment.Status != AppointmentStatus.Arrived))))
            .Select(row => row.Id).Take(MostInOneRound).ToListAsync(cancellationToken);
        foreach (var id in over)
        {
            await TryAsync(system, "waiting-list.tidy", async () =>
            {
                var entry = await db.WaitingList.SingleAsync(row => row.Id == id, cancellationToken);
                if (entry.Status is WaitingStatus.Waiting or WaitingStatus.Offered)
                    await db.LeaveAsync(entry, now, cancellationToken);
            }, cancellationToken);
        }
    }

    private async Task OfferFreeAsync(Actor system, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(system, cancellationToken);
        var today = time.DayOf(now);
        var waiting = await db.WaitingList.AsNoTracking().Where(row => row.Status == WaitingStatus.Waiting).OrderBy(row => row.JoinedAt).Take(MostInOneRound).ToListAsync(cancellationToken);
        foreach (var entry in waiting)
        {
            var before = await db.Appointments.Where(row => row.Id == entry.AppointmentId).Select(row => (DateTimeOffset?)row.Start).SingleOrDefaultAsync(cancellationToken);
            var service = await db.Services.AsNoTracking().SingleAsync(row => row.Id == entry.ServiceId, cancellationToken);
            var window = service.WindowFor(system, now, time);
            var soonest = window.Earliest > now + OfferTime.LeastNotice ? window.Earliest : now + OfferTime.LeastNotice;
            var last = window.Last < today.AddDays(DaysAhead) ? window.Last.Value : today.AddDays(DaysAhead);
            var slots = await db.Slots.Where(SlotBook.IsOpenTo(null, now))
                .Where(row => row.ServiceId == entry.ServiceId && row.Day >= today && row.Day <= last && row.Start >= soonest)
                .Where(row => entry.PractitionerId == null || row.PractitionerId == entry.PractitionerId)
                .Where(row => before == null || row.Start < before)
                .Where(row => !db.WaitingListOffers.Any(offer => offer.EntryId == entry.Id && offer.SlotId == row.Id))
                .Where(row => !db.AppointmentChanges.Any(had => had.AppointmentId == entry.AppointmentId && had.Start == row.Start && had.PractitionerId == row.PractitionerId))
                .Join(db.Schedules, row => row.ScheduleId, row => row.Id, (slot, schedule) => new { slot.Id, slot.Start, schedule.Channels })
                .OrderBy(row => row.Start).Take(MostInOneRound).ToListAsync(cancellationToken);
            if (slots.Find(row => Schedule.ChannelsOf(row.Channels, service.Channels).Contains(entry.Channel)) is { } free)
                await TryAsync(system, "waiting-list.offer", () => db.OfferAsync(free.Id, now, cancellationToken), cancellationToken);
        }
    }

    private async Task TryAsync(Actor system, string action, Func<Task> work, CancellationToken cancellationToken)
    {
        try
        {
            await db.WriteAsync(system, action, reason: null, async () =>
            {
                await work();
                return true;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            // Another instance made an offer of it at the same time.
        }
    }

    private async Task<List<(WaitingListEntryId Entry, OfferView View)>> OffersAsync(Actor actor, Func<IQueryable<WaitingListOffer>, IQueryable<WaitingListOffer>> which, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var now = clock.GetUtcNow();
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var rows = await (
            from offer in which(db.WaitingListOffers.AsNoTracking())
            join entry in db.WaitingList on offer.EntryId equals entry.Id
            join slot in db.Slots on offer.SlotId equals slot.Id
            join service in db.Services on slot.ServiceId equals service.Id
            join practitioner in db.Practitioners on slot.PractitionerId equals practitioner.Id
            from appointment in db.Appointments.Where(row => row.Id == entry.AppointmentId).DefaultIfEmpty()
            select new { offer, entry.Channel, slot, service.Name, practitioner, Replaces = (DateTimeOffset?)appointment.Start }).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => (row.offer.EntryId, new OfferView(
            row.offer.Id,
            row.offer.Status,
            row.offer.IsOpenAt(now),
            row.offer.PatientId,
            row.Name,
            row.practitioner.DisplayName,
            row.Channel,
            time.ToLocal(row.slot.Start),
            time.ToLocal(row.slot.End),
            time.ToLocal(row.offer.Until),
            row.offer.AppointmentId,
            time.ToLocal(row.Replaces))));
    }
}
