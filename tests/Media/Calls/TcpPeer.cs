using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>A peer that comes by TCP, as active side (RFC 6544), each datagram behind its length (RFC 4571).</summary>
internal sealed class TcpPeer : SocketPeer
{
    private readonly byte[] _received = new byte[64 * 1024];
    private int _length;

    /// <param name="receiveBuffer">How much the system keeps for this peer before the sender has to wait; 0 leaves it to the system.</param>
    public TcpPeer(TransportParameters parameters, int receiveBuffer = 0)
        : base(parameters, new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true })
    {
        if (receiveBuffer > 0)
            Socket.ReceiveBufferSize = receiveBuffer;
        Socket.Connect(EndPointOf(parameters));
        Address = PeerAddress.From((IPEndPoint)(Socket.LocalEndPoint ?? throw new InvalidOperationException("Not bound.")));
    }

    public static IPEndPoint EndPointOf(TransportParameters parameters)
    {
        var candidate = parameters.IceCandidates.First(each => each is { Protocol: "tcp", TcpType: "passive" });
        return new(IPAddress.Parse(candidate.Ip), candidate.Port);
    }

    public static byte[] Frame(ReadOnlySpan<byte> datagram)
    {
        var frame = new byte[2 + datagram.Length];
        BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)datagram.Length);
        datagram.CopyTo(frame.AsSpan(2));
        return frame;
    }

    protected override void Receive()
    {
        _length += Socket.Receive(_received.AsSpan(_length));
        var at = 0;
        while (_length - at >= 2 && BinaryPrimitives.ReadUInt16BigEndian(_received.AsSpan(at)) is var length && _length - at >= 2 + length)
        {
            HandleDatagram(Now, _received[(at + 2)..(at + 2 + length)]);
            at += 2 + length;
        }

        _received.AsSpan(at, _length - at).CopyTo(_received);
        _length -= at;
    }

    protected override void Send(PeerAddress from, ReadOnlySpan<byte> datagram) => Socket.Send(Frame(datagram));
}
