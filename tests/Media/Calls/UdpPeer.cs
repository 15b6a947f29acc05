using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>A peer that comes by UDP.</summary>
internal sealed class UdpPeer : SocketPeer
{
    private readonly byte[] _received = new byte[UdpLayer.MaxDatagram];

    /// <param name="address">Which of the announced addresses; the first by default.</param>
    public UdpPeer(TransportParameters parameters, IPAddress? address = null)
        : base(parameters, new Socket((address ?? IPAddress.Parse(parameters.IceCandidates[0].Ip)).AddressFamily, SocketType.Dgram, ProtocolType.Udp))
    {
        var candidate = parameters.IceCandidates.First(each => each.Protocol == "udp" && (address is null || each.Ip == address.ToString()));
        Socket.Connect(new IPEndPoint(IPAddress.Parse(candidate.Ip), candidate.Port));
        Address = PeerAddress.From((IPEndPoint)(Socket.LocalEndPoint ?? throw new InvalidOperationException("Not bound.")));
    }

    protected override void Receive() => HandleDatagram(Now, _received[..Socket.Receive(_received)]);

    protected override void Send(PeerAddress from, ReadOnlySpan<byte> datagram) => Socket.Send(datagram);
}
