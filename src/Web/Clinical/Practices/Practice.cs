using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Clinical.Practices;

public sealed class Practice
{
    public required PracticeId Id { get; init; }

    public required string Name { get; init; }

    /// <summary>IANA zone, such as Europe/London: the zone of every local day and time of this practice.</summary>
    public required string TimeZone { get; init; }

    public string? Phone { get; init; }

    public PracticeTime Time => PracticeTime.For(TimeZone);
}

internal sealed class PracticeMapping : IEntityTypeConfiguration<Practice>
{
    public void Configure(EntityTypeBuilder<Practice> entity)
    {
        entity.Property(p => p.Name).HasMaxLength(200);
        entity.Property(p => p.TimeZone).HasMaxLength(64);
        entity.Property(p => p.Phone).HasMaxLength(32);
        entity.Ignore(p => p.Time);
    }
}
