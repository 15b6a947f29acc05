namespace Telemedicine.Media.Rtp;

/// <summary>Renumbers a stream of which some packets (padding) are not forwarded, so that receivers see no gap where they were.</summary>
internal struct SequenceCompactor
{
    /// <summary>Removed numbers still remembered for packets that come late.</summary>
    private const int Remembered = 64;

    private readonly long[] _removed = new long[Remembered];
    private long _count;

    public SequenceCompactor()
    {
    }

    /// <param name="number">Unwrapped, and higher than any number before it.</param>
    public void Remove(long number) => _removed[_count++ % Remembered] = number;

    public readonly long Compact(long number)
    {
        var before = _count;
        for (var i = _count - 1; i >= 0 && i >= _count - Remembered && _removed[i % Remembered] > number; i--)
            before--;
        return number - before;
    }
}
