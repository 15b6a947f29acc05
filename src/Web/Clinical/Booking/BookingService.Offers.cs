using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Booking;

public abstract record AcceptOutcome
{
    /// <summary>Also the answer when the same form is sent twice.</summary>
    /// <param name="Moved">The clinics that changed if an appointment moved there; null if one was booked.</param>
    public sealed record Accepted(AppointmentId Appointment, ScheduleId Clinic, MoveOutcome.Moved? Moved) : AcceptOutcome;

    /// <summary>The service asks questions that must be answered first: the time is kept meanwhile and is booked as any other.</summary>
    /// <param name="Day">Of the practice.</param>
    public sealed record AnswersNeeded(HealthcareServiceId Service, DateOnly Day, SlotId Slot) : AcceptOutcome;

    /// <summary>Its time ran out, or it was declined or withdrawn.</summary>
    public sealed record Over : AcceptOutcome;

    /// <summary>The patient has another appointment at that time.</summary>
    /// <param name="Start">Of the other one, with the practice's offset.</param>
    public sealed record Overlaps(AppointmentId Appointment, DateTimeOffset Start) : AcceptOutcome;

    public sealed record NotFound : AcceptOutcome;
}

public sealed partial class BookingService
{
    /// <summary>Takes what is offered from the waiting list in one step: the appointment moves there, or one is booked.</summary>
    public async Task<AcceptOutcome> AcceptAsync(Actor actor, WaitingListOfferId id, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(actor, cancellationToken);
        try
        {
            return await db.WriteAsync(actor, "waiting-list.accept", reason: null, () => AcceptAsync(actor, id, time, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new AcceptOutcome.Over();
        }
    }

    private async Task<AcceptOutcome> AcceptAsync(Actor actor, WaitingListOfferId id, PracticeTime time, CancellationToken cancellationToken)
    {
        var offer = await db.WaitingListOffers.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (offer is null || !actor.MayBookFor(offer.PatientId))
            return new AcceptOutcome.NotFound();
        if (offer is { Status: OfferStatus.Accepted, AppointmentId: { } done })
        {
            var clinic = await db.Appointments.Where(row => row.Id == done).Select(row => row.ScheduleId).SingleAsync(cancellationToken);
            return new AcceptOutcome.Accepted(done, clinic, Moved: null);
        }

        if (!offer.IsOpenAt(clock.GetUtcNow()))
            return new AcceptOutcome.Over();
        var entry = await db.WaitingList.AsNoTracking().SingleAsync(row => row.Id == offer.EntryId, cancellationToken);
        if (entry.AppointmentId is { } existing)
        {
            return await MoveAsync(actor, new MoveRequest(existing, offer.SlotId, entry.Channel), time, cancellationToken) switch
            {
                MoveOutcome.Moved moved => new AcceptOutcome.Accepted(existing, moved.To, moved),
                MoveOutcome.Overlaps overlaps => new AcceptOutcome.Overlaps(overlaps.Appointment, overlaps.Start),
                _ => new AcceptOutcome.Over(),
            };
        }

        return await BookAsync(actor, new BookingRequest(offer.SlotId, offer.PatientId, entry.Channel), time, cancellationToken) switch
        {
            BookOutcome.Booked booked => new AcceptOutcome.Accepted(booked.Appointment, booked.Clinic, Moved: null),
            BookOutcome.Overlaps overlaps => new AcceptOutcome.Overlaps(overlaps.Appointment, overlaps.Start),
            BookOutcome.AnswersMissing => await db.Slots.Where(slot => slot.Id == offer.SlotId).Select(slot => new AcceptOutcome.AnswersNeeded(slot.ServiceId, slot.Day, slot.Id)).SingleAsync(cancellationToken),
            _ => new AcceptOutcome.Over(),
        };
    }
}
