using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>How a session differs from what its service says.</summary>
/// <param name="SlotLength">How long each time takes; null for as long as the service does.</param>
/// <param name="Channels">How it is held; null for every way of the service.</param>
/// <param name="Breaks">Nobody is seen within them; by start.</param>
/// <param name="Template">What it is published from.</param>
public sealed record SessionShape(
    TimeSpan? SlotLength = null, DeliveryChannel[]? Channels = null, IReadOnlyList<(DateTimeOffset Start, DateTimeOffset End)>? Breaks = null, ClinicTemplateId? Template = null);

/// <summary>A clinician's session on a day, also called a clinic. It may run over midnight.</summary>
public sealed class Schedule : IAudited, IVersioned
{
    public required ScheduleId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required PractitionerId PractitionerId { get; init; }

    public required HealthcareServiceId ServiceId { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    /// <summary>How it is held, of the ways of its service; null for all of them.</summary>
    public DeliveryChannel[]? Channels { get; init; }

    /// <summary>The weekly clinic that it was published from; null if it is none.</summary>
    public ClinicTemplateId? TemplateId { get; init; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    /// <summary>
    /// A session and its slots, one after the other from <paramref name="firstSlot"/>: each with the service's buffers around it, and with a place for each of a group. What would
    /// run into a break begins after it; a rest that is too short for a time stays empty.
    /// </summary>
    /// <exception cref="ArgumentException">It ends before it starts, or service and clinician belong to different practices.</exception>
    public static (Schedule Schedule, IReadOnlyList<Slot> Slots) Publish(
        Practitioner practitioner, HealthcareService service, DateTimeOffset start, DateTimeOffset end, PracticeTime time, DateTimeOffset? firstSlot = null, SessionShape? shape = null)
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
            Channels = shape?.Channels,
            TemplateId = shape?.Template,
        };
        var length = shape?.SlotLength ?? service.Duration;
        var (before, after) = (TimeSpan.FromMinutes(service.BufferBeforeMinutes), TimeSpan.FromMinutes(service.BufferAfterMinutes));
        var whole = before + length + after;
        var slots = new List<Slot>();
        var at = firstSlot - before ?? start;
        while (at + whole <= end)
        {
            if (shape?.Breaks?.FirstOrDefault(pause => pause.Start < at + whole && pause.End > at) is { } rest && rest.End > at)
            {
                at = rest.End;
                continue;
            }

            for (var seat = 0; seat < service.GroupSize; seat++)
                slots.Add(new Slot
                {
                    Id = SlotId.New(),
                    PracticeId = schedule.PracticeId,
                    ScheduleId = schedule.Id,
                    ServiceId = service.Id,
                    PractitionerId = practitioner.Id,
                    Day = time.DayOf(at + before),
                    Start = at + before,
                    End = at + before + length,
                    Seat = seat,
                });
            at += whole;
        }

        return (schedule, slots);
    }

    /// <summary>How it is held.</summary>
    /// <param name="service">The ways of its service.</param>
    public static DeliveryChannel[] ChannelsOf(DeliveryChannel[]? clinic, DeliveryChannel[] service) => clinic is null ? service : [.. service.Where(clinic.Contains)];
}

internal sealed class ScheduleMapping : IEntityTypeConfiguration<Schedule>
{
    public void Configure(EntityTypeBuilder<Schedule> entity)
    {
        entity.PrimitiveCollection(s => s.Channels).HasMaxLength(100);
        entity.HasIndex(s => new { s.PractitionerId, s.Start }).IsUnique();
        entity.HasIndex(s => new { s.TemplateId, s.Start });
        entity.HasOne<ClinicTemplate>().WithMany().HasForeignKey(s => s.TemplateId).OnDelete(DeleteBehavior.Restrict);
        entity.HasIndex(s => new { s.PracticeId, s.Start });
        entity.HasOne<Practice>().WithMany().HasForeignKey(s => s.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(s => s.PractitionerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<HealthcareService>().WithMany().HasForeignKey(s => s.ServiceId).OnDelete(DeleteBehavior.Restrict);
        entity.ToTable(table => table.HasCheckConstraint("CK_Schedules_Period", "[End] > [Start]"));
    }
}
