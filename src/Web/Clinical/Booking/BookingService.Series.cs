using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <param name="First">The first time; the others are on the same weekday at the same time of the practice's clock.</param>
/// <param name="EveryWeeks">From 1 to <see cref="BookingService.MostWeeksApart"/>.</param>
/// <param name="Times">From 2 to <see cref="BookingService.MostInSeries"/>.</param>
public sealed record SeriesRequest(SlotId First, PatientId Patient, DeliveryChannel Channel, int EveryWeeks, int Times, string? ReasonForVisit = null, IReadOnlyList<GivenAnswer>? Answers = null);

/// <summary>One date of a series. Times carry the practice's offset.</summary>
/// <param name="Slot">What is free to the patient then; null if nothing is.</param>
public sealed record SeriesDate(DateTimeOffset Start, SlotId? Slot, string? PractitionerName);

public abstract record SeriesOutcome
{
    /// <summary>Each is an appointment like any other.</summary>
    /// <param name="Missing">Dates on which nothing was free: nothing is booked then.</param>
    public sealed record Booked(IReadOnlyList<BookOutcome.Booked> Appointments, IReadOnlyList<DateTimeOffset> Missing) : SeriesOutcome;

    /// <summary>Not even the first could be booked: why.</summary>
    public sealed record Refused(BookOutcome First) : SeriesOutcome;

    /// <summary>Too many, too few or too far apart.</summary>
    public sealed record OutOfRange : SeriesOutcome;
}

public sealed partial class BookingService
{
    public const int MostWeeksApart = 12;
    public const int MostInSeries = 12;

    /// <summary>The dates that a series would have, with what is free then; empty if the actor may not act for the patient, the slot is unknown or the request is out of range.</summary>
    public async Task<IReadOnlyList<SeriesDate>> SeriesDatesAsync(Actor actor, SeriesRequest request, CancellationToken cancellationToken)
    {
        if (!actor.MayBookFor(request.Patient) || !InRange(request))
            return [];
        var time = await db.TimeOfAsync(actor, cancellationToken);
        db.ActFor(actor);
        return await SeriesDatesAsync(actor, request, time, cancellationToken);
    }

    /// <summary>Books every date on which something is free, in one transaction. Sent twice it books nothing more.</summary>
    public async Task<SeriesOutcome> BookSeriesAsync(Actor actor, SeriesRequest request, CancellationToken cancellationToken)
    {
        if (!actor.MayBookFor(request.Patient))
            return new SeriesOutcome.Refused(new BookOutcome.NotFound());
        if (!InRange(request))
            return new SeriesOutcome.OutOfRange();
        if (request.ReasonForVisit?.Trim().Length > Appointment.ReasonLength)
            return new SeriesOutcome.Refused(new BookOutcome.ReasonTooLong());
        var time = await db.TimeOfAsync(actor, cancellationToken);
        try
        {
            return await db.WriteAsync(actor, "appointment.book-series", reason: null, () => BookSeriesAsync(actor, request, time, cancellationToken), cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new SeriesOutcome.Refused(new BookOutcome.Taken());
        }
    }

    /// <summary>This one and all later ones of its series that may still be cancelled; one that is in no series alone.</summary>
    /// <returns>What became of each, the one asked for first.</returns>
    public async Task<IReadOnlyList<CancelOutcome>> CancelSeriesAsync(Actor actor, AppointmentId id, string reason, CancellationToken cancellationToken)
    {
        var rest = await LaterAsync(actor, id, cancellationToken);
        var outcomes = new List<CancelOutcome> { await CancelAsync(actor, id, reason, cancellationToken) };
        if (outcomes[0] is not CancelOutcome.Cancelled)
            return outcomes;
        foreach (var later in rest)
            outcomes.Add(await CancelAsync(actor, later, reason, cancellationToken));
        return outcomes;
    }

    /// <summary>The same change for this one and all later ones of its series that may still be changed.</summary>
    /// <returns>What became of each, the one asked for first.</returns>
    public async Task<IReadOnlyList<SwitchOutcome>> SwitchSeriesAsync(Actor actor, AppointmentId id, DeliveryChannel channel, CancellationToken cancellationToken)
    {
        var rest = await LaterAsync(actor, id, cancellationToken);
        var outcomes = new List<SwitchOutcome> { await SwitchChannelAsync(actor, id, channel, cancellationToken) };
        if (outcomes[0] is not SwitchOutcome.Switched)
            return outcomes;
        foreach (var later in rest)
            outcomes.Add(await SwitchChannelAsync(actor, later, channel, cancellationToken));
        return outcomes;
    }

    /// <summary>Moves this one, and all later ones of its series by as many days to the same time of the clock. Those for which nothing is free then stay where they are.</summary>
    /// <returns>What became of each, the one asked for first.</returns>
    public async Task<IReadOnlyList<MoveOutcome>> MoveSeriesAsync(Actor actor, MoveRequest request, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var time = await db.TimeOfAsync(actor, cancellationToken);
        var from = await db.Appointments.Where(row => row.Id == request.Appointment).Select(row => (DateTimeOffset?)row.Start).SingleOrDefaultAsync(cancellationToken);
        var to = await db.Slots.Where(row => row.Id == request.To).Select(row => (DateTimeOffset?)row.Start).SingleOrDefaultAsync(cancellationToken);
        var rest = await LaterAsync(actor, request.Appointment, cancellationToken);
        var outcomes = new List<MoveOutcome> { await MoveAsync(actor, request, cancellationToken) };
        if (outcomes[0] is not MoveOutcome.Moved || from is not { } before || to is not { } after)
            return outcomes;
        var days = time.DayOf(after).DayNumber - time.DayOf(before).DayNumber;
        var clockTime = TimeOnly.FromDateTime(time.ToLocal(after).DateTime);
        foreach (var later in rest)
        {
            var appointment = await db.Appointments.AsNoTracking().SingleAsync(row => row.Id == later, cancellationToken);
            var start = time.At(time.DayOf(appointment.Start).AddDays(days), clockTime).ToUniversalTime();
            var slot = (await FreeAtAsync(actor, appointment.ServiceId, appointment.PractitionerId, appointment.PatientId, [start], time, cancellationToken)).GetValueOrDefault(start);
            outcomes.Add(slot is null ? new MoveOutcome.Taken() : await MoveAsync(actor, request with { Appointment = later, To = slot.Id }, cancellationToken));
        }

        return outcomes;
    }

    private static bool InRange(SeriesRequest request) => request is { EveryWeeks: >= 1 and <= MostWeeksApart, Times: >= 2 and <= MostInSeries };

    private async Task<SeriesOutcome> BookSeriesAsync(Actor actor, SeriesRequest request, PracticeTime time, CancellationToken cancellationToken)
    {
        var dates = await SeriesDatesAsync(actor, request, time, cancellationToken);
        var chosen = await BookAsync(actor, new BookingRequest(request.First, request.Patient, request.Channel, request.ReasonForVisit, request.Answers), time, cancellationToken);
        if (chosen is not BookOutcome.Booked first)
            return new SeriesOutcome.Refused(chosen);
        var series = SeriesId.New();
        var (booked, missing) = (new List<BookOutcome.Booked> { first }, new List<DateTimeOffset>());
        await JoinSeriesAsync(first, series, cancellationToken);
        foreach (var date in dates.Skip(1))
        {
            // An appointment of theirs at that time counts: the form was sent before.
            var outcome = date.Slot is { } slot
                ? await BookAsync(actor, new BookingRequest(slot, request.Patient, request.Channel, request.ReasonForVisit, request.Answers), time, cancellationToken)
                : await BookedAtAsync(request.Patient, first.Appointment, date.Start, cancellationToken);
            if (outcome is not BookOutcome.Booked done)
            {
                missing.Add(date.Start);
                continue;
            }
            booked.Add(done);
            await JoinSeriesAsync(done, series, cancellationToken);
        }

        return new SeriesOutcome.Booked(booked, missing);
    }

    private async Task JoinSeriesAsync(BookOutcome.Booked booked, SeriesId series, CancellationToken cancellationToken)
    {
        db.Appointments.Local.SingleOrDefault(row => row.Id == booked.Appointment && row.Version == 0)?.JoinSeries(series);
        // The next date must see this one.
        await db.SaveChangesAsync(cancellationToken);
    }

    private async Task<BookOutcome?> BookedAtAsync(PatientId patient, AppointmentId first, DateTimeOffset start, CancellationToken cancellationToken)
    {
        var service = await db.Appointments.Where(row => row.Id == first).Select(row => row.ServiceId).SingleAsync(cancellationToken);
        var instant = start.ToUniversalTime();
        var mine = await Live(db.Appointments.AsNoTracking()).SingleOrDefaultAsync(row => row.PatientId == patient && row.ServiceId == service && row.Start == instant, cancellationToken);
        return mine is null ? null : new BookOutcome.Booked(mine.Id, mine.Reference, mine.ScheduleId);
    }

    private async Task<IReadOnlyList<SeriesDate>> SeriesDatesAsync(Actor actor, SeriesRequest request, PracticeTime time, CancellationToken cancellationToken)
    {
        if (await db.Slots.AsNoTracking().SingleOrDefaultAsync(row => row.Id == request.First, cancellationToken) is not { } first)
            return [];
        var clockTime = TimeOnly.FromDateTime(time.ToLocal(first.Start).DateTime);
        var day = time.DayOf(first.Start);
        List<DateTimeOffset> starts = [.. Enumerable.Range(0, request.Times).Select(turn => time.At(day.AddDays(7 * request.EveryWeeks * turn), clockTime).ToUniversalTime())];
        var free = await FreeAtAsync(actor, first.ServiceId, first.PractitionerId, request.Patient, starts, time, cancellationToken);
        var ids = free.Values.Select(slot => slot.PractitionerId).Distinct().ToList();
        var names = await db.Practitioners.AsNoTracking().Where(row => ids.Contains(row.Id)).ToDictionaryAsync(row => row.Id, row => row.DisplayName, cancellationToken);
        return [.. starts.Select(start => free.GetValueOrDefault(start) is { } slot
            ? new SeriesDate(time.ToLocal(start), slot.Id, names[slot.PractitionerId])
            : new SeriesDate(time.ToLocal(start), null, null))];
    }

    /// <summary>For each of these starts a slot that is free to the patient and that the actor may book, with the same clinician if there is one.</summary>
    private async Task<Dictionary<DateTimeOffset, Slot>> FreeAtAsync(
        Actor actor, HealthcareServiceId service, PractitionerId practitioner, PatientId patient, IReadOnlyList<DateTimeOffset> starts, PracticeTime time, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (earliest, horizon) = (await db.Services.AsNoTracking().SingleAsync(row => row.Id == service, cancellationToken)).WindowFor(actor, now, time);
        var slots = await db.Slots.AsNoTracking().Where(SlotBook.IsOpenTo(patient, now))
            .Where(row => row.ServiceId == service && row.Start >= now && (row.Start >= earliest || row.HeldFor == patient) && (horizon == null || row.Day <= horizon) && starts.Contains(row.Start)).ToListAsync(cancellationToken);
        return slots.GroupBy(row => row.Start).ToDictionary(group => group.Key, group => group.OrderByDescending(row => row.PractitionerId == practitioner).ThenBy(row => row.Id.Value).First());
    }

    /// <summary>Those of its series that come after it and that the actor may still change, in order.</summary>
    private async Task<List<AppointmentId>> LaterAsync(Actor actor, AppointmentId id, CancellationToken cancellationToken)
    {
        db.ActFor(actor);
        var now = clock.GetUtcNow();
        if (await db.Appointments.AsNoTracking().SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { Series: { } series } one)
            return [];
        var rest = await db.Appointments.AsNoTracking().Where(row => row.Series == series && row.Start > one.Start).OrderBy(row => row.Start).ToListAsync(cancellationToken);
        return [.. rest.Where(row => row.MayBeMovedBy(actor, now)).Select(row => row.Id)];
    }
}
