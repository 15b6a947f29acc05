using System.Net;
using System.Net.Sockets;

namespace Telemedicine.Media.Net;

/// <summary>The path for any system: one call of the socket for each datagram.</summary>
internal sealed class PlainUdpLayer : UdpLayer
{
    // A byte more, to notice what is too long.
    private const int Slot = MaxDatagram + 1;

    private readonly byte[] _received = GC.AllocateUninitializedArray<byte>(ReceiveBatch * Slot, pinned: true);
    private readonly int[] _lengths = new int[ReceiveBatch];
    private readonly PeerAddress[] _from = new PeerAddress[ReceiveBatch];
    private readonly byte[] _sending = new byte[MaxDatagram];
    private readonly SocketAddress _receiveAddress;
    private readonly SocketAddress _sendAddress;
    private readonly Socket _waker;
    private readonly SocketAddress _wakeAddress;
    private PeerAddress _to;
    private long _droppedSends;

    public PlainUdpLayer(Socket socket)
        : base(socket)
    {
        _receiveAddress = new SocketAddress(socket.AddressFamily);
        _sendAddress = new SocketAddress(socket.AddressFamily);
        socket.Blocking = false;

        // Waking is an empty datagram to ourselves: it ends a wait on every system, and empty datagrams are ignored anyhow.
        IPAddress bound = ((IPEndPoint?)socket.LocalEndPoint)?.Address ?? IPAddress.Loopback;
        IPAddress self = bound.Equals(IPAddress.Any) ? IPAddress.Loopback : bound.Equals(IPAddress.IPv6Any) ? IPAddress.IPv6Loopback : bound;
        _wakeAddress = new IPEndPoint(self, Port).Serialize();
        _waker = new Socket(self.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
    }

    public override long DroppedSends => _droppedSends;

    public override bool Wait(int microseconds) => Socket.Poll(microseconds, SelectMode.SelectRead);

    public override void Wake() => _waker.SendTo([], SocketFlags.None, _wakeAddress);

    public override int Receive()
    {
        int count = 0;
        while (count < ReceiveBatch && Socket.Poll(0, SelectMode.SelectRead))
        {
            int length = ReceiveInto(_received.AsSpan(count * Slot, Slot));
            if (length > MaxDatagram)
                DroppedReceives++;
            else if (length > 0 && PeerAddress.TryReadSockAddr(_receiveAddress.Family, _receiveAddress.Buffer.Span[.._receiveAddress.Size], out _from[count]))
                _lengths[count++] = length;
        }

        return count;
    }

    public override Span<byte> Datagram(int index) => _received.AsSpan(index * Slot, _lengths[index]);

    public override PeerAddress From(int index) => _from[index];

    public override Span<byte> Reserve(PeerAddress to, int max)
    {
        _to = to;
        return _sending.AsSpan(0, max);
    }

    public override void Commit(int length)
    {
        if (length == 0)
            return;
        int size = _to.WriteSockAddr(Socket.AddressFamily, _sendAddress.Buffer.Span);
        if (size == 0)
        {
            _droppedSends++;
            return;
        }

        try
        {
            Socket.SendTo(_sending.AsSpan(0, length), SocketFlags.None, _sendAddress);
        }
        catch (SocketException)
        {
            _droppedSends++; // whatever the reason (full buffer, no route, a filter), one datagram did not leave
        }
    }

    public override void Flush()
    {
        // Commit has sent it.
    }

    public override void Dispose()
    {
        _waker.Dispose();
        base.Dispose();
    }

    /// <returns>0 when there was nothing after all.</returns>
    private int ReceiveInto(Span<byte> buffer)
    {
        _receiveAddress.Size = _receiveAddress.Buffer.Length;
        try
        {
            return Socket.ReceiveFrom(buffer, SocketFlags.None, _receiveAddress);
        }
        catch (SocketException gone) when (gone.SocketErrorCode is SocketError.WouldBlock or SocketError.ConnectionReset or SocketError.ConnectionRefused)
        {
            return 0; // announced, but its checksum was wrong; or a report about an earlier datagram of ours
        }
        catch (SocketException tooLong) when (tooLong.SocketErrorCode == SocketError.MessageSize)
        {
            return MaxDatagram + 1;
        }
    }
}
