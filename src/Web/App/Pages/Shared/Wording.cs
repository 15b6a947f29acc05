using System.Globalization;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>Days and times as people read them. Instants must carry the practice's offset already.</summary>
public static class Wording
{
    private static readonly CultureInfo English = CultureInfo.GetCultureInfo("en-GB");

    /// <summary>9am, 9:20am, midday, midnight.</summary>
    public static string Clock(this DateTimeOffset local) => (local.Hour, local.Minute) switch
    {
        (0, 0) => "midnight",
        (12, 0) => "midday",
        (_, 0) => local.ToString("%htt", English).ToLowerInvariant(),
        _ => local.ToString("h:mmtt", English).ToLowerInvariant(),
    };

    public static string Clock(this TimeOnly time) => new DateTimeOffset(DateOnly.MinValue, time, TimeSpan.Zero).Clock();

    /// <summary>Monday 2 March 2026.</summary>
    public static string LongDay(this DateTimeOffset local) => local.ToString("dddd d MMMM yyyy", English);

    public static string LongDay(this DateOnly day) => day.ToString("dddd d MMMM yyyy", English);

    /// <summary>2 March 2026.</summary>
    public static string ShortDay(this DateOnly day) => day.ToString("d MMMM yyyy", English);

    /// <summary>Monday 2 March 2026 at 9:20am.</summary>
    public static string DayAndTime(this DateTimeOffset local) => $"{local.LongDay()} at {local.Clock()}";

    /// <summary>For the datetime attribute of a time element, and for addresses.</summary>
    public static string Iso(this DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>An IANA zone as people say it: "London time" for Europe/London.</summary>
    public static string ZoneName(this string zone) => $"{zone[(zone.LastIndexOf('/') + 1)..].Replace('_', ' ')} time";

    public static string Channel(this DeliveryChannel channel) => channel switch
    {
        DeliveryChannel.Video => "Video call",
        DeliveryChannel.Telephone => "Phone call",
        DeliveryChannel.InPerson => "At the practice",
        _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Not a delivery channel."),
    };

    /// <summary>What has to be prepared, each in a few words.</summary>
    public static IEnumerable<string> Words(this AccessNeedsView needs)
    {
        if (needs.InterpreterLanguage is { } language)
            yield return $"Interpreter: {language}";
        if (needs.SignLanguage)
            yield return "Sign language interpreter";
        if (needs.Captions)
            yield return "Captions";
        if (needs.LargeText)
            yield return "Large text";
        if (needs.Confidence != VideoConfidence.Confident)
            yield return needs.Confidence == VideoConfidence.NeedsHelp ? "Needs help with video calls" : "Not sure of video calls";
        if (needs.Other is { } other)
            yield return other;
    }

    /// <summary>Whole years on a day.</summary>
    public static int AgeOn(this DateOnly born, DateOnly day)
    {
        var years = day.Year - born.Year;
        return born.AddYears(years) > day ? years - 1 : years;
    }

    /// <summary>"1 time", "3 times".</summary>
    public static string Count(int number, string one, string many) => number == 1 ? $"1 {one}" : $"{number} {many}";

    /// <summary>£45, £45.50; "free" for nothing.</summary>
    public static string Price(int pence) => pence == 0 ? "free" : pence % 100 == 0 ? $"£{pence / 100}" : string.Create(English, $"£{pence / 100m:0.00}");

    /// <summary>What it costs, in a sentence; null if nothing.</summary>
    public static string? PriceSentence(int pence) => pence == 0 ? null : $"It costs {Price(pence)}. The practice asks you for this money. You do not pay when you book.";

    public static string Rule(this Bookers bookers) => bookers switch
    {
        Bookers.Anyone => "Anyone who signs in",
        Bookers.RegisteredPatients => "Registered patients",
        Bookers.StaffOnly => "Practice staff only",
        _ => throw new ArgumentOutOfRangeException(nameof(bookers), bookers, "Not a kind of booker."),
    };
}
