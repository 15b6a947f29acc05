using Telemedicine.Media.Core;
using Telemedicine.Media.Net;
using Telemedicine.Media.Tests.Calls;

namespace Telemedicine.Media.Fuzz;

/// <summary>Raw datagrams at a node's port, from a connected participant's address and from strangers. None may end the call, and no stranger is sent anything.</summary>
internal sealed class EngineTarget : Target
{
    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly PeerAddress _stranger;
    private long _now;

    public EngineTarget()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _stranger = _network.NewAddress();
        _now = _network.Now;
    }

    public override string Name => "engine";

    public override IEnumerable<byte[]> Seeds =>
    [
        Script((0, _publisher.ProtectRtp(TestMedia.Video(1))), (1, [0, 1, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]])),
        Script((0, [22, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 14]), (1, [22, 0xFE, 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1])),
        Script((1, [0x80, 0xC8, 0, 1, 0, 0, 0, 1]), (0, [0x80, 0xC8, 0, 1, 0, 0, 0, 1]), (0, [0xFF])),
    ];

    public override void Run(byte[] input)
    {
        _network.SentTo.Clear();
        Play(input, (kind, datagram) =>
        {
            _now += 1000;
            _network.Engine.HandleDatagram(_now, kind % 2 == 0 ? _publisher.Address : _stranger, datagram);
        });
        Require(!_network.SentTo.Contains(_stranger), "Nothing is sent to an address that has not proved itself.");
        Require(_publisher.Transport.State == TransportState.Connected, "Forged datagrams end no call.");
    }

    public override void Dispose() => _network.Dispose();
}
