using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>A clinician's session on a day, also called a clinic. It may run over midnight.</summary>
public sealed class Schedule : IAudited, IVersioned
{
    public required ScheduleId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required PractitionerId PractitionerId { get; init; }

    public required HealthcareServiceId ServiceId { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    /// <summary>A session and its slots, one after the other from <paramref name="firstSlot"/>, each as long as the service takes; a rest that is too short for one stays empty.</summary>
    /// <exception cref="ArgumentException">It ends before it starts, or service and clinician belong to different practices.</exception>
    public static (Schedule Schedule, IReadOnlyList<Slot> Slots) Publish(
        Practitioner practitioner, HealthcareService service, DateTimeOffset start, DateTimeOffset end, PracticeTime time, DateTimeOffset? firstSlot = null)
    {
        if (end <= start)
            throw new ArgumentException("A session ends after it starts.", nameof(end));
        if (practitioner.PracticeId != service.PracticeId)
            throw new ArgumentException("The clinician and the service belong to different practices.", nameof(service));

        var schedule = new Schedule
        {
            Id = ScheduleId.New(),
            PracticeId = practitioner.PracticeId,
            PractitionerId = practitioner.Id,
            ServiceId = service.Id,
            Start = start,
            End = end,
        };
        var slots = new List<Slot>();
        for (var at = firstSlot ?? start; at + service.Duration <= end; at += service.Duration)
            slots.Add(new Slot
            {
                Id = SlotId.New(),
                PracticeId = schedule.PracticeId,
                ScheduleId = schedule.Id,
                ServiceId = service.Id,
                PractitionerId = practitioner.Id,
                Day = time.DayOf(at),
                Start = at,
                End = at + service.Duration,
            });
        return (schedule, slots);
    }
}

internal sealed class ScheduleMapping : IEntityTypeConfiguration<Schedule>
{
    public void Configure(EntityTypeBuilder<Schedule> entity)
    {
        entity.HasIndex(s => new { s.PractitionerId, s.Start }).IsUnique();
        entity.HasIndex(s => new { s.PracticeId, s.Start });
        entity.HasOne<Practice>().WithMany().HasForeignKey(s => s.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(s => s.PractitionerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<HealthcareService>().WithMany().HasForeignKey(s => s.ServiceId).OnDelete(DeleteBehavior.Restrict);
        entity.ToTable(table => table.HasCheckConstraint("CK_Schedules_Period", "[End] > [Start]"));
    }
}
