using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>A range of days of the practice.</summary>
/// <param name="Practitioner">Only this clinician's clinics; null for all.</param>
public sealed record PublishRequest(DateOnly First, DateOnly Last, PractitionerId? Practitioner);

/// <summary>Why a weekly clinic is not published on a day.</summary>
public enum NotPublished
{
    /// <summary>It is in the diary already.</summary>
    Already,

    /// <summary>The clinician has another clinic then.</summary>
    Clash,
    Leave,
    Closed,
    BankHoliday,
    ServiceWithdrawn,

    /// <summary>No time fits, as when the clocks skip its hour.</summary>
    NoTime,
}

/// <summary>A weekly clinic on a day of the range. Times carry the practice's offset.</summary>
/// <param name="Times">How many times it has, of a group counted once.</param>
/// <param name="Why">Null if it is published.</param>
/// <param name="Note">The leave's or closure's reason, or the bank holiday's name.</param>
public sealed record PublishDay(DateOnly Day, string PractitionerName, string ServiceName, DateTimeOffset Start, DateTimeOffset End, int Times, NotPublished? Why, string? Note);

public abstract record PublishOutcome
{
    /// <param name="Days">By day, then start.</param>
    public sealed record Planned(IReadOnlyList<PublishDay> Days) : PublishOutcome;

    public sealed record Published(int Clinics, int Times) : PublishOutcome;

    /// <summary>The range is past, the wrong way round, or longer than <see cref="ClinicPublisher.MostDays"/>.</summary>
    public sealed record Impossible : PublishOutcome;

    public sealed record NotFound : PublishOutcome;
}

/// <summary>Puts the weekly clinics into the diary, for a range of days. For practice staff.</summary>
public sealed class ClinicPublisher(ClinicalDbContext db, TimeProvider clock)
{
    public const int MostDays = 366;

    /// <summary>What publishing would do; nothing is changed.</summary>
    public async Task<PublishOutcome> PlanAsync(Actor staff, PublishRequest request, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        var (refusal, clinics) = await ClinicsAsync(staff, request, cancellationToken);
        return refusal ?? new PublishOutcome.Planned(clinics.ConvertAll(clinic => clinic.View));
    }

    /// <summary>Publishes every clinic that nothing stands against. The clinicians' rows are written first, so that two who publish at once do not put a clinician in two places.</summary>
    public async Task<PublishOutcome> PublishAsync(Actor staff, PublishRequest request, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        return await db.WriteAsync(staff, "clinic.publish", reason: null, async () =>
        {
            await db.Practitioners.Where(row => request.Practitioner == null || row.Id == request.Practitioner)
                .ExecuteUpdateAsync(set => set.SetProperty(row => row.Version, row => row.Version + 1), cancellationToken);
            var (refusal, clinics) = await ClinicsAsync(staff, request, cancellationToken);
            if (refusal is not null)
                return refusal;
            var open = clinics.FindAll(clinic => clinic.View.Why is null);
            foreach (var (schedule, slots) in open.Select(clinic => clinic.Session).OfType<(Schedule, IReadOnlyList<Slot>)>())
            {
                db.Schedules.Add(schedule);
                db.Slots.AddRange(slots);
            }

            return new PublishOutcome.Published(open.Count, open.Sum(clinic => clinic.View.Times));
        }, cancellationToken);
    }

    private async Task<(PublishOutcome? Refusal, List<Clinic> Clinics)> ClinicsAsync(Actor staff, PublishRequest request, CancellationToken cancellationToken)
    {
        var practice = await db.Practices.AsNoTracking().SingleAsync(row => row.Id == staff.Practice, cancellationToken);
        var time = practice.Time;
        var (first, last) = (request.First, request.Last);
        if (first < time.DayOf(clock.GetUtcNow()) || last < first || last.DayNumber - first.DayNumber >= MostDays)
            return (new PublishOutcome.Impossible(), []);
        if (request.Practitioner is { } only && !await db.Practitioners.AnyAsync(row => row.Id == only, cancellationToken))
            return (new PublishOutcome.NotFound(), []);

        var practitioners = await db.Practitioners.AsNoTracking().Where(row => row.EndedAt == null && (request.Practitioner == null || row.Id == request.Practitioner)).ToDictionaryAsync(row => row.Id, cancellationToken);
        var services = await db.Services.AsNoTracking().ToDictionaryAsync(row => row.Id, cancellationToken);
        var templates = await db.ClinicTemplates.AsNoTracking().Where(row => row.From <= last && (row.To == null || row.To >= first)).OrderBy(row => row.Start).ToListAsync(cancellationToken);
        var exceptions = await db.ClinicExceptions.AsNoTracking().Where(row => row.Day >= first && row.Day <= last).ToDictionaryAsync(row => (row.TemplateId, row.Day), cancellationToken);
        var off = await db.TimeOff.AsNoTracking().Where(row => row.First <= last && row.Last >= first).ToListAsync(cancellationToken);
        var (from, to) = (time.BoundsOf(first).Start, time.BoundsOf(last).End);
        var taken = (await db.Schedules.AsNoTracking().Where(row => row.End > from && row.Start < to).ToListAsync(cancellationToken)).ToLookup(row => row.PractitionerId);
        var holidays = BankHolidays.Between(practice.BankHolidays, first, last);
        var clinics = new List<Clinic>();
        for (var day = first; day <= last; day = day.AddDays(1))
        {
            foreach (var template in templates.Where(row => practitioners.ContainsKey(row.PractitionerId)))
            {
                var exception = exceptions.GetValueOrDefault((template.Id, day));
                if (template.HoursOn(day, exception) is not { } hours)
                    continue;
                var (practitioner, service) = (practitioners[template.PractitionerId], services[template.ServiceId]);
                var session = template.Publish(practitioner, service, day, hours, time);
                // Whoever gave the clinic hours of its own on a bank holiday means to hold it.
                var holiday = exception is null ? holidays.GetValueOrDefault(day) : null;
                var others = taken[practitioner.Id].Concat(clinics.Where(row => row.View.Why is null).Select(row => row.Session?.Schedule).OfType<Schedule>().Where(row => row.PractitionerId == practitioner.Id));
                var (why, note) = Against(session, template, service, others, off.Find(row => row.First <= day && row.Last >= day && (row.PractitionerId ?? practitioner.Id) == practitioner.Id), holiday);
                var times = session?.Slots.Select(slot => slot.Start).Distinct().Count() ?? 0;
                clinics.Add(new Clinic(session, new PublishDay(day, practitioner.DisplayName, service.Name, time.ToLocal(time.At(day, hours.Start)), time.ToLocal(time.At(day, hours.End)), times, why, note)));
            }
        }

        return (null, clinics);
    }

    private static (NotPublished? Why, string? Note) Against(
        (Schedule Schedule, IReadOnlyList<Slot> Slots)? session, ClinicTemplate template, HealthcareService service, IEnumerable<Schedule> others, TimeOff? off, string? holiday)
    {
        if (session is not var (schedule, slots) || slots.Count == 0)
            return (NotPublished.NoTime, null);
        var clash = others.FirstOrDefault(other => other.Start < schedule.End && other.End > schedule.Start);
        if (clash is not null)
            return (clash.TemplateId == template.Id ? NotPublished.Already : NotPublished.Clash, null);
        if (off is not null)
            return (off.PractitionerId is null ? NotPublished.Closed : NotPublished.Leave, off.Reason);
        if (holiday is not null)
            return (NotPublished.BankHoliday, holiday);
        return (service.IsActive ? null : NotPublished.ServiceWithdrawn, null);
    }

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff publish clinics.");
    }

    private sealed record Clinic((Schedule Schedule, IReadOnlyList<Slot> Slots)? Session, PublishDay View);
}
