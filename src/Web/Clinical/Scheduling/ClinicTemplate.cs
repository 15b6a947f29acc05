using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>A break of a clinic, in the practice's time.</summary>
public sealed record ClinicBreak(TimeOnly Start, TimeOnly End);

/// <summary>What a weekly clinic is like, in the practice's time.</summary>
/// <param name="Days">On which days of the week, at least one.</param>
/// <param name="SlotMinutes">5 to 480: how long each time takes; null for as long as the service does.</param>
/// <param name="Channels">How it is held, of the ways of the service; empty for all of them.</param>
/// <param name="Breaks">Within the clinic, by start, none in another.</param>
/// <param name="To">The last day; null if there is no end.</param>
public sealed record TemplateDetails(
    PractitionerId Practitioner,
    HealthcareServiceId Service,
    IReadOnlyList<DayOfWeek> Days,
    TimeOnly Start,
    TimeOnly End,
    int? SlotMinutes,
    IReadOnlyList<DeliveryChannel> Channels,
    IReadOnlyList<ClinicBreak> Breaks,
    DateOnly From,
    DateOnly? To)
{
    public bool IsPossible => Days.Count > 0 && Days.All(day => Enum.IsDefined(day)) && Start < End && !(To < From)
        && SlotMinutes is null or >= ServiceAdministration.ShortestMinutes and <= ServiceAdministration.LongestMinutes
        && Channels.All(channel => Enum.IsDefined(channel))
        && Breaks.Count <= ClinicTemplate.MostBreaks
        && Breaks.All(pause => pause.Start < pause.End && pause.Start >= Start && pause.End <= End)
        && Breaks.Zip(Breaks.Skip(1)).All(pair => pair.First.End <= pair.Second.Start);
}

/// <summary>A clinic that is held every week. What is published from it stands on its own: it changes only as <see cref="ClinicTemplates"/> says.</summary>
public sealed class ClinicTemplate : IAudited, IVersioned
{
    public const int MostBreaks = 5;

    public required ClinicTemplateId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required PractitionerId PractitionerId { get; init; }

    public HealthcareServiceId ServiceId { get; private set; }

    public DayOfWeek[] Days { get; private set; } = [];

    public TimeOnly Start { get; private set; }

    public TimeOnly End { get; private set; }

    public int? SlotMinutes { get; private set; }

    /// <summary>Null for all ways of the service.</summary>
    public DeliveryChannel[]? Channels { get; private set; }

    /// <summary>By start.</summary>
    public IReadOnlyList<ClinicBreak> Breaks { get; private set; } = [];

    public DateOnly From { get; private set; }

    /// <summary>The last day; null if there is no end.</summary>
    public DateOnly? To { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    /// <summary>Its clinician stays: another clinician's clinic is another clinic.</summary>
    /// <exception cref="ArgumentException">Such a clinic cannot be held.</exception>
    public void Change(TemplateDetails details)
    {
        if (!details.IsPossible)
            throw new ArgumentException("Such a clinic cannot be held.", nameof(details));
        (ServiceId, Days, Start, End, SlotMinutes) = (details.Service, [.. details.Days.Distinct().Order()], details.Start, details.End, details.SlotMinutes);
        (Channels, Breaks, From, To) = (details.Channels.Count == 0 ? null : [.. details.Channels.Distinct()], details.Breaks, details.From, details.To);
    }

    /// <summary>From the day after on it is not held any more.</summary>
    public void EndOn(DateOnly last)
    {
        if (To is null || To > last)
            To = last;
    }

    /// <summary>When it is held on this day; null if it is not.</summary>
    /// <param name="exception">What differs on this day, if anything.</param>
    public (TimeOnly Start, TimeOnly End)? HoursOn(DateOnly day, ClinicException? exception)
    {
        if (day < From || day > To)
            return null;
        if (exception is not null)
            return exception is { Start: { } start, End: { } end } ? (start, end) : null;
        return Days.Contains(day.DayOfWeek) ? (Start, End) : null;
    }

    /// <summary>The session of this day; null if the clock change leaves nothing of it.</summary>
    public (Schedule Schedule, IReadOnlyList<Slot> Slots)? Publish(Practitioner practitioner, HealthcareService service, DateOnly day, (TimeOnly Start, TimeOnly End) hours, PracticeTime time)
    {
        var (start, end) = (time.At(day, hours.Start), time.At(day, hours.End));
        if (end <= start)
            return null;
        var shape = new SessionShape(
            SlotMinutes is { } minutes ? TimeSpan.FromMinutes(minutes) : null, Channels, [.. Breaks.Select(pause => (time.At(day, pause.Start), time.At(day, pause.End)))], Id);
        return Schedule.Publish(practitioner, service, start, end, time, shape: shape);
    }

    /// <summary>Whether a time that was published from it still belongs to it.</summary>
    /// <param name="exception">What differs on the slot's day, if anything.</param>
    public bool Fits(Slot slot, ClinicException? exception, PracticeTime time)
    {
        if (slot.ServiceId != ServiceId || HoursOn(slot.Day, exception) is not { } hours)
            return false;
        return slot.Start >= time.At(slot.Day, hours.Start) && slot.End <= time.At(slot.Day, hours.End)
            && !Breaks.Any(pause => time.At(slot.Day, pause.Start) < slot.End && time.At(slot.Day, pause.End) > slot.Start);
    }
}

/// <summary>A day on which a weekly clinic is not held, or at other hours.</summary>
public sealed class ClinicException : IAudited
{
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required ClinicTemplateId TemplateId { get; init; }

    public required DateOnly Day { get; init; }

    /// <summary>Null if it is not held.</summary>
    public required TimeOnly? Start { get; init; }

    public required TimeOnly? End { get; init; }

    public Guid AuditId => Id;
}

internal sealed class ClinicTemplateMapping : IEntityTypeConfiguration<ClinicTemplate>
{
    public void Configure(EntityTypeBuilder<ClinicTemplate> entity)
    {
        entity.PrimitiveCollection(template => template.Days).HasMaxLength(100);
        entity.PrimitiveCollection(template => template.Channels).HasMaxLength(100);
        entity.Property(template => template.Breaks).HasMaxLength(100).HasConversion(
            breaks => Text(breaks),
            text => Read(text),
            new ValueComparer<IReadOnlyList<ClinicBreak>>((one, other) => one != null && other != null && one.SequenceEqual(other), breaks => breaks.Count, breaks => breaks));
        entity.HasIndex(template => new { template.PracticeId, template.PractitionerId });
        entity.HasOne<Practice>().WithMany().HasForeignKey(template => template.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(template => template.PractitionerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<HealthcareService>().WithMany().HasForeignKey(template => template.ServiceId).OnDelete(DeleteBehavior.Restrict);
    }

    /// <summary>12:00-12:15,15:00-15:10.</summary>
    private static string Text(IReadOnlyList<ClinicBreak> breaks) =>
        string.Join(',', breaks.Select(pause => string.Create(CultureInfo.InvariantCulture, $"{pause.Start:HH:mm}-{pause.End:HH:mm}")));

    private static List<ClinicBreak> Read(string text) =>
    [
        .. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(pause => new ClinicBreak(
            TimeOnly.ParseExact(pause[..5], "HH:mm", CultureInfo.InvariantCulture), TimeOnly.ParseExact(pause[6..], "HH:mm", CultureInfo.InvariantCulture))),
    ];
}

internal sealed class ClinicExceptionMapping : IEntityTypeConfiguration<ClinicException>
{
    public void Configure(EntityTypeBuilder<ClinicException> entity)
    {
        entity.Property(exception => exception.Id).ValueGeneratedNever();
        entity.HasIndex(exception => new { exception.TemplateId, exception.Day }).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(exception => exception.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<ClinicTemplate>().WithMany().HasForeignKey(exception => exception.TemplateId).OnDelete(DeleteBehavior.Restrict);
    }
}
