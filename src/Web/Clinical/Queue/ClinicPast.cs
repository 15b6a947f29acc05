namespace Telemedicine.Clinical.Queue;

/// <summary>How one appointment of a past or running clinic went, as far as it went.</summary>
/// <param name="ArrivedAt">When the patient was first there; null if they never were.</param>
/// <param name="StartedAt">When they were let in.</param>
/// <param name="EndedAt">When the clinician finished, note and all.</param>
public sealed record Course(DateTimeOffset Start, DateTimeOffset? ArrivedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt);

/// <summary>What a clinician's past clinics say of the next one. All in minutes.</summary>
/// <param name="Lengths">From being let in to the end of the note.</param>
/// <param name="Pauses">From when the clinician was free and a patient ready and due, to when that patient was let in.</param>
/// <param name="Arrivals">How long after their time patients came; negative is before.</param>
/// <param name="Missed">The share of those booked who never came.</param>
/// <param name="Early">The share of times at which a free clinician let a patient in before their time, where that could be.</param>
/// <param name="Beginnings">How long after the first patient was ready and due the clinic began.</param>
public sealed record ClinicPast(
    IReadOnlyList<double> Lengths, IReadOnlyList<double> Pauses, IReadOnlyList<double> Arrivals, double Missed, double Early, IReadOnlyList<double> Beginnings)
{
    /// <summary>Nothing is known: the forecast says what clinics in general do.</summary>
    public static readonly ClinicPast None = Of([]);

    /// <summary>A minute early is a click, not a habit.</summary>
    private const double EarlyMinutes = 1;

    private const double LongestMinutes = 180;

    /// <param name="clinics">The courses of one clinic each.</param>
    public static ClinicPast Of(IEnumerable<IReadOnlyList<Course>> clinics)
    {
        List<double> lengths = [], pauses = [], arrivals = [], beginnings = [];
        // As if one in twelve of a dozen had not come, and the clinician had been seen once each to wait for the time and not to.
        double booked = 12, missed = 1, chances = 2, early = 1;
        foreach (var clinic in clinics)
        {
            DateTimeOffset? free = null;
            foreach (var course in clinic.OrderBy(course => course.StartedAt ?? DateTimeOffset.MaxValue))
            {
                booked++;
                if (course.ArrivedAt is not { } arrived)
                {
                    missed++;
                    continue;
                }
                arrivals.Add((arrived - course.Start).TotalMinutes);
                if (course is not { StartedAt: { } started, EndedAt: { } ended })
                    continue;
                // Longer is a consultation that somebody forgot to finish.
                if ((ended - started).TotalMinutes is var length and < LongestMinutes)
                    lengths.Add(length);
                var ready = Later(free ?? DateTimeOffset.MinValue, arrived);
                if (free is not null && (course.Start - ready).TotalMinutes > EarlyMinutes)
                {
                    chances++;
                    if ((course.Start - started).TotalMinutes > EarlyMinutes)
                        early++;
                }
                var due = Later(ready, started < course.Start ? started : course.Start);
                (free is null ? beginnings : pauses).Add(Math.Max(0, (started - due).TotalMinutes));
                free = ended;
            }
        }
        return new ClinicPast(lengths, pauses, arrivals, missed / booked, early / chances, beginnings);
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
