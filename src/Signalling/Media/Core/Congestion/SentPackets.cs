using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core.Congestion;

/// <summary>When the last packets of a transport were sent, by their transport-wide numbers. Grows with the number that is under way at once, up to a bound.</summary>
internal sealed class SentPackets
{
    public const int Largest = 8192;

    private const int Smallest = 256;

    /// <summary>Microseconds. What nobody has reported on for so long is lost, and so is its report.</summary>
    private const long Patience = 1_500_000;

    private Packet[] _packets = new Packet[Smallest];

    /// <summary>The number that the next packet gets. Starts at 1, so 0 is no packet's.</summary>
    public long Next { get; private set; } = 1;

    /// <summary>The oldest that can still be known.</summary>
    public long Oldest => Math.Max(1, Next - _packets.Length);

    /// <param name="mayGrow">False while no report has come: perhaps none ever will.</param>
    public ushort Add(long now, int octets, int probe, bool mayGrow)
    {
        ref var slot = ref _packets[Next & (_packets.Length - 1)];
        if (mayGrow && slot.Octets != 0 && !slot.IsReported && now - slot.SentAt < Patience && _packets.Length < Largest)
        {
            Grow();
            slot = ref _packets[Next & (_packets.Length - 1)];
        }

        slot = new Packet { SentAt = now, Octets = octets, Probe = (short)probe };
        return (ushort)Next++;
    }

    /// <summary>The number nearest to what was sent last.</summary>
    public long Unwrap(ushort number) => SequenceUnwrapper.Nearest(Next - 1, number);

    /// <param name="number">At least <see cref="Oldest"/>, below <see cref="Next"/>.</param>
    public ref Packet this[long number] => ref _packets[number & (_packets.Length - 1)];

    private void Grow()
    {
        var grown = new Packet[_packets.Length * 2];
        for (var number = Oldest; number < Next; number++)
            grown[number & (grown.Length - 1)] = this[number];
        _packets = grown;
    }

    internal struct Packet
    {
        /// <summary>Microseconds.</summary>
        public long SentAt;

        /// <summary>Of RTP; 0: no packet.</summary>
        public int Octets;

        /// <summary>The probe that it belongs to; 0: none.</summary>
        public short Probe;

        /// <summary>The receiver has told that it came.</summary>
        public bool IsReported;

        /// <summary>The receiver has told that it did not come (yet).</summary>
        public bool IsMissing;
    }
}
