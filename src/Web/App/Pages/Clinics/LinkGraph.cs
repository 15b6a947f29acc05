using System.Globalization;
using Telemedicine.Clinical.Rescue;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>The loss and round trip of a person's connection over the last quarter of an hour, as lines and as words.</summary>
/// <param name="Key">Of the case, for ids on the page.</param>
/// <param name="Points">In order of time; not empty.</param>
/// <param name="Now">The right edge.</param>
public sealed record LinkGraph(string Key, string Name, IReadOnlyList<LinkPoint> Points, DateTimeOffset Now)
{
    public const int Width = 300;
    public const int Height = 80;

    /// <summary>Per cent, and milliseconds, at the top of the graph; what is more touches it.</summary>
    public const int MostLoss = 50;
    public const int LongestRoundTrip = 1000;

    /// <summary>In the form that SVG's points take.</summary>
    public string Loss => Line(Points.Select(point => (point.At, point.Loss * 100 / MostLoss)));

    public string RoundTrip => Line(Points.Where(point => point.RoundTripMs is not null).Select(point => (point.At, (point.RoundTripMs ?? 0) / LongestRoundTrip)));

    /// <summary>The worst of each minute.</summary>
    public IReadOnlyList<LinkPoint> Minutes =>
        [.. Points.GroupBy(point => point.At.AddTicks(-(point.At.Ticks % TimeSpan.TicksPerMinute))).Select(minute => new LinkPoint(minute.Key, minute.Max(point => point.Loss), minute.Max(point => point.RoundTripMs)))];

    public string Summary
    {
        get
        {
            var last = Points[^1];
            var trip = last.RoundTripMs is { } now ? $"{Math.Round(now)} ms" : "not measured";
            return $"{Name}: {Math.Round(last.Loss * 100)}% lost and a round trip of {trip} at the last look, at most {Math.Round(Points.Max(point => point.Loss) * 100)}% lost.";
        }
    }

    private string Line(IEnumerable<(DateTimeOffset At, double Share)> points) => string.Join(' ', points.Select(point => string.Create(
        CultureInfo.InvariantCulture,
        $"{Math.Clamp(Width * (1 - ((Now - point.At) / RescueDesk.Recent)), 0, Width):0.#},{Height - (Math.Min(1, point.Share) * Height):0.#}")));
}
