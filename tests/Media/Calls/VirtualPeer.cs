using Telemedicine.Media.Core;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>A peer on a <see cref="VirtualNetwork"/>, with the transport it talks to.</summary>
internal sealed class VirtualPeer : Peer
{
    private readonly VirtualNetwork _network;

    public VirtualPeer(VirtualNetwork network, Transport transport, PeerAddress address)
        : base(transport.IceParameters, network.Fingerprint)
    {
        _network = network;
        Transport = transport;
        Address = address;
        transport.StateChanged = States.Add;
    }

    public Transport Transport { get; }

    /// <summary>Every state the transport went through.</summary>
    public List<TransportState> States { get; } = [];

    public bool IsConnected => HasKeys && Transport.State == TransportState.Connected;

    public IncomingMedia Incoming => Transport.Incoming ?? throw new InvalidOperationException("Not a send transport.");

    public OutgoingMedia Outgoing => Transport.Outgoing ?? throw new InvalidOperationException("Not a receive transport.");

    protected override long Now => _network.Now;

    public void Connect(DtlsParameters? announced = null)
    {
        Transport.Connect(_network.Now, announced ?? DtlsParameters);
        Begin();
    }

    public void MoveTo(PeerAddress address)
    {
        _network.Move(this, address);
        Address = address;
    }

    protected override void Send(PeerAddress from, ReadOnlySpan<byte> datagram) => _network.Send(from, datagram);
}
