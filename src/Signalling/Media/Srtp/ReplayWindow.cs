using System.Runtime.CompilerServices;

namespace Telemedicine.Media.Srtp;

/// <summary>
/// Which of the last <see cref="Size"/> packet indexes were used (RFC 3711, section 3.3.2). A mutable struct: keep it in a field, never copy it.
/// The window is wide because a video frame is many packets and a repaired one comes a round trip late.
/// </summary>
internal struct ReplayWindow
{
    public const int Size = 1024;

    private const int WordBits = 64;
    private Bits _used;
    private ulong _highest;
    private bool _any;

    /// <summary>The highest index used; meaningful only when <see cref="Any"/>.</summary>
    public readonly ulong Highest => _highest;

    public readonly bool Any => _any;

    /// <summary>False for an index that was used, or is too old to tell.</summary>
    public readonly bool IsFresh(ulong index)
    {
        if (!_any || index > _highest)
            return true;
        if (_highest - index >= Size)
            return false;
        return (_used[(int)(index % Size) / WordBits] & Mask(index)) == 0;
    }

    /// <summary>Marks an index that <see cref="IsFresh"/> said yes to.</summary>
    public void Use(ulong index)
    {
        if (!_any)
        {
            _any = true;
            _highest = index;
        }
        else if (index > _highest)
        {
            Skip(index);
        }

        _used[(int)(index % Size) / WordBits] |= Mask(index);
    }

    private void Skip(ulong index)
    {
        if (index - _highest >= Size)
        {
            ((Span<ulong>)_used).Clear();
        }
        else
        {
            for (ulong skipped = _highest + 1; skipped <= index; skipped++)
                _used[(int)(skipped % Size) / WordBits] &= ~Mask(skipped);
        }

        _highest = index;
    }

    private static ulong Mask(ulong index) => 1UL << (int)(index % WordBits);

    [InlineArray(Size / WordBits)]
    private struct Bits
    {
        private ulong _first;
    }
}
