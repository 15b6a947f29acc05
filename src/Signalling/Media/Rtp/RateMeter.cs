namespace Telemedicine.Media.Rtp;

/// <summary>Measures a bitrate over the last second. Counting a packet is one addition; the time is only looked at by <see cref="Sample"/>.</summary>
internal sealed class RateMeter
{
    /// <summary>How often to sample, in microseconds.</summary>
    public const long Interval = 100_000;

    private const int Window = 10;

    private readonly (long At, long Octets)[] _samples = new (long, long)[Window];
    private int _count;

    /// <summary>Since the start.</summary>
    public long Octets { get; private set; }

    public long BitsPerSecond { get; private set; }

    public void Add(int octets) => Octets += octets;

    /// <param name="now">Microseconds.</param>
    public void Sample(long now)
    {
        var oldest = _samples[_count < Window ? 0 : _count % Window];
        _samples[_count++ % Window] = (now, Octets);
        if (_count > 1 && now > oldest.At)
            BitsPerSecond = (Octets - oldest.Octets) * 8_000_000 / (now - oldest.At);
    }
}
