using System.Numerics;

namespace Telemedicine.Media.Rtp;

/// <summary>The packets of one incoming stream that are missing, and when to ask for each (RFC 4585 §6.2.1).</summary>
internal sealed class NackGenerator
{
    /// <summary>More than this missing at once: a key frame is cheaper than the repair.</summary>
    public const int Capacity = 256;

    public const int MaximumTries = 10;

    private const long ShortestRetry = 20_000;
    private const long LongestRetry = 200_000;

    private const int FirstCapacity = 16;

    /// <summary>Empty until the first loss.</summary>
    private Missing[] _missing = [];
    private int _count;
    private long _retryInterval = 100_000;

    private struct Missing
    {
        public long Number;
        public long AskedAt;
        public int Tries;
    }

    public int Count => _count;

    /// <summary>Notes the numbers from <paramref name="first"/> up to, without, <paramref name="end"/> as missing.</summary>
    /// <returns>False when there are too many: all are given up, and the stream needs a key frame.</returns>
    public bool TryAdd(long first, long end)
    {
        if (_count + (end - first) > Capacity)
        {
            _count = 0;
            return false;
        }

        var needed = _count + (int)(end - first);
        if (needed > _missing.Length)
            Array.Resize(ref _missing, Math.Max(FirstCapacity, (int)BitOperations.RoundUpToPowerOf2((uint)needed)));
        for (var number = first; number < end; number++)
            _missing[_count++] = new Missing { Number = number };
        return true;
    }

    public void OnReceived(long number, long now)
    {
        for (var i = 0; i < _count; i++)
        {
            if (_missing[i].Number != number)
                continue;
            // Only an answer to the first request says how long a request takes.
            if (_missing[i].Tries == 1)
                _retryInterval = Math.Clamp((_retryInterval * 3 + (now - _missing[i].AskedAt) * 2) / 4, ShortestRetry, LongestRetry);
            RemoveAt(i);
            return;
        }
    }

    /// <summary>Writes the numbers to ask for now.</summary>
    /// <param name="gaveUp">True when a packet was asked for ten times in vain: the stream needs a key frame.</param>
    /// <returns>How many were written, in rising order.</returns>
    public int TakeDue(long now, Span<ushort> numbers, out bool gaveUp)
    {
        gaveUp = false;
        var written = 0;
        for (var i = 0; i < _count && written < numbers.Length;)
        {
            ref var missing = ref _missing[i];
            if (missing.Tries > 0 && now - missing.AskedAt < _retryInterval)
            {
                i++;
                continue;
            }

            if (missing.Tries == MaximumTries)
            {
                gaveUp = true;
                RemoveAt(i);
                continue;
            }

            missing.Tries++;
            missing.AskedAt = now;
            numbers[written++] = (ushort)missing.Number;
            i++;
        }

        return written;
    }

    public void Clear() => _count = 0;

    private void RemoveAt(int index)
    {
        _count--;
        _missing.AsSpan(index + 1, _count - index).CopyTo(_missing.AsSpan(index));
    }
}
