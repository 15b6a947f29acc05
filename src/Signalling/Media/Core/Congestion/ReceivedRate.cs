namespace Telemedicine.Media.Core.Congestion;

/// <summary>Bits per second that reached the receiver, by its own clock, over the last half second in which anything came.</summary>
internal sealed class ReceivedRate
{
    private const int Buckets = 16;

    /// <summary>Microseconds.</summary>
    private const long BucketTime = 30_000;

    private readonly int[] _octets = new int[Buckets];
    private bool _started;
    private long _first;
    private long _last;

    /// <summary>0 before enough was received to tell.</summary>
    public long BitsPerSecond
    {
        get
        {
            if (!_started)
                return 0;
            // The newest bucket is still being filled.
            var from = Math.Max(_first, _last - Buckets + 1);
            var buckets = _last - from;
            if (buckets < Buckets / 4)
                return 0;
            long octets = 0;
            for (var bucket = from; bucket < _last; bucket++)
                octets += _octets[Index(bucket)];
            return octets * 8_000_000 / (buckets * BucketTime);
        }
    }

    /// <param name="arrivedAt">Microseconds of the receiver.</param>
    public void Add(long arrivedAt, int octets)
    {
        var bucket = Math.DivRem(arrivedAt, BucketTime).Quotient;
        // After a silence, or a jump of the receiver's clock, what was before says nothing any more.
        if (!_started || bucket > _last + Buckets || bucket < _last - Buckets)
        {
            _started = true;
            Array.Clear(_octets);
            _first = _last = bucket;
        }

        if (bucket == _last - Buckets)
            return;
        for (; _last < bucket; _last++)
            _octets[Index(_last + 1)] = 0;
        _octets[Index(bucket)] += octets;
    }

    private static int Index(long bucket) => (int)((ulong)bucket % Buckets);
}
