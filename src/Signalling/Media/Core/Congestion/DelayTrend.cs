namespace Telemedicine.Media.Core.Congestion;

/// <summary>What the packets' delays say of the path.</summary>
internal enum PathUse
{
    Normal,

    /// <summary>A queue grows: more is sent than the path carries.</summary>
    Over,

    /// <summary>A queue drains.</summary>
    Under,
}

/// <summary>
/// Tells from how packets spread on their way whether a queue grows (draft-ietf-rmcat-gcc-02 §5.2 to §5.4, with the slope of a line through the last
/// delays in place of the Kalman filter). Packets sent within 5 ms of each other count as one group: they leave the publisher together.
/// </summary>
internal sealed class DelayTrend
{
    // Microseconds.
    private const long GroupTime = 5_000;
    private const long LongestStep = 3_000_000;

    private const int Window = 20;
    private const double Smoothing = 0.9;
    private const double Gain = 4;
    private const int MostSteps = 60;

    // Milliseconds.
    private const double OverUseTime = 10;
    private const double SmallestThreshold = 6, LargestThreshold = 600, FirstThreshold = 12.5, MaximumExcess = 15;
    private const double GrowthPerMillisecond = 0.0087, DecayPerMillisecond = 0.039;

    private readonly double[] _times = new double[Window];
    private readonly double[] _delays = new double[Window];
    private Group _previous;
    private Group _current;
    private int _groups;
    private int _steps;
    private long _firstArrival;
    private double _delay;
    private double _smoothed;
    private double _slope;
    private double _threshold = FirstThreshold;
    private double _overFor = -1;
    private int _oversInARow;
    private long _thresholdAt;

    public PathUse Use { get; private set; }

    /// <summary>Takes the packets in the order in which they were sent. Microseconds, each on its own clock.</summary>
    public void OnPacket(long sentAt, long arrivedAt)
    {
        if (_groups == 0)
        {
            _current = new Group(sentAt, arrivedAt);
            _groups = 1;
            return;
        }

        if (sentAt < _current.FirstSent)
            return;
        // What waited together in a queue arrives together: it is one group however long its sending took.
        var isSameBurst = arrivedAt - _current.LastArrival <= GroupTime
            && arrivedAt - _current.LastArrival < sentAt - _current.LastSent
            && arrivedAt - _current.FirstArrival < 100_000;
        if (sentAt - _current.FirstSent <= GroupTime || isSameBurst)
        {
            _current.Add(sentAt, arrivedAt);
            return;
        }

        if (_groups > 1)
            OnStep(_current.LastSent - _previous.LastSent, _current.LastArrival - _previous.LastArrival);
        _previous = _current;
        _current = new Group(sentAt, arrivedAt);
        _groups = 2;
    }

    /// <summary>What comes next does not follow what came before.</summary>
    public void Reset()
    {
        _groups = _steps = 0;
        _delay = _smoothed = _slope = 0;
        _overFor = -1;
        _oversInARow = 0;
        Use = PathUse.Normal;
    }

    private void OnStep(long sent, long arrived)
    {
        if (arrived < 0 || arrived > LongestStep || sent > LongestStep)
        {
            Reset();
            return;
        }

        if (_steps == 0)
            _firstArrival = _current.LastArrival;
        _delay += (arrived - sent) / 1000.0;
        _smoothed = Smoothing * _smoothed + (1 - Smoothing) * _delay;
        _times[_steps % Window] = (_current.LastArrival - _firstArrival) / 1000.0;
        _delays[_steps % Window] = _smoothed;
        _steps++;
        var slope = _steps >= Window ? Slope() : 0;
        Detect(slope, sent / 1000.0);
    }

    /// <summary>Of the line of least squares.</summary>
    private double Slope()
    {
        double meanTime = 0, meanDelay = 0;
        for (var i = 0; i < Window; i++)
        {
            meanTime += _times[i] / Window;
            meanDelay += _delays[i] / Window;
        }

        double covariance = 0, variance = 0;
        for (var i = 0; i < Window; i++)
        {
            covariance += (_times[i] - meanTime) * (_delays[i] - meanDelay);
            variance += (_times[i] - meanTime) * (_times[i] - meanTime);
        }

        return variance == 0 ? 0 : covariance / variance;
    }

    /// <param name="step">Milliseconds of sending.</param>
    private void Detect(double slope, double step)
    {
        var trend = Math.Min(_steps, MostSteps) * slope * Gain;
        if (trend > _threshold)
        {
            _overFor = _overFor < 0 ? step / 2 : _overFor + step;
            _oversInARow++;
            if (_overFor > OverUseTime && _oversInARow > 1 && slope >= _slope)
            {
                _overFor = 0;
                _oversInARow = 0;
                Use = PathUse.Over;
            }
        }
        else
        {
            _overFor = -1;
            _oversInARow = 0;
            Use = trend < -_threshold ? PathUse.Under : PathUse.Normal;
        }

        _slope = slope;
        Adapt(Math.Abs(trend));
    }

    /// <summary>The threshold follows the trend slowly, so that a path shared with greedy TCP is not left to it (§5.4).</summary>
    private void Adapt(double trend)
    {
        var elapsed = Math.Min((_current.LastArrival - _thresholdAt) / 1000.0, 100);
        _thresholdAt = _current.LastArrival;
        if (elapsed < 0 || trend > _threshold + MaximumExcess)
            return;
        var rate = trend < _threshold ? DecayPerMillisecond : GrowthPerMillisecond;
        _threshold = Math.Clamp(_threshold + rate * (trend - _threshold) * elapsed, SmallestThreshold, LargestThreshold);
    }

    private struct Group(long sentAt, long arrivedAt)
    {
        public readonly long FirstSent = sentAt;
        public readonly long FirstArrival = arrivedAt;
        public long LastSent = sentAt;
        public long LastArrival = arrivedAt;

        public void Add(long sent, long arrived)
        {
            LastSent = Math.Max(LastSent, sent);
            LastArrival = Math.Max(LastArrival, arrived);
        }
    }
}
