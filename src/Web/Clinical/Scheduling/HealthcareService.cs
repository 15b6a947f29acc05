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

/// <summary>Who may book a service. Practice staff always may.</summary>
public enum Bookers
{
    /// <summary>Whoever signs in.</summary>
    Anyone,

    /// <summary>Patients whose NHS number the practice knows.</summary>
    RegisteredPatients,

    /// <summary>Nobody books it for themself.</summary>
    StaffOnly,
}

/// <summary>By what rules a service is booked.</summary>
/// <param name="MinimumNoticeHours">A patient books at least so long before the start: 0 to 672.</param>
/// <param name="HorizonDays">A patient books at most so many days ahead: 1 to 365.</param>
/// <param name="BufferBeforeMinutes">Kept free before each time: 0 to 120.</param>
/// <param name="BufferAfterMinutes">Kept free after each time: 0 to 120.</param>
/// <param name="GroupSize">How many patients share a time: 1 to 100.</param>
/// <param name="PricePence">What the practice asks for; 0 for nothing.</param>
/// <param name="LateFeePence">What it asks for when a patient cancels late or does not come; 0 for nothing.</param>
/// <param name="LateNoticeHours">Cancelled less than so long before the start is late: 1 to 168.</param>
public sealed record ServiceRules(
    Bookers BookedBy = Bookers.Anyone, int MinimumNoticeHours = 0, int HorizonDays = HealthcareService.LongestHorizonDays,
    int BufferBeforeMinutes = 0, int BufferAfterMinutes = 0, int GroupSize = 1, int PricePence = 0, int LateFeePence = 0, int LateNoticeHours = 24)
{
    public bool IsWithinBounds => Enum.IsDefined(BookedBy)
        && MinimumNoticeHours is >= 0 and <= HealthcareService.LongestNoticeHours
        && HorizonDays is >= 1 and <= HealthcareService.LongestHorizonDays
        && BufferBeforeMinutes is >= 0 and <= HealthcareService.LongestBufferMinutes
        && BufferAfterMinutes is >= 0 and <= HealthcareService.LongestBufferMinutes
        && GroupSize is >= 1 and <= HealthcareService.LargestGroup
        && PricePence is >= 0 and <= HealthcareService.HighestPricePence
        && LateFeePence is >= 0 and <= HealthcareService.HighestPricePence
        && LateNoticeHours is >= 1 and <= HealthcareService.LongestLateNoticeHours;
}

/// <summary>Something that can be booked, such as a GP consultation.</summary>
public sealed class HealthcareService : IAudited, IVersioned
{
    public const int NameLength = 200;
    public const int DescriptionLength = 2000;
    public const int LongestNoticeHours = 672;
    public const int LongestHorizonDays = 365;
    public const int LongestBufferMinutes = 120;
    public const int LargestGroup = 100;
    public const int HighestPricePence = 1_000_000;
    public const int LongestLateNoticeHours = 168;

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

    public Bookers BookedBy { get; private set; }

    public int MinimumNoticeHours { get; private set; }

    public int HorizonDays { get; private set; } = LongestHorizonDays;

    public int BufferBeforeMinutes { get; private set; }

    public int BufferAfterMinutes { get; private set; }

    public int GroupSize { get; private set; } = 1;

    public int PricePence { get; private set; }

    public int LateFeePence { get; private set; }

    public int LateNoticeHours { get; private set; } = 24;

    public TimeSpan LateNotice => TimeSpan.FromHours(LateNoticeHours);

    /// <summary>An inactive service takes no new booking; its appointments stand.</summary>
    public bool IsActive { get; private set; } = true;

    public int Version { get; private set; }

    public TimeSpan MinimumNotice => TimeSpan.FromHours(MinimumNoticeHours);

    public ServiceRules Rules => new(BookedBy, MinimumNoticeHours, HorizonDays, BufferBeforeMinutes, BufferAfterMinutes, GroupSize, PricePence, LateFeePence, LateNoticeHours);

    public TimeSpan Duration => TimeSpan.FromMinutes(DurationMinutes);

    public Guid AuditId => Id.Value;

    public bool Offers(DeliveryChannel channel) => Channels.Contains(channel);

    /// <summary>Who may book, when and for how much counts from now on; what is published keeps its places and the gaps around it.</summary>
    /// <exception cref="ArgumentException">Something is out of its bounds.</exception>
    public void BookBy(ServiceRules rules)
    {
        if (!rules.IsWithinBounds)
            throw new ArgumentException("A rule is out of its bounds.", nameof(rules));
        (BookedBy, MinimumNoticeHours, HorizonDays) = (rules.BookedBy, rules.MinimumNoticeHours, rules.HorizonDays);
        (BufferBeforeMinutes, BufferAfterMinutes, GroupSize) = (rules.BufferBeforeMinutes, rules.BufferAfterMinutes, rules.GroupSize);
        (PricePence, LateFeePence, LateNoticeHours) = (rules.PricePence, rules.LateFeePence, rules.LateNoticeHours);
    }

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
        entity.Ignore(s => s.LateNotice);
        entity.Ignore(s => s.MinimumNotice);
        entity.Ignore(s => s.Rules);
        entity.HasIndex(s => new { s.PracticeId, s.Name }).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(s => s.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.ToTable(table => table.HasCheckConstraint("CK_Services_Duration", "[DurationMinutes] > 0"));
    }
}
