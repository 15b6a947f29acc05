using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Telemedicine.Media.Net;

/// <summary>
/// Collects datagrams and sends them with sendmmsg. Datagrams of one size to one peer become one message that the kernel cuts up (UDP_SEGMENT), wherever they
/// stand in the queue: a forwarded burst goes packet by packet to all its receivers, so one peer's datagrams are seldom neighbours.
/// </summary>
internal sealed unsafe class UdpSendQueue
{
    private const int MaxDatagrams = 512;
    private const int ArenaLength = 512 * 1024;
    private const int SockAddrStride = 32;

    // Linux: UDP_MAX_SEGMENTS, and the longest UDP payload under an IPv6 header.
    private const int MaxSegments = 64;
    private const int MaxRunLength = 65_487;

    // Twice as many as there can be peers in the queue.
    private const int SlotCount = 1024;

    private readonly int _socket;
    private readonly AddressFamily _family;
    private readonly byte[] _arena = GC.AllocateUninitializedArray<byte>(ArenaLength, pinned: true);
    private readonly Datagram[] _datagrams = new Datagram[MaxDatagrams];
    private readonly Run[] _runs = new Run[MaxDatagrams];
    private readonly Slot[] _slots = new Slot[SlotCount];
    private readonly byte[] _sockAddrs = GC.AllocateArray<byte>(MaxDatagrams * SockAddrStride, pinned: true);
    private readonly LibC.IoVector[] _vectors = GC.AllocateArray<LibC.IoVector>(MaxDatagrams, pinned: true);
    private readonly LibC.SegmentControl[] _controls = GC.AllocateArray<LibC.SegmentControl>(MaxDatagrams, pinned: true);
    private readonly LibC.MultiMessage[] _messages = GC.AllocateArray<LibC.MultiMessage>(MaxDatagrams, pinned: true);
    private readonly int[] _runOf = new int[MaxDatagrams];

    private bool _segments;
    private PeerAddress _to;
    private int _used;
    private int _datagramCount;
    private int _runCount;
    private uint _generation = 1;

    public UdpSendQueue(int socket, AddressFamily family, bool canSegment)
    {
        _socket = socket;
        _family = family;
        _segments = canSegment;
    }

    public long Dropped { get; private set; }

    public Span<byte> Reserve(PeerAddress to, int max)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(max, UdpLayer.MaxDatagram);
        if (_datagramCount == MaxDatagrams || _used + max > ArenaLength)
            Flush();
        _to = to;
        return _arena.AsSpan(_used, max);
    }

    public void Commit(int length)
    {
        if (length == 0)
            return;
        int datagram = _datagramCount++;
        _datagrams[datagram] = new() { Start = _used, Length = length };
        _used += length;
        ref Slot slot = ref FindSlot();
        if (slot.Generation != _generation)
            slot.Generation = _generation;
        else if (TryExtend(ref _runs[slot.Run], datagram, length))
            return;
        slot.Run = _runCount;
        _runs[_runCount++] = new() { To = _to, First = datagram, Last = datagram, Count = 1, SegmentSize = length, Length = length };
    }

    public void Flush()
    {
        if (_runCount == 0)
            return;
        int vectors = 0;
        int messages = 0;
        for (int run = 0; run < _runCount; run++)
        {
            _runOf[messages] = run;
            if (Prepare(_runs[run], messages, ref vectors))
                messages++;
            else
                Dropped += _runs[run].Count;
        }

        Send(messages);
        _used = _datagramCount = _runCount = 0;
        if (++_generation == 0)
        {
            Array.Clear(_slots);
            _generation = 1;
        }
    }

    /// <summary>The peer's slot, or the free one that it should have.</summary>
    private ref Slot FindSlot()
    {
        for (int at = _to.GetHashCode(); ; at++)
        {
            ref Slot slot = ref _slots[at & (SlotCount - 1)];
            if (slot.Generation != _generation || _runs[slot.Run].To == _to)
                return ref slot;
        }
    }

    /// <summary>The kernel cuts at equal lengths: only the last datagram of a run may be shorter.</summary>
    private bool TryExtend(ref Run run, int datagram, int length)
    {
        if (!_segments || run.Closed || length > run.SegmentSize || run.Count == MaxSegments || run.Length + length > MaxRunLength)
            return false;
        _datagrams[run.Last].Next = datagram;
        run.Last = datagram;
        run.Count++;
        run.Length += length;
        run.Closed = length < run.SegmentSize;
        return true;
    }

    /// <returns>False for a peer that this socket cannot reach.</returns>
    private bool Prepare(in Run run, int message, ref int vectors)
    {
        int nameLength = WriteName(run.To, message);
        if (nameLength == 0)
            return false;
        int first = vectors;
        byte* arena = LibC.AddressOf(_arena);
        int datagram = run.First;
        for (int n = 0; n < run.Count; n++, datagram = _datagrams[datagram].Next)
        {
            ref Datagram piece = ref _datagrams[datagram];
            byte* start = arena + piece.Start;
            if (vectors > first && _vectors[vectors - 1].Start + _vectors[vectors - 1].Length == start)
                _vectors[vectors - 1].Length += (nuint)piece.Length;
            else
                _vectors[vectors++] = new() { Start = start, Length = (nuint)piece.Length };
        }

        ref LibC.MultiMessage target = ref _messages[message];
        target = new()
        {
            Name = LibC.AddressOf(_sockAddrs) + (message * SockAddrStride),
            NameLength = (uint)nameLength,
            Vectors = LibC.AddressOf(_vectors) + first,
            VectorCount = (nuint)(vectors - first),
        };
        if (run.Count > 1)
        {
            _controls[message] = new()
            {
                Length = LibC.SegmentControl.UsedLength,
                Level = LibC.LevelUdp,
                Type = LibC.UdpSegment,
                SegmentSize = (ushort)run.SegmentSize,
            };
            target.Control = LibC.AddressOf(_controls) + message;
            target.ControlLength = (nuint)sizeof(LibC.SegmentControl);
        }

        return true;
    }

    private int WriteName(PeerAddress to, int message)
    {
        Span<byte> name = _sockAddrs.AsSpan(message * SockAddrStride, SockAddrStride);
        BitConverter.TryWriteBytes(name, _family == AddressFamily.InterNetwork ? LibC.AfInet : LibC.AfInet6);
        return to.WriteSockAddr(_family, name);
    }

    private void Send(int messages)
    {
        for (int next = 0; next < messages;)
        {
            int sent = LibC.SendMany(_socket, LibC.AddressOf(_messages) + next, (uint)(messages - next), LibC.DoNotWait);
            if (sent > 0)
            {
                next += sent;
                continue;
            }

            switch (Marshal.GetLastPInvokeError())
            {
                case LibC.Eintr:
                    continue;
                case LibC.Eagain:
                    // The socket's buffer is full; each of the rest would only cost a system call.
                    for (; next < messages; next++)
                        Dropped += DatagramsIn(next);
                    return;
                case LibC.Einval or LibC.Emsgsize or LibC.Eio or LibC.Eopnotsupp when _messages[next].ControlLength != 0:
                    SendSingly(next++);
                    continue;
                default:
                    Dropped += DatagramsIn(next++);
                    continue;
            }
        }
    }

    /// <summary>A run that the kernel would not cut up: the device cannot, or the path's packets are shorter than ours.</summary>
    private void SendSingly(int message)
    {
        if (Marshal.GetLastPInvokeError() is LibC.Eio or LibC.Eopnotsupp)
            _segments = false;
        LibC.IoVector vector;
        LibC.MultiMessage single = _messages[message] with { Vectors = &vector, VectorCount = 1, Control = null, ControlLength = 0 };
        ref Run run = ref _runs[_runOf[message]];
        int datagram = run.First;
        for (int n = 0; n < run.Count; n++, datagram = _datagrams[datagram].Next)
        {
            vector = new() { Start = LibC.AddressOf(_arena) + _datagrams[datagram].Start, Length = (nuint)_datagrams[datagram].Length };
            if (LibC.SendMany(_socket, &single, 1, LibC.DoNotWait) != 1)
                Dropped++;
        }
    }

    private int DatagramsIn(int message) => _runs[_runOf[message]].Count;

    /// <summary>Where in the arena a datagram stands, and which of its run comes next.</summary>
    private struct Datagram
    {
        public int Start;
        public int Length;
        public int Next;
    }

    /// <summary>Datagrams of one message.</summary>
    private struct Run
    {
        public PeerAddress To;
        public int First;
        public int Last;
        public int Count;
        public int SegmentSize;
        public int Length;
        public bool Closed;
    }

    /// <summary>A peer's newest run. Slots of earlier generations count as free, so nothing is cleared after a flush.</summary>
    private struct Slot
    {
        public uint Generation;
        public int Run;
    }
}
