using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Practices;

/// <summary>A clinician of a practice.</summary>
public sealed class Practitioner : IAudited, IVersioned
{
    public required PractitionerId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>The OpenID subject of who signs in as this clinician; null while nobody does.</summary>
    public string? Subject { get; init; }

    public string? Title { get; init; }

    public required string GivenName { get; init; }

    public required string FamilyName { get; init; }

    /// <summary>In words: General practitioner, Physiotherapist, Practice nurse.</summary>
    public string? Profession { get; init; }

    /// <summary>What this clinician offers.</summary>
    public ICollection<HealthcareService> Services { get; } = [];

    public int Version { get; private set; }

    public string DisplayName => PersonName.Of(Title, GivenName, FamilyName);

    public Guid AuditId => Id.Value;
}

internal sealed class PractitionerMapping : IEntityTypeConfiguration<Practitioner>
{
    public void Configure(EntityTypeBuilder<Practitioner> entity)
    {
        entity.Property(p => p.Subject).HasMaxLength(255);
        entity.Property(p => p.Title).HasMaxLength(20);
        entity.Property(p => p.GivenName).HasMaxLength(100);
        entity.Property(p => p.FamilyName).HasMaxLength(100);
        entity.Property(p => p.Profession).HasMaxLength(100);
        entity.HasIndex(p => p.Subject).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(p => p.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasMany(p => p.Services).WithMany().UsingEntity("PractitionerServices");
    }
}
