using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.WaitingList;

/// <summary>How long an offer stands.</summary>
public static class OfferTime
{
    /// <summary>A time that starts sooner is not offered: nobody could answer and be there.</summary>
    public static readonly TimeSpan LeastNotice = TimeSpan.FromHours(1);

    /// <summary>By day.</summary>
    public static readonly TimeSpan ToAnswer = TimeSpan.FromHours(2);

    /// <summary>The answer is in this long before the start at the latest.</summary>
    public static readonly TimeSpan BeforeStart = TimeSpan.FromMinutes(30);

    /// <summary>The slot stays held this much longer than the offer stands, so that it reaches the next in line and not whoever looks at that moment. If nobody passes it on, it is free then.</summary>
    public static readonly TimeSpan ToPassOn = TimeSpan.FromMinutes(5);

    private static readonly TimeOnly Evening = new(20, 0);
    private static readonly TimeOnly Morning = new(10, 0);

    /// <summary>Two hours; over night until ten in the morning, since people sleep; and never later than half an hour before the start.</summary>
    public static DateTimeOffset Until(DateTimeOffset now, DateTimeOffset start, PracticeTime time)
    {
        var until = now + ToAnswer;
        var today = time.DayOf(now);
        if (until > time.At(today, Evening))
            until = time.At(today.AddDays(1), Morning);
        else if (now < time.At(today, Morning) - ToAnswer)
            until = time.At(today, Morning);
        var latest = start - BeforeStart;
        return until < latest ? until : latest;
    }
}
