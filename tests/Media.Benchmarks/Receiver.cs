using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Net;
using Telemedicine.Media.Tests.Calls;

namespace Telemedicine.Media.Benchmarks;

/// <summary>A peer that connects like any other and then takes its packets unread, as the echo's receivers do.</summary>
internal sealed class Receiver : SocketPeer
{
    private readonly byte[] _received = new byte[UdpLayer.MaxDatagram];

    public Receiver(TransportParameters parameters)
        : base(parameters, new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 5000 })
    {
        Socket.Connect(IPAddress.Loopback, parameters.IceCandidates[0].Port);
        Address = PeerAddress.From((IPEndPoint)(Socket.LocalEndPoint ?? throw new InvalidOperationException("Not bound.")));
    }

    /// <summary>Takes this many RTP packets, and what else came between them.</summary>
    public void Discard(int packets)
    {
        while (packets > 0)
        {
            Socket.Receive(_received);
            if (_received[0] >= 128 && _received[1] is < 192 or > 223)
                packets--;
        }
    }

    protected override void Receive() => HandleDatagram(Now, _received[..Socket.Receive(_received)]);

    protected override void Send(PeerAddress from, ReadOnlySpan<byte> datagram) => Socket.Send(datagram);
}
