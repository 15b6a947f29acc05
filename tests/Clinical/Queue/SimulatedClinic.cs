using Telemedicine.Clinical.Queue;

namespace Telemedicine.Clinical.Tests.Queue;

/// <summary>How a kind of clinic runs. Times in minutes.</summary>
/// <param name="Length">Of one consultation, by its slot and how far the clinic is (0 to 1).</param>
/// <param name="Arrival">How long after their time a patient comes.</param>
/// <param name="Beginning">How late the clinician is.</param>
/// <param name="TakesEarly">The clinician lets ready patients in before their time.</param>
internal sealed record KindOfClinic(
    string Name,
    Func<Dice, double, double, double> Length,
    Func<Dice, double> Arrival,
    Func<Dice, double> Beginning,
    Func<Dice, double> Pause,
    double Missed = 0.08,
    bool TakesEarly = false,
    double OutOfTurn = 0);

/// <summary>Seeded chance in the shapes that clinics have.</summary>
internal sealed class Dice(int seed)
{
    private readonly Random _random = new(seed);

    public double Even() => _random.NextDouble();

    public int Whole(int from, int to) => _random.Next(from, to + 1);

    public double Normal(double mean, double spread) => mean + (spread * Math.Sqrt(-2 * Math.Log(1 - Even())) * Math.Cos(2 * Math.PI * Even()));

    public double Exponential(double mean) => -mean * Math.Log(1 - Even());

    public double Pareto(double least, double tail) => least / Math.Pow(1 - Even(), 1 / tail);

    public bool Happens(double share) => Even() < share;
}

/// <summary>One clinician's clinics, played from beginning to end: what really happened.</summary>
internal sealed class SimulatedClinic(KindOfClinic kind, Dice dice)
{
    private static readonly DateTimeOffset Opening = new(2026, 6, 9, 8, 0, 0, TimeSpan.Zero);
    private static readonly double[] SlotLengths = [10, 15, 20, 30];

    private readonly double _slot = SlotLengths[dice.Whole(0, 3)];

    public IReadOnlyList<Course> Play()
    {
        var pace = Math.Exp(dice.Normal(0, 0.1));
        var count = dice.Whole(6, 18);
        var arrivals = Enumerable.Range(0, count).Select(index => dice.Happens(kind.Missed) ? double.PositiveInfinity : (index * _slot) + kind.Arrival(dice)).ToArray();
        var courses = new Course[count];
        for (var index = 0; index < count; index++)
            courses[index] = new Course(At(index * _slot), double.IsPositiveInfinity(arrivals[index]) ? null : At(arrivals[index]), null, null);
        var free = kind.Beginning(dice);
        var left = Enumerable.Range(0, count).Where(index => !double.IsPositiveInfinity(arrivals[index])).ToList();
        while (left.Count > 0)
        {
            double Ready(int index) => kind.TakesEarly ? arrivals[index] : Math.Max(arrivals[index], index * _slot);
            var ready = left.Where(index => Ready(index) <= free).ToList();
            var next = ready.Count == 0 ? left.MinBy(Ready) : ready.Count > 1 && dice.Happens(kind.OutOfTurn) ? ready[1] : ready[0];
            var start = Math.Max(free, Ready(next)) + kind.Pause(dice);
            var end = start + Math.Max(1, pace * kind.Length(dice, _slot, (double)next / count));
            courses[next] = courses[next] with { StartedAt = At(start), EndedAt = At(end) };
            free = end;
            left.Remove(next);
        }
        return courses;
    }

    /// <summary>What is known of a clinic at a moment.</summary>
    public ClinicNow SeenAt(IReadOnlyList<Course> courses, DateTimeOffset now)
    {
        DateTimeOffset? Known(DateTimeOffset? at) => at <= now ? at : null;
        var today = courses.Select(course => course with { ArrivedAt = Known(course.ArrivedAt), StartedAt = Known(course.StartedAt), EndedAt = Known(course.EndedAt) }).ToList();
        var entries = today.Select((course, index) => course switch
        {
            { EndedAt: not null } => new QueueEntry(Id(index), course.Start, QueueState.Over, null),
            { StartedAt: { } started } => new QueueEntry(Id(index), course.Start, QueueState.InCall, started),
            { ArrivedAt: { } arrived } => new QueueEntry(Id(index), course.Start, QueueState.Here, arrived),
            _ => new QueueEntry(Id(index), course.Start, QueueState.Expected, null),
        }).ToList();
        return new ClinicNow(now, Opening, TimeSpan.FromMinutes(_slot), today.Exists(course => course.StartedAt is not null), today.Max(course => course.EndedAt), entries, today);
    }

    public static AppointmentId Id(int index) => new(new Guid(index + 1, 0, 0, new byte[8]));

    private static DateTimeOffset At(double minutes) => Opening.AddMinutes(minutes);
}
