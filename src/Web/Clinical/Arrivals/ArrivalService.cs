using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Arrivals;

/// <summary>What a person has said before the waiting room, for themself.</summary>
/// <param name="SaysPlace">They are asked where they are: the patient, or who is there in the patient's place.</param>
/// <param name="Phone">What the practice knows, for a start; null for nobody's.</param>
public sealed record MyArrival(bool HasAgreed, string? Companions, bool SaysPlace, string? Place, string? CallBack, string? Phone)
{
    /// <summary>There is nothing left to ask.</summary>
    public bool IsComplete => HasAgreed && (!SaysPlace || Place is not null);
}

/// <summary>The same, for the clinician and practice staff. Times carry the practice's offset.</summary>
public sealed record ArrivalView(string Name, int Wording, DateTimeOffset ConsentedAt, string? Companions, string? Place, string? CallBack);

public abstract record ArriveOutcome
{
    public sealed record Kept : ArriveOutcome;

    /// <summary>More than <see cref="Arrival.TextLength"/> characters.</summary>
    public sealed record TooLong : ArriveOutcome;

    public sealed record PlaceMissing : ArriveOutcome;

    /// <summary>It has fewer than five digits, or is too long.</summary>
    public sealed record NoPhone : ArriveOutcome;

    /// <summary>Nothing is said before it was agreed to come by video.</summary>
    public sealed record NotAgreed : ArriveOutcome;

    public sealed record NotFound : ArriveOutcome;
}

/// <summary>What people say before they enter the waiting room: each for themself, once for an appointment, and they may change it.</summary>
public sealed class ArrivalService(ClinicalDbContext db, TimeProvider clock)
{
    private const int FewestDigits = 5;

    /// <summary>Null if it is not an appointment that the actor may join.</summary>
    public async Task<MyArrival?> FindAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        if (await WhoAsync(actor, id, cancellationToken) is not { } who)
            return null;
        var arrival = await db.Arrivals.AsNoTracking().SingleOrDefaultAsync(row => row.AppointmentId == id && row.PersonId == who.Person, cancellationToken);
        return new MyArrival(arrival is not null, arrival?.Companions, who.SaysPlace, arrival?.Place, arrival?.CallBack, who.Phone);
    }

    public Task<ArriveOutcome> AgreeAsync(Actor actor, AppointmentId id, string? companions, CancellationToken cancellationToken) =>
        WriteAsync(actor, id, "arrival.agree", (who, arrival) =>
        {
            var with = string.IsNullOrWhiteSpace(companions) ? null : companions.Trim();
            if (with?.Length > Arrival.TextLength)
                return new ArriveOutcome.TooLong();
            if (arrival is null)
                db.Arrivals.Add(arrival = new Arrival { PracticeId = actor.Practice, AppointmentId = id, PersonId = who.Person });
            arrival.Agree(with, clock.GetUtcNow());
            return new ArriveOutcome.Kept();
        }, cancellationToken);

    public Task<ArriveOutcome> SayAsync(Actor actor, AppointmentId id, string? place, string? callBack, CancellationToken cancellationToken) =>
        WriteAsync(actor, id, "arrival.say", (who, arrival) =>
        {
            var (where, phone) = ((place ?? "").Trim(), (callBack ?? "").Trim());
            if (!who.SaysPlace)
                return new ArriveOutcome.NotFound();
            if (arrival is null)
                return new ArriveOutcome.NotAgreed();
            if (where.Length == 0)
                return new ArriveOutcome.PlaceMissing();
            if (where.Length > Arrival.TextLength)
                return new ArriveOutcome.TooLong();
            if (phone.Length > Arrival.PhoneLength || phone.Count(char.IsAsciiDigit) < FewestDigits)
                return new ArriveOutcome.NoPhone();
            arrival.Say(where, phone);
            return new ArriveOutcome.Kept();
        }, cancellationToken);

    /// <summary>Who has arrived and what they said, the patient first: for the clinician whose appointment it is, and for practice staff; empty for everybody else.</summary>
    public async Task<IReadOnlyList<ArrivalView>> OfAppointmentAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var appointment = await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
        if (appointment is null || !(actor.IsStaff || actor.AsPractitioner == appointment.PractitionerId))
            return [];
        return await db.ArrivalsOfAsync(appointment, await db.TimeOfAsync(actor, cancellationToken), cancellationToken);
    }

    private Task<ArriveOutcome> WriteAsync(Actor actor, AppointmentId id, string action, Func<(Guid Person, bool SaysPlace, string? Phone), Arrival?, ArriveOutcome> work, CancellationToken cancellationToken) =>
        db.WriteAsync(actor, action, reason: null, async () =>
            await WhoAsync(actor, id, cancellationToken) is { } who
                ? work(who, await db.Arrivals.SingleOrDefaultAsync(row => row.AppointmentId == id && row.PersonId == who.Person, cancellationToken))
                : new ArriveOutcome.NotFound(), cancellationToken);

    /// <summary>Who the actor is in this appointment; null if they are nobody there, or it is closed.</summary>
    private async Task<(Guid Person, bool SaysPlace, string? Phone)?> WhoAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        var guest = actor.AsGuest is { } invited ? await db.Guests.AsNoTracking().SingleOrDefaultAsync(row => row.Id == invited && row.AppointmentId == id && row.RevokedAt == null, cancellationToken) : null;
        var patient = guest?.PatientId ?? (actor.OwnPatient is { } own && (actor.AsPatient == own || actor.MayAsCarer(CarerRights.JoinConsultations, own)) ? own : null);
        var appointment = await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id && row.PatientId == patient, cancellationToken);
        if (appointment is null || GuestService.OverOf(appointment, clock.GetUtcNow()) is not null)
            return null;
        if (guest is { Role: not GuestRole.Patient })
            return (guest.Id.Value, false, null);
        var phone = actor.AsCarer is null ? (await db.Patients.AsNoTracking().SingleAsync(row => row.Id == appointment.PatientId, cancellationToken)).Phone : null;
        return (actor.AsCarer is null ? appointment.PatientId.Value : actor.PersonId, true, phone);
    }
}

internal static class ArrivalQueries
{
    /// <summary>Who has arrived for an appointment and what they said, the patient first.</summary>
    public static async Task<IReadOnlyList<ArrivalView>> ArrivalsOfAsync(this ClinicalDbContext db, Appointment appointment, PracticeTime time, CancellationToken cancellationToken)
    {
        var rows = await db.Arrivals.AsNoTracking().Where(row => row.AppointmentId == appointment.Id).OrderBy(row => row.ConsentedAt).ToListAsync(cancellationToken);
        var names = await db.NamesInCallAsync(appointment, cancellationToken);
        return [.. rows.OrderBy(row => row.PersonId != appointment.PatientId.Value).Select(row =>
            new ArrivalView(names.GetValueOrDefault(row.PersonId, "Somebody"), row.Wording, time.ToLocal(row.ConsentedAt), row.Companions, row.Place, row.CallBack))];
    }
}
