using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>How an appointment is held.</summary>
public enum DeliveryChannel
{
    Video = 1,
    Telephone = 2,
    InPerson = 4,
}

/// <summary>Something that can be booked, such as a GP consultation.</summary>
public sealed class HealthcareService : IAudited, IVersioned
{
    public const int NameLength = 200;
    public const int DescriptionLength = 2000;

    private string _name = "";
    private string _description = "";
    private int _durationMinutes;
    private DeliveryChannel[] _channels = [];

    public required HealthcareServiceId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required string Name { get => _name; init => _name = value; }

    /// <summary>Plain English, for patients.</summary>
    public required string Description { get => _description; init => _description = value; }

    /// <summary>Whole minutes, more than 0: the length of a slot.</summary>
    public required int DurationMinutes { get => _durationMinutes; init => _durationMinutes = value; }

    /// <summary>How it can be held, at least one.</summary>
    public required DeliveryChannel[] Channels { get => _channels; init => _channels = value; }

    /// <summary>An inactive service takes no new booking; its appointments stand.</summary>
    public bool IsActive { get; private set; } = true;

    public int Version { get; private set; }

    public TimeSpan Duration => TimeSpan.FromMinutes(DurationMinutes);

    public Guid AuditId => Id.Value;

    public bool Offers(DeliveryChannel channel) => Channels.Contains(channel);

    /// <summary>What is booked or published keeps its length.</summary>
    public void Change(string name, string description, int durationMinutes, DeliveryChannel[] channels) =>
        (_name, _description, _durationMinutes, _channels) = (name, description, durationMinutes, channels);

    public void Deactivate() => IsActive = false;

    public void Activate() => IsActive = true;
}

internal sealed class HealthcareServiceMapping : IEntityTypeConfiguration<HealthcareService>
{
    public void Configure(EntityTypeBuilder<HealthcareService> entity)
    {
        entity.Property(s => s.Name).HasMaxLength(HealthcareService.NameLength);
        entity.Property(s => s.Description).HasMaxLength(HealthcareService.DescriptionLength);
        entity.PrimitiveCollection(s => s.Channels).HasMaxLength(100);
        entity.Ignore(s => s.Duration);
        entity.HasIndex(s => new { s.PracticeId, s.Name }).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(s => s.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.ToTable(table => table.HasCheckConstraint("CK_Services_Duration", "[DurationMinutes] > 0"));
    }
}
