namespace Telemedicine.Media.Core;

/// <summary>How loud one sound track has been lately, by the levels in its packets (RFC 6464). Times are microseconds.</summary>
internal sealed class Voice(IncomingTrack track)
{
    /// <summary>-dBov. What is quieter is a room, not speech.</summary>
    private const int Floor = 55;

    /// <summary>-dBov: quieter than the smallest sample.</summary>
    public const int Silence = 127;

    /// <summary>How fast loudness follows: a knock on the table fades before it counts, a pause between words does not end a speech.</summary>
    private const double Following = 250_000;

    /// <summary>Longer without a packet is silence: Opus sends next to nothing then (DTX).</summary>
    private const long LongestPacket = 120_000;

    private long _at;

    public IncomingTrack Track => track;

    /// <summary>Decibels above the floor, smoothed; 0 for silence.</summary>
    public double Loudness { get; private set; }

    /// <param name="level">-dBov: 0 is the loudest, 127 silence.</param>
    public void Hear(long now, int level)
    {
        var gap = now - _at;
        if (gap > LongestPacket)
        {
            Follow(Silence, gap - LongestPacket);
            gap = LongestPacket;
        }

        Follow(level, gap);
        _at = now;
    }

    /// <summary>Nothing may have come for a while.</summary>
    public void Settle(long now)
    {
        if (now - _at > LongestPacket)
            Hear(now, Silence);
    }

    private void Follow(int level, long time) =>
        Loudness += (Math.Max(0, Floor - level) - Loudness) * (1 - Math.Exp(-time / Following));
}
