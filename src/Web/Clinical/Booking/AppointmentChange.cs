using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Booking;

/// <summary>What an appointment was from then on. The context adds a row whenever status, time or channel change, in the same transaction; rows are never changed.</summary>
public sealed class AppointmentChange : IPracticeOwned
{
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    /// <summary>The appointment's version with this change: rising, not without gaps.</summary>
    public required int Version { get; init; }

    public required AppointmentStatus Status { get; init; }

    public required SlotId SlotId { get; init; }

    public required PractitionerId PractitionerId { get; init; }

    public required DateTimeOffset Start { get; init; }

    public required DateTimeOffset End { get; init; }

    public required DeliveryChannel Channel { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ActorRole ActorRole { get; init; }

    /// <summary>What was done, such as appointment.move.</summary>
    public required string Action { get; init; }

    public string? Reason { get; init; }
}

internal sealed class AppointmentChangeMapping : IEntityTypeConfiguration<AppointmentChange>
{
    public void Configure(EntityTypeBuilder<AppointmentChange> entity)
    {
        entity.Property(change => change.Id).ValueGeneratedNever();
        entity.Property(change => change.Action).HasMaxLength(64);
        entity.Property(change => change.Reason).HasMaxLength(Appointment.ReasonLength);
        entity.HasIndex(change => new { change.AppointmentId, change.Version }).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(change => change.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(change => change.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
