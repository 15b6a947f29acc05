namespace Telemedicine.Clinical.Queue;

/// <summary>How long somebody will still wait: four times in five between <see cref="Low"/> and <see cref="High"/>.</summary>
/// <param name="Before">How many are seen first.</param>
public sealed record WaitForecast(int Before, TimeSpan Low, TimeSpan Median, TimeSpan High);

/// <summary>
/// Plays the rest of a clinic through some hundred times, with lengths, pauses, late and missing patients as they were in this clinician's past clinics, and
/// reads off how long each one waited. The same clinic gives the same answer: the dice are seeded.
/// </summary>
public static class WaitForecasts
{
    private const int Runs = 400;

    /// <summary>A plan counts as much as so many consultations that were held.</summary>
    private const double PlanWeight = 5;

    /// <summary>What is known of pauses, arrivals and beginnings in general counts as much as so many that were seen.</summary>
    private const double GeneralWeight = 4;

    /// <summary>By how much whole days are slower or faster than the clinician usually is: a logarithm's standard deviation.</summary>
    private const double PaceSpread = 0.12;

    /// <summary>By how much consultations of one day differ from one another: likewise.</summary>
    private const double LengthSpread = 0.45;

    /// <summary>Which waits of the runs bound the range: chosen so that the rounded range holds four in five waits of ordinary clinics.</summary>
    private const double LowShare = 0.10, HighShare = 0.88;

    /// <summary>Minutes.</summary>
    private const double Step = 5;

    /// <summary>For everyone who waits, by appointment.</summary>
    public static IReadOnlyDictionary<AppointmentId, WaitForecast> Of(ClinicNow clinic, ClinicPast past)
    {
        var order = clinic.Order;
        var waits = new double[order.Count][];
        for (var index = 0; index < waits.Length; index++)
            waits[index] = new double[Runs];
        var play = new Play(clinic, past);
        for (var run = 0; run < Runs; run++)
            play.Run((index, wait) => waits[index][run] = wait);

        var forecasts = new Dictionary<AppointmentId, WaitForecast>(order.Count);
        for (var index = 0; index < waits.Length; index++)
        {
            if (order[index].State != QueueState.Here)
                continue;
            Array.Sort(waits[index]);
            double At(double share) => waits[index][(int)(share * (Runs - 1))];
            var (low, high) = Rounded(At(LowShare), At(HighShare));
            forecasts.Add(order[index].Appointment, new(clinic.Before(order[index].Appointment), low, TimeSpan.FromMinutes(At(0.5)), high));
        }
        return forecasts;
    }

    /// <summary>To steps of five minutes, and of ten beyond an hour; never narrower than one step.</summary>
    private static (TimeSpan Low, TimeSpan High) Rounded(double low, double high)
    {
        var step = high > 60 ? 2 * Step : Step;
        var from = Math.Round(low / step) * step;
        var to = Math.Max(Math.Round(high / step) * step, from + step);
        return (TimeSpan.FromMinutes(from), TimeSpan.FromMinutes(to));
    }

    /// <summary>The rest of one clinic, played through. Times are minutes from now.</summary>
    private sealed class Play
    {
        private readonly Random _dice = new(20_26);
        private readonly ClinicNow _clinic;
        private readonly ClinicPast _past;
        private readonly double _slot;
        private readonly double _paceMean, _paceSpread;
        private readonly double[] _starts;
        private readonly double[] _ready;
        private readonly bool[] _seen;
        private readonly double? _inCallFor;
        private readonly double _idleFor;
        private double _pace;

        public Play(ClinicNow clinic, ClinicPast past)
        {
            (_clinic, _past) = (clinic, past);
            _slot = clinic.Slot.TotalMinutes;
            _starts = [.. clinic.Order.Select(entry => (entry.Start - clinic.Now).TotalMinutes)];
            _ready = new double[_starts.Length];
            _seen = new bool[_starts.Length];
            _inCallFor = clinic.Entries.Where(entry => entry.State == QueueState.InCall).Max(entry => (clinic.Now - entry.Since)?.TotalMinutes);
            _idleFor = IdleFor();

            // How much slower than usual today is, as far as it is known: between nothing (the usual) and what today's consultations say.
            var usual = past.Lengths.Count + PlanWeight;
            var expected = (past.Lengths.Sum(LogOf) + (PlanWeight * LogOf(_slot))) / usual;
            var today = clinic.Today.Where(course => course is { StartedAt: not null, EndedAt: not null })
                .Select(course => LogOf((course.EndedAt!.Value - course.StartedAt!.Value).TotalMinutes) - expected).ToList();
            var prior = 1 / (PaceSpread * PaceSpread);
            var said = today.Count / (LengthSpread * LengthSpread);
            _paceMean = today.Count == 0 ? 0 : today.Average() * said / (said + prior);
            _paceSpread = Math.Sqrt(1 / (said + prior));
        }

        public void Run(Action<int, double> wait)
        {
            _pace = Math.Exp(_paceMean + (_paceSpread * Normal()));
            var takesEarly = _dice.NextDouble() < _past.Early;
            for (var index = 0; index < _starts.Length; index++)
                (_ready[index], _seen[index]) = (ReadyAt(index, takesEarly), false);
            var (free, pause) = Free();
            var first = 0;
            for (var left = _starts.Length; left > 0; left--)
            {
                while (_seen[first])
                    first++;
                var next = Next(first, free);
                var start = Math.Max(free, _ready[next]) + pause;
                _seen[next] = true;
                wait(next, Math.Max(0, start));
                // Who does not come takes no time; what becomes of a forecast for them matters to nobody.
                if (!double.IsPositiveInfinity(start))
                    (free, pause) = (start + Length(), Pause());
            }
        }

        /// <summary>Of those who are ready the earliest time; if nobody is, whoever will be first.</summary>
        private int Next(int first, double free)
        {
            var soonest = -1;
            for (var index = first; index < _starts.Length; index++)
            {
                if (_seen[index])
                    continue;
                if (_ready[index] <= free)
                    return index;
                if (soonest < 0 || _ready[index] < _ready[soonest])
                    soonest = index;
            }
            return soonest;
        }

        /// <summary>When the clinician is free, and how long it takes after that until the next one is let in.</summary>
        private (double At, double Pause) Free()
        {
            if (_inCallFor is { } elapsed)
                return (LengthBeyond(elapsed) - elapsed, Pause());
            if (!_clinic.ClinicianHere)
            {
                var begin = (_clinic.Start - _clinic.Now).TotalMinutes;
                return (begin + Beyond(Beginning, Math.Max(0, -begin)), 0);
            }
            // Free, and perhaps on the way to the next one for some time already.
            return (0, Beyond(Pause, _idleFor) - _idleFor);
        }

        /// <summary>For how long the clinician has been free while somebody was ready and due.</summary>
        private double IdleFor()
        {
            if (_inCallFor is not null || _clinic.FreeSince is not { } free)
                return 0;
            var due = _clinic.Order.Where(entry => entry.State == QueueState.Here).Select(entry => entry.Since > entry.Start ? entry.Since.Value : entry.Start)
                .DefaultIfEmpty(_clinic.Now).Min();
            return Math.Max(0, (_clinic.Now - (due > free ? due : free)).TotalMinutes);
        }

        private double ReadyAt(int index, bool takesEarly)
        {
            var entry = _clinic.Order[index];
            var start = _starts[index];
            if (entry.State == QueueState.Here)
                return takesEarly ? 0 : Math.Max(0, start);
            if (!entry.Announces)
                return start >= 0 ? start : double.PositiveInfinity;
            // Thrown until it agrees with what is known: they are not here yet.
            for (var tries = 0; tries < 20; tries++)
            {
                if (_dice.NextDouble() < _past.Missed)
                    break;
                var arrives = start + Arrival();
                if (arrives > 0)
                    return takesEarly ? arrives : Math.Max(arrives, start);
            }
            return double.PositiveInfinity;
        }

        private static double LogOf(double minutes) => Math.Log(Math.Max(0.5, minutes));

        private double Length() => _pace * (FromPast(_past.Lengths, PlanWeight) is { } length ? length * Math.Exp(0.12 * Normal()) : _slot * Math.Exp((LengthSpread * Normal()) - 0.05));

        private double LengthBeyond(double elapsed) => Beyond(Length, elapsed);

        private double Pause() => FromPast(_past.Pauses, GeneralWeight) ?? (-1.2 * Math.Log(1 - _dice.NextDouble()));

        private double Arrival() => FromPast(_past.Arrivals, GeneralWeight) is { } arrival ? arrival + Normal() : -4 + (5 * Normal());

        private double Beginning() => FromPast(_past.Beginnings, GeneralWeight) is { } late ? Math.Max(0, late + (1.5 * Normal())) : Math.Abs(7 * Normal());

        /// <summary>Thrown until it is more than is known to have passed; what has never taken so long takes some part of that more.</summary>
        private double Beyond(Func<double> thrown, double passed)
        {
            for (var tries = 0; tries < 20; tries++)
            {
                if (thrown() is var value && value > passed)
                    return value;
            }
            return passed - (Math.Max(1.5, 0.35 * passed) * Math.Log(1 - _dice.NextDouble()));
        }

        /// <summary>One of those that were seen; null so many times as what is known in general weighs.</summary>
        private double? FromPast(IReadOnlyList<double> seen, double generalWeight)
        {
            var chosen = _dice.NextDouble() * (seen.Count + generalWeight);
            return chosen < seen.Count ? seen[(int)chosen] : null;
        }

        private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _dice.NextDouble())) * Math.Cos(2 * Math.PI * _dice.NextDouble());
    }
}
