using NodaTime;

namespace Telemedicine.Clinical.Practices;

/// <summary>Local days and times of one practice. Instants are stored in UTC; only here do they meet a zone.</summary>
public sealed class PracticeTime
{
    private readonly DateTimeZone _zone;

    private PracticeTime(DateTimeZone zone) => _zone = zone;

    /// <exception cref="NodaTime.TimeZones.DateTimeZoneNotFoundException">There is no such IANA zone.</exception>
    public static PracticeTime For(string ianaZone) => new(DateTimeZoneProviders.Tzdb[ianaZone]);

    /// <summary>The same instant, with the practice's offset: its Hour and Minute are what the clock on the wall shows.</summary>
    public DateTimeOffset ToLocal(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(_zone).ToDateTimeOffset();

    public DateTimeOffset? ToLocal(DateTimeOffset? instant) => instant is { } value ? ToLocal(value) : null;

    public DateOnly DayOf(DateTimeOffset instant) => Instant.FromDateTimeOffset(instant).InZone(_zone).Date.ToDateOnly();

    /// <summary>The first instant of the day and of the next: 23, 24 or 25 hours apart.</summary>
    public (DateTimeOffset Start, DateTimeOffset End) BoundsOf(DateOnly day)
    {
        var date = LocalDate.FromDateOnly(day);
        return (date.AtStartOfDayInZone(_zone).ToDateTimeOffset(), date.PlusDays(1).AtStartOfDayInZone(_zone).ToDateTimeOffset());
    }

    /// <summary>A time that the clocks skip moves on by the gap; of a time that comes twice it is the first.</summary>
    public DateTimeOffset At(DateOnly day, TimeOnly time) =>
        _zone.AtLeniently(LocalDate.FromDateOnly(day).At(LocalTime.FromTimeOnly(time))).ToDateTimeOffset();
}
