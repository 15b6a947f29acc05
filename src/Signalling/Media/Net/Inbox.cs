using System.Runtime.InteropServices;

namespace Telemedicine.Media.Net;

/// <summary>
/// Datagrams on their way to one worker from other threads: from the worker whose socket they came to, and from TCP connections. Bounded; many threads post, one
/// takes; nobody waits for anybody. Each slot carries a turn: at which round it may be written, and when it may be read.
/// </summary>
internal sealed class Inbox
{
    /// <summary>From no worker's socket: a TCP connection's.</summary>
    public const int ViaTcp = -1;

    private const int SlotCount = 1024;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(SlotCount * UdpLayer.MaxDatagram, pinned: true);
    private readonly Slot[] _slots = new Slot[SlotCount];
    private PaddedPosition _next;
    private long _taken;

    public Inbox()
    {
        for (int n = 0; n < SlotCount; n++)
            _slots[n].Turn = n;
    }

    /// <summary>On the taking thread, or as a hint elsewhere.</summary>
    public bool IsEmpty => Volatile.Read(ref _slots[_taken & (SlotCount - 1)].Turn) != _taken + 1;

    /// <param name="via">The worker whose socket it came to, or <see cref="ViaTcp"/>.</param>
    /// <param name="datagram">Empty: <paramref name="from"/> proved to that worker that it belongs there.</param>
    /// <returns>False when the inbox is full: the datagram is lost, as on any full queue of the network.</returns>
    public bool TryPost(int via, PeerAddress from, ReadOnlySpan<byte> datagram)
    {
        long position = Volatile.Read(ref _next.Value);
        while (true)
        {
            ref Slot slot = ref _slots[position & (SlotCount - 1)];
            long ahead = Volatile.Read(ref slot.Turn) - position;
            if (ahead < 0)
                return false;
            if (ahead == 0 && Interlocked.CompareExchange(ref _next.Value, position + 1, position) == position)
            {
                slot.Via = via;
                slot.From = from;
                slot.Length = datagram.Length;
                datagram.CopyTo(BytesOf(position));
                Volatile.Write(ref slot.Turn, position + 1);
                return true;
            }

            position = Volatile.Read(ref _next.Value);
        }
    }

    /// <summary>The oldest datagram, which stays valid until <see cref="Release"/>.</summary>
    public bool TryTake(out int via, out PeerAddress from, out Span<byte> datagram)
    {
        ref Slot slot = ref _slots[_taken & (SlotCount - 1)];
        if (Volatile.Read(ref slot.Turn) != _taken + 1)
        {
            via = 0;
            from = default;
            datagram = default;
            return false;
        }

        via = slot.Via;
        from = slot.From;
        datagram = BytesOf(_taken)[..slot.Length];
        return true;
    }

    public void Release()
    {
        Volatile.Write(ref _slots[_taken & (SlotCount - 1)].Turn, _taken + SlotCount);
        _taken++;
    }

    private Span<byte> BytesOf(long position) => _bytes.AsSpan((int)(position & (SlotCount - 1)) * UdpLayer.MaxDatagram, UdpLayer.MaxDatagram);

    private struct Slot
    {
        public long Turn;
        public PeerAddress From;
        public int Via;
        public int Length;
    }

    /// <summary>Alone on its cache line: every poster writes it.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct PaddedPosition
    {
        [FieldOffset(64)]
        public long Value;
    }
}
