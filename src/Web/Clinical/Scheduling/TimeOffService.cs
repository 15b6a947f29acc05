using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <param name="Practitioner">Whose leave it is; null if the practice is closed.</param>
public sealed record TimeOffDetails(PractitionerId? Practitioner, DateOnly First, DateOnly Last, string Reason);

/// <param name="PractitionerName">Null if the practice is closed.</param>
/// <param name="Booked">What is still booked meanwhile.</param>
public sealed record TimeOffView(TimeOffId Id, string? PractitionerName, DateOnly First, DateOnly Last, string Reason, IReadOnlyList<AffectedAppointment> Booked);

/// <param name="TimeOff">Leave and closures that are not over, by first day.</param>
/// <param name="BankHolidays">Those of the coming year that the practice keeps, with what is still booked then.</param>
public sealed record TimeOffOverview(
    IReadOnlyList<TimeOffView> TimeOff, HolidayRegion Region, IReadOnlyList<(DateOnly Day, string Name)> BankHolidays, IReadOnlyList<AffectedAppointment> BookedOnBankHolidays);

public abstract record TimeOffOutcome
{
    /// <param name="Booked">How many appointments stand all the same.</param>
    public sealed record Done(int Booked) : TimeOffOutcome;

    /// <summary>Nothing was done: these are booked then. Ask again with all of them as seen.</summary>
    public sealed record Affects(IReadOnlyList<AffectedAppointment> Appointments) : TimeOffOutcome;

    /// <summary>The days are past, the wrong way round, or more than <see cref="TimeOffService.MostDays"/>; or there is no reason, or one longer than <see cref="TimeOff.ReasonLength"/> characters.</summary>
    public sealed record Impossible : TimeOffOutcome;

    public sealed record NotFound : TimeOffOutcome;
}

/// <summary>Leave of clinicians, days on which the practice is closed, and bank holidays. For practice staff; administrators say which bank holidays are kept.</summary>
public sealed class TimeOffService(ClinicalDbContext db, TimeProvider clock)
{
    public const int MostDays = 366;

    private const string BankHoliday = "Bank holiday";

    public async Task<TimeOffOverview> OverviewAsync(Actor staff, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        var now = clock.GetUtcNow();
        var practice = await db.Practices.AsNoTracking().SingleAsync(row => row.Id == staff.Practice, cancellationToken);
        var (time, today) = (practice.Time, practice.Time.DayOf(now));
        var rows = await (
            from off in db.TimeOff.AsNoTracking()
            from practitioner in db.Practitioners.Where(row => row.Id == off.PractitionerId).DefaultIfEmpty()
            where off.Last >= today
            orderby off.First, off.Last
            select new { off, practitioner }).ToListAsync(cancellationToken);
        var views = new List<TimeOffView>();
        foreach (var row in rows)
        {
            var booked = await db.BookedAsync(Within(row.off.PractitionerId, row.off.First, row.off.Last), time, now, cancellationToken);
            views.Add(new TimeOffView(row.off.Id, row.practitioner?.DisplayName, row.off.First, row.off.Last, row.off.Reason, booked));
        }

        var holidays = Holidays(practice.BankHolidays, today);
        return new TimeOffOverview(
            views, practice.BankHolidays, [.. holidays.Select(day => (day.Key, day.Value))], await db.BookedAsync(On(holidays.Keys), time, now, cancellationToken));
    }

    /// <summary>From now on nobody books these days. What is booked stands.</summary>
    /// <param name="seen">The appointments that whoever decides knows of.</param>
    public async Task<TimeOffOutcome> AddAsync(Actor staff, TimeOffDetails details, IReadOnlyCollection<AppointmentId> seen, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        var reason = details.Reason.Trim();
        var time = await db.TimeOfAsync(staff, cancellationToken);
        if (reason.Length is 0 or > TimeOff.ReasonLength || details.Last < details.First || details.Last < time.DayOf(clock.GetUtcNow()) || details.Last.DayNumber - details.First.DayNumber >= MostDays)
            return new TimeOffOutcome.Impossible();
        return await db.WriteAsync<TimeOffOutcome>(staff, details.Practitioner is null ? "practice.close" : "clinician.leave", reason, async () =>
        {
            var now = clock.GetUtcNow();
            if (details.Practitioner is { } id && !await db.Practitioners.AnyAsync(row => row.Id == id, cancellationToken))
                return new TimeOffOutcome.NotFound();
            var slots = Within(details.Practitioner, details.First, details.Last);
            var affected = await db.BookedAsync(slots, time, now, cancellationToken);
            if (!affected.AreSeen(seen))
                return new TimeOffOutcome.Affects(affected);
            var off = new TimeOff { Id = TimeOffId.New(), PracticeId = staff.Practice, PractitionerId = details.Practitioner, First = details.First, Last = details.Last, Reason = reason };
            db.TimeOff.Add(off);
            await slots.CloseAsync(off.Note, now);
            return new TimeOffOutcome.Done(affected.Count);
        }, cancellationToken);
    }

    /// <summary>What was blocked for it can be booked again, except where another leave or closure is.</summary>
    public async Task<TimeOffOutcome> RemoveAsync(Actor staff, TimeOffId id, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        return await db.WriteAsync<TimeOffOutcome>(staff, "time-off.remove", reason: null, async () =>
        {
            if (await db.TimeOff.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } off)
                return new TimeOffOutcome.NotFound();
            db.TimeOff.Remove(off);
            await Within(off.PractitionerId, off.First, off.Last)
                .Where(slot => db.Practitioners.Any(row => row.Id == slot.PractitionerId && row.EndedAt == null))
                .Where(slot => !db.TimeOff.Any(other => other.Id != off.Id && other.First <= slot.Day && other.Last >= slot.Day && (other.PractitionerId == null || other.PractitionerId == slot.PractitionerId)))
                .ReopenAsync(off.Note, clock.GetUtcNow());
            return new TimeOffOutcome.Done(0);
        }, cancellationToken);
    }

    /// <summary>The bank holidays of this region are days without clinics from now on, and those of another no more.</summary>
    /// <param name="seen">The appointments that whoever decides knows of.</param>
    public async Task<TimeOffOutcome> KeepBankHolidaysAsync(Actor administrator, HolidayRegion region, IReadOnlyCollection<AppointmentId> seen, CancellationToken cancellationToken)
    {
        if (administrator.Role != ActorRole.Administrator)
            throw new NotAllowedException("Only administrators say which bank holidays the practice keeps.");
        if (!Enum.IsDefined(region))
            return new TimeOffOutcome.Impossible();
        return await db.WriteAsync<TimeOffOutcome>(administrator, "practice.bank-holidays", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            var practice = await db.Practices.SingleAsync(row => row.Id == administrator.Practice, cancellationToken);
            var (time, today) = (practice.Time, practice.Time.DayOf(now));
            var (old, kept) = (Holidays(practice.BankHolidays, today), Holidays(region, today));
            var affected = await db.BookedAsync(On(kept.Keys), time, now, cancellationToken);
            if (!affected.AreSeen(seen))
                return new TimeOffOutcome.Affects(affected);
            db.Audit(nameof(Practice), practice.Id.Value, $$"""{"BankHolidays":"{{region}}"}""", before: $$"""{"BankHolidays":"{{practice.BankHolidays}}"}""");
            practice.Keep(region);
            await On(old.Keys.Except(kept.Keys)).ReopenAsync(BankHoliday, now);
            await On(kept.Keys).CloseAsync(BankHoliday, now);
            return new TimeOffOutcome.Done(affected.Count);
        }, cancellationToken);
    }

    private static SortedDictionary<DateOnly, string> Holidays(HolidayRegion region, DateOnly today) => Practices.BankHolidays.Between(region, today, today.AddDays(MostDays));

    private IQueryable<Slot> Within(PractitionerId? practitioner, DateOnly first, DateOnly last)
    {
        var slots = db.Slots.Where(slot => slot.Day >= first && slot.Day <= last);
        return practitioner is { } only ? slots.Where(slot => slot.PractitionerId == only) : slots;
    }

    private IQueryable<Slot> On(IEnumerable<DateOnly> days)
    {
        var list = days.ToList();
        return db.Slots.Where(slot => list.Contains(slot.Day));
    }

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff decide on leave and closures.");
    }
}
