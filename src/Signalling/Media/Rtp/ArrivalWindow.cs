namespace Telemedicine.Media.Rtp;

/// <summary>Remembers which of the last 2,048 unwrapped sequence numbers came, so that a copy is known for one.</summary>
internal sealed class ArrivalWindow
{
    public const int Size = 2048;

    private readonly ulong[] _bits = new ulong[Size / 64];
    private long _highest = -1;

    /// <returns>False for a number that came before, or is older than the window.</returns>
    public bool TryAdd(long number)
    {
        if (number > _highest)
        {
            if (_highest < 0 || number - _highest >= Size)
                Array.Clear(_bits);
            else
                for (var skipped = _highest + 1; skipped < number; skipped++)
                    Clear(skipped);
            _highest = number;
            Set(number);
            return true;
        }

        if (number <= _highest - Size || Contains(number))
            return false;
        Set(number);
        return true;
    }

    private bool Contains(long number) => (_bits[Word(number)] & Bit(number)) != 0;

    private void Set(long number) => _bits[Word(number)] |= Bit(number);

    private void Clear(long number) => _bits[Word(number)] &= ~Bit(number);

    private static int Word(long number) => (int)(number & (Size - 1)) >> 6;

    private static ulong Bit(long number) => 1UL << (int)(number & 63);
}
