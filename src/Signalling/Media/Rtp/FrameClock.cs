namespace Telemedicine.Media.Rtp;

/// <summary>
/// Counts the frames of one stream and when they stood still: a gap of more than three times the usual one and 150 ms more than it
/// (webrtc-stats, freezeCount).
/// </summary>
internal struct FrameClock
{
    private const long SmallestFreeze = 150_000;

    private long _lastAt;
    private long _usual;

    public long Frames { get; private set; }

    public int Freezes { get; private set; }

    /// <summary>Microseconds, of all freezes together.</summary>
    public long Frozen { get; private set; }

    /// <param name="now">Microseconds, more than 0.</param>
    public void OnFrame(long now)
    {
        Frames++;
        var gap = now - _lastAt;
        var isFirst = _lastAt == 0;
        _lastAt = now;
        if (isFirst)
            return;
        if (_usual == 0)
        {
            _usual = gap;
            return;
        }

        if (gap > Math.Max(3 * _usual, _usual + SmallestFreeze))
        {
            Freezes++;
            Frozen += gap;
        }

        _usual += (gap - _usual) / 16;
    }

    /// <summary>The next gap is nobody's fault.</summary>
    public void Restart()
    {
        _lastAt = 0;
        _usual = 0;
    }
}
