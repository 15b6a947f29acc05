using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Audit;

/// <summary>Who changed what, when and why. Rows are only ever added, in the transaction of the change.</summary>
public sealed class AuditEvent : IPracticeOwned
{
    /// <summary>Given by the database, rising: the order in which things happened.</summary>
    public long Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ActorRole ActorRole { get; init; }

    /// <summary>The value of the person's id; Guid.Empty for the platform.</summary>
    public required Guid ActorId { get; init; }

    /// <summary>The patient for whom a carer did it; null for everybody else.</summary>
    public PatientId? OnBehalfOf { get; init; }

    /// <summary>What was done, such as appointment.book.</summary>
    public required string Action { get; init; }

    /// <summary>The kind of thing that changed, such as Appointment.</summary>
    public required string Entity { get; init; }

    public required Guid EntityId { get; init; }

    public string? Reason { get; init; }

    /// <summary>JSON of the changed properties before; null for something new.</summary>
    public string? Before { get; init; }

    /// <summary>JSON of the changed properties after.</summary>
    public string? After { get; init; }
}

internal sealed class AuditEventMapping : IEntityTypeConfiguration<AuditEvent>
{
    public void Configure(EntityTypeBuilder<AuditEvent> entity)
    {
        entity.Property(audit => audit.Action).HasMaxLength(64);
        entity.Property(audit => audit.Entity).HasMaxLength(64);
        entity.Property(audit => audit.Reason).HasMaxLength(500);
        entity.HasIndex(audit => new { audit.PracticeId, audit.EntityId, audit.Id });
        entity.HasIndex(audit => new { audit.PracticeId, audit.At });
        entity.HasIndex(audit => new { audit.OnBehalfOf, audit.Id }).HasFilter("[OnBehalfOf] IS NOT NULL");
        entity.HasOne<Practice>().WithMany().HasForeignKey(audit => audit.PracticeId).OnDelete(DeleteBehavior.Restrict);
    }
}
