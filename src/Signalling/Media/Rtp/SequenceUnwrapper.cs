namespace Telemedicine.Media.Rtp;

/// <summary>Turns 16-bit sequence numbers into a number that never wraps, by nearness to the highest so far.</summary>
internal struct SequenceUnwrapper
{
    /// <summary>Starts one turn up, so that packets from before the first one stay positive.</summary>
    public const long FirstTurn = 1 << 16;

    private bool _started;

    public long Highest { get; private set; }

    public readonly bool Started => _started;

    public long Unwrap(ushort sequenceNumber)
    {
        if (!_started)
        {
            _started = true;
            Highest = FirstTurn + sequenceNumber;
            return Highest;
        }

        var unwrapped = Nearest(Highest, sequenceNumber);
        if (unwrapped > Highest)
            Highest = unwrapped;
        return unwrapped;
    }

    /// <summary>The number nearest to <paramref name="reference"/> whose low 16 bits are <paramref name="sequenceNumber"/>.</summary>
    public static long Nearest(long reference, ushort sequenceNumber) => reference + (short)(sequenceNumber - (ushort)reference);
}
