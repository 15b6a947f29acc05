using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Queue;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>Place and time in the queue in plain words.</summary>
internal static class WaitingWording
{
    /// <summary>Less is no lateness worth telling.</summary>
    private static readonly TimeSpan WorthTelling = TimeSpan.FromMinutes(10);

    public static string Place(this QueueView waiting) => waiting.Forecast?.Before switch
    {
        0 => "You are next.",
        1 => "There is 1 person before you.",
        { } before => $"There are {before} people before you.",
        null => "",
    };

    public static string Expected(this QueueView waiting) => waiting.Forecast switch
    {
        null => "",
        { Low.Ticks: 0 } soon => $"We expect that you wait less than {Minutes(soon.High)}.",
        { } later when later.High < TimeSpan.FromHours(1) => $"We expect that you wait between {later.Low.TotalMinutes:0} and {Minutes(later.High)}.",
        { } later => $"We expect that you wait between {Minutes(later.Low)} and {Minutes(later.High)}.",
    };

    /// <summary>That the clinic runs late, honestly; null when it does not.</summary>
    public static string? Lateness(this QueueView waiting)
    {
        if (waiting.Forecast is null)
            return null;
        var late = waiting.Late >= WorthTelling ? $"The clinic is running about {Minutes(TimeSpan.FromMinutes(Math.Round(waiting.Late.TotalMinutes / 5) * 5))} late." : null;
        return waiting.ClinicianLate ? $"{waiting.PractitionerName} has not started the clinic yet. {late}".TrimEnd() : late;
    }

    /// <summary>20 minutes, 1 hour, 1 hour 20 minutes.</summary>
    private static string Minutes(TimeSpan span)
    {
        var (hours, minutes) = ((int)span.TotalHours, span.Minutes);
        return (hours, minutes) switch
        {
            (0, _) => Wording.Count(minutes, "minute", "minutes"),
            (_, 0) => Wording.Count(hours, "hour", "hours"),
            _ => $"{Wording.Count(hours, "hour", "hours")} {Wording.Count(minutes, "minute", "minutes")}",
        };
    }
}
