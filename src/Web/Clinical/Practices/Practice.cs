using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Clinical.Practices;

public sealed class Practice
{
    public const int NameLength = 200;
    public const int PhoneLength = 32;

    public required PracticeId Id { get; init; }

    public required string Name { get; init; }

    /// <summary>IANA zone, such as Europe/London: the zone of every local day and time of this practice.</summary>
    public required string TimeZone { get; init; }

    public string? Phone { get; init; }

    /// <summary>No clinics are published on these days.</summary>
    public HolidayRegion BankHolidays { get; private set; }

    public PracticeTime Time => PracticeTime.For(TimeZone);

    public void Keep(HolidayRegion bankHolidays) => BankHolidays = bankHolidays;
}

internal sealed class PracticeMapping : IEntityTypeConfiguration<Practice>
{
    public void Configure(EntityTypeBuilder<Practice> entity)
    {
        entity.Property(p => p.Name).HasMaxLength(Practice.NameLength);
        entity.Property(p => p.TimeZone).HasMaxLength(64);
        entity.Property(p => p.Phone).HasMaxLength(Practice.PhoneLength);
        entity.Ignore(p => p.Time);
    }
}
