using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Telemedicine.Media.Net;

/// <summary>The path for 64-bit Linux: one system call for many datagrams. The kernel is most of a packet's cost, and this halves it.</summary>
internal sealed unsafe class BatchedUdpLayer : UdpLayer
{
    private const int SockAddrStride = 32;

    private readonly int _socket;
    private readonly SafeFileHandle _wake;
    private readonly UdpSendQueue _queue;

    // Pinned, because the prepared messages point into them for good.
    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(ReceiveBatch * MaxDatagram, pinned: true);
    private readonly byte[] _sockAddrs = GC.AllocateArray<byte>(ReceiveBatch * SockAddrStride, pinned: true);
    private readonly LibC.IoVector[] _vectors = GC.AllocateArray<LibC.IoVector>(ReceiveBatch, pinned: true);
    private readonly LibC.MultiMessage[] _messages = GC.AllocateArray<LibC.MultiMessage>(ReceiveBatch, pinned: true);

    // The messages that are handed out, and where they came from.
    private readonly int[] _kept = new int[ReceiveBatch];
    private readonly PeerAddress[] _from = new PeerAddress[ReceiveBatch];

    public BatchedUdpLayer(Socket socket)
        : base(socket)
    {
        socket.Blocking = true;
        socket.ReceiveTimeout = LongestBlock;
        _socket = (int)socket.SafeHandle.DangerousGetHandle();
        _wake = new SafeFileHandle(LibC.EventFd(0, LibC.EventFdCloseOnExec | LibC.EventFdNonBlocking), ownsHandle: true);
        if (_wake.IsInvalid)
            throw new SocketException(Marshal.GetLastPInvokeError());
        _queue = new UdpSendQueue(_socket, socket.AddressFamily, CanSegment(socket));
        for (int n = 0; n < ReceiveBatch; n++)
        {
            _vectors[n] = new() { Start = LibC.AddressOf(_received) + (n * MaxDatagram), Length = MaxDatagram };
            _messages[n] = new()
            {
                Name = LibC.AddressOf(_sockAddrs) + (n * SockAddrStride),
                Vectors = LibC.AddressOf(_vectors) + n,
                VectorCount = 1,
            };
        }
    }

    public override long DroppedSends => _queue.Dropped;

    public override bool Wait(int microseconds)
    {
        LibC.PollDescriptor* both = stackalloc LibC.PollDescriptor[2];
        both[0] = new() { Descriptor = _socket, Events = LibC.PollIn };
        both[1] = new() { Descriptor = (int)_wake.DangerousGetHandle(), Events = LibC.PollIn };
        LibC.TimeSpec time = new() { Seconds = microseconds / 1_000_000, Nanoseconds = microseconds % 1_000_000 * 1000 };
        int ready = LibC.PPoll(both, 2, microseconds < 0 ? null : &time, null);
        if (both[1].Returned != 0)
        {
            ulong wakes;
            LibC.Read(_wake, &wakes, sizeof(ulong));
        }

        return ready != 0; // an interrupted wait ends as if woken
    }

    public override void Wake()
    {
        ulong one = 1;
        LibC.Write(_wake, &one, sizeof(ulong));
    }

    public override int Receive() => Receive(LibC.DoNotWait);

    public override int ReceiveNext() => Receive(LibC.WaitForOne);

    public override Span<byte> Datagram(int index)
    {
        int at = _kept[index];
        return _received.AsSpan(at * MaxDatagram, (int)_messages[at].Length);
    }

    public override PeerAddress From(int index) => _from[index];

    public override Span<byte> Reserve(PeerAddress to, int max) => _queue.Reserve(to, max);

    public override void Commit(int length) => _queue.Commit(length);

    public override void Flush() => _queue.Flush();

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    private int Receive(int flags)
    {
        for (int n = 0; n < ReceiveBatch; n++)
            _messages[n].NameLength = SockAddrStride;
        int received;
        do
            received = LibC.ReceiveMany(_socket, LibC.AddressOf(_messages), ReceiveBatch, flags, null);
        while (received < 0 && Marshal.GetLastPInvokeError() == LibC.Eintr);
        int count = 0;
        for (int n = 0; n < received; n++)
        {
            if ((_messages[n].Flags & LibC.Truncated) != 0)
                DroppedReceives++;
            else if (_messages[n].Length > 0 && TryReadSender(n, out _from[count]))
                _kept[count++] = n;
        }

        return count;
    }

    private bool TryReadSender(int message, out PeerAddress sender)
    {
        ReadOnlySpan<byte> sockAddr = _sockAddrs.AsSpan(message * SockAddrStride, SockAddrStride);
        AddressFamily family = BitConverter.ToUInt16(sockAddr) switch
        {
            LibC.AfInet => AddressFamily.InterNetwork,
            LibC.AfInet6 => AddressFamily.InterNetworkV6,
            _ => AddressFamily.Unknown,
        };
        return PeerAddress.TryReadSockAddr(family, sockAddr, out sender);
    }

    /// <summary>Kernels before 4.18 do not know the option, and would send a run of datagrams as one.</summary>
    private static bool CanSegment(Socket socket)
    {
        try
        {
            socket.SetRawSocketOption(LibC.LevelUdp, LibC.UdpSegment, [0, 0, 0, 0]);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
