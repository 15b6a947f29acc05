using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>A weekly pattern of clinics over a range of days, in the practice's time.</summary>
/// <param name="Days">On which days of the week, at least one.</param>
/// <param name="Break">Times that would run into it are left out.</param>
/// <param name="Except">Days without a clinic, such as bank holidays and leave.</param>
public sealed record PublishRequest(
    PractitionerId Practitioner,
    HealthcareServiceId Service,
    DateOnly First,
    DateOnly Last,
    IReadOnlyList<DayOfWeek> Days,
    TimeOnly Start,
    TimeOnly End,
    (TimeOnly Start, TimeOnly End)? Break,
    IReadOnlyList<DateOnly> Except);

/// <summary>A day of the range that fits the pattern.</summary>
/// <param name="Times">How many times it would have; 0 if the clinician has another clinic then.</param>
/// <param name="Clash">The other clinic's start, with the practice's offset; null if there is none.</param>
public sealed record PublishDay(DateOnly Day, int Times, DateTimeOffset? Clash);

public abstract record PublishOutcome
{
    /// <param name="Days">In order; those that clash are not published.</param>
    public sealed record Planned(IReadOnlyList<PublishDay> Days) : PublishOutcome;

    public sealed record Published(int Clinics, int Times) : PublishOutcome;

    /// <summary>Something is the wrong way round or out of its bounds: the range (at most <see cref="ClinicPublisher.MostDays"/> days, none of them past), the times or the break.</summary>
    public sealed record Impossible : PublishOutcome;

    /// <summary>The clinician does not offer the service, or it takes no bookings.</summary>
    public sealed record NotOffered : PublishOutcome;

    public sealed record NotFound : PublishOutcome;
}

/// <summary>Makes clinics from a weekly pattern. For practice staff.</summary>
public sealed class ClinicPublisher(ClinicalDbContext db, TimeProvider clock)
{
    public const int MostDays = 366;

    /// <summary>What publishing would do; nothing is changed.</summary>
    public async Task<PublishOutcome> PlanAsync(Actor staff, PublishRequest request, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        db.ActFor(staff);
        var (refusal, clinics) = await ClinicsAsync(staff, request, cancellationToken);
        return refusal ?? new PublishOutcome.Planned([.. clinics.Select(clinic => new PublishDay(clinic.Day, clinic.Clash is null ? clinic.Slots.Count : 0, clinic.Clash))]);
    }

    /// <summary>Publishes every clinic of the pattern that does not clash with another of the clinician: nobody is in two places.</summary>
    public async Task<PublishOutcome> PublishAsync(Actor staff, PublishRequest request, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        return await db.WriteAsync(staff, "clinic.publish", reason: null, async () =>
        {
            var (refusal, clinics) = await ClinicsAsync(staff, request, cancellationToken);
            if (refusal is not null)
                return refusal;
            var open = clinics.FindAll(clinic => clinic.Clash is null && clinic.Slots.Count > 0);
            foreach (var clinic in open)
            {
                db.Schedules.Add(clinic.Schedule);
                db.Slots.AddRange(clinic.Slots);
            }

            return new PublishOutcome.Published(open.Count, open.Sum(clinic => clinic.Slots.Count));
        }, cancellationToken);
    }

    private async Task<(PublishOutcome? Refusal, List<Clinic> Clinics)> ClinicsAsync(Actor staff, PublishRequest request, CancellationToken cancellationToken)
    {
        var time = await db.TimeOfAsync(staff, cancellationToken);
        var today = time.DayOf(clock.GetUtcNow());
        if (request.First < today || request.Last < request.First || request.Last.DayNumber - request.First.DayNumber >= MostDays || request.Days.Count == 0
            || request.End <= request.Start || request.Break is { } pause && (pause.End <= pause.Start || pause.Start < request.Start || pause.End > request.End))
            return (new PublishOutcome.Impossible(), []);
        if (await db.Practitioners.Include(row => row.Services).SingleOrDefaultAsync(row => row.Id == request.Practitioner, cancellationToken) is not { } practitioner)
            return (new PublishOutcome.NotFound(), []);
        if (practitioner.Services.FirstOrDefault(row => row.Id == request.Service) is not { IsActive: true } service)
            return (new PublishOutcome.NotOffered(), []);

        var (from, to) = (time.BoundsOf(request.First).Start, time.BoundsOf(request.Last).End);
        var others = await db.Schedules.AsNoTracking().Where(row => row.PractitionerId == request.Practitioner && row.End > from && row.Start < to)
            .OrderBy(row => row.Start).Select(row => new { row.Start, row.End }).ToListAsync(cancellationToken);
        var clinics = new List<Clinic>();
        for (var day = request.First; day <= request.Last; day = day.AddDays(1))
        {
            if (!request.Days.Contains(day.DayOfWeek) || request.Except.Contains(day))
                continue;
            var (start, end) = (time.At(day, request.Start), time.At(day, request.End));
            // On the day the clocks go forward a clinic within the skipped hour has no time at all.
            if (end <= start)
                continue;
            var (schedule, slots) = Schedule.Publish(practitioner, service, start, end, time);
            if (request.Break is { } rest)
            {
                var (pauses, goesOn) = (time.At(day, rest.Start), time.At(day, rest.End));
                slots = [.. slots.Where(slot => slot.End <= pauses || slot.Start >= goesOn)];
            }

            var clash = others.Find(other => other.Start < end && other.End > start);
            clinics.Add(new Clinic(day, schedule, slots, clash is null ? null : time.ToLocal(clash.Start)));
        }

        return (null, clinics);
    }

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff publish clinics.");
    }

    private sealed record Clinic(DateOnly Day, Schedule Schedule, IReadOnlyList<Slot> Slots, DateTimeOffset? Clash);
}
