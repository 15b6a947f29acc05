using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Consultations;

/// <summary>A clinician had the board of their clinic open, from the first to the last time that its page asked for it.</summary>
public sealed class ClinicSighting : IPracticeOwned
{
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required ScheduleId ScheduleId { get; init; }

    public required DateTimeOffset From { get; init; }

    public required DateTimeOffset To { get; set; }
}

/// <summary>Notes when clinicians have their own clinic's board open: with the call's events, the evidence that they were there.</summary>
public sealed class ClinicSightings(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>The page asks once a minute, browsers that hide it somewhat later: what is further apart is two stays.</summary>
    public static readonly TimeSpan Apart = TimeSpan.FromSeconds(150);

    /// <summary>One write for many changes of the board.</summary>
    private static readonly TimeSpan Often = TimeSpan.FromSeconds(20);

    /// <summary>Has no effect unless it is the actor's own clinic, and about its time.</summary>
    public async Task NoteAsync(Actor actor, ScheduleId clinic, CancellationToken cancellationToken)
    {
        if (actor.AsPractitioner is not { } self)
            return;
        db.ActFor(actor);
        var now = clock.GetUtcNow();
        var (opens, closes) = (now + JoinWindow.Before, now - JoinWindow.After);
        if (!await db.Schedules.AnyAsync(row => row.Id == clinic && row.PractitionerId == self && row.Start <= opens && row.End >= closes, cancellationToken))
            return;
        var recent = now - Often;
        if (await db.ClinicSightings.AnyAsync(row => row.ScheduleId == clinic && row.To >= recent, cancellationToken))
            return;
        await db.WriteAsync(actor, "clinic.seen", reason: null, async () =>
        {
            var open = now - Apart;
            if (await db.ClinicSightings.Where(row => row.ScheduleId == clinic && row.To >= open).OrderByDescending(row => row.To).FirstOrDefaultAsync(cancellationToken) is { } last)
                last.To = now > last.To ? now : last.To;
            else
                db.ClinicSightings.Add(new ClinicSighting { Id = Guid.CreateVersion7(), PracticeId = actor.Practice, ScheduleId = clinic, From = now, To = now });
            return true;
        }, cancellationToken);
    }
}

internal sealed class ClinicSightingMapping : IEntityTypeConfiguration<ClinicSighting>
{
    public void Configure(EntityTypeBuilder<ClinicSighting> entity)
    {
        entity.Property(sighting => sighting.Id).ValueGeneratedNever();
        entity.HasIndex(sighting => new { sighting.ScheduleId, sighting.To });
        entity.HasOne<Practice>().WithMany().HasForeignKey(sighting => sighting.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Schedule>().WithMany().HasForeignKey(sighting => sighting.ScheduleId).OnDelete(DeleteBehavior.Cascade);
    }
}
