namespace Telemedicine.Media.Tests.Calls;

/// <summary>One way of a network: a rate with a queue in front of it, delay, jitter that keeps the order, and loss. Times are microseconds.</summary>
internal sealed class Link(int seed = 1)
{
    private const int Overhead = 28;

    private readonly Random _random = new(seed);
    private long _freeAt;
    private long _lastArrival;

    /// <summary>Bits per second on the wire.</summary>
    public long Rate { get; set; } = 100_000_000;

    /// <summary>How long a packet waits at most; what would wait longer is dropped.</summary>
    public long Queue { get; set; } = 300_000;

    public long Delay { get; set; } = 5_000;

    /// <summary>Added to the delay: evenly from 0 to this.</summary>
    public long Jitter { get; set; }

    /// <summary>0 to 1, at random.</summary>
    public double Loss { get; set; }

    /// <returns>When a packet sent now arrives; null when it does not.</returns>
    public long? Send(long now, int octets)
    {
        var start = Math.Max(now, _freeAt);
        if (start - now > Queue)
            return null;
        _freeAt = start + (octets + Overhead) * 8_000_000L / Rate;
        if (_random.NextDouble() < Loss)
            return null;
        _lastArrival = Math.Max(_lastArrival, _freeAt + Delay + (long)(_random.NextDouble() * Jitter));
        return _lastArrival;
    }
}
