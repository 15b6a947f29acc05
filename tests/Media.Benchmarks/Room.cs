using System.Net;
using Telemedicine.Media.Core;
using Telemedicine.Media.Dtls;
using Telemedicine.Media.Net;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Tests;
using Telemedicine.Media.Tests.Calls;
using Telemedicine.Media.Tests.Ortc;

namespace Telemedicine.Media.Benchmarks;

/// <summary>One publisher of video and as many receivers as asked for, with real sockets on loopback, DTLS and SRTP; the engine runs on the calling thread.</summary>
internal sealed class Room : IDisposable
{
    public const int PayloadLength = 1100;

    private const uint CameraSsrc = 2222;
    private const byte CameraPayloadType = 96, TransportSequenceId = 3;

    private readonly DtlsContext _dtls = new(DtlsCertificate.Create(TimeProvider.System));
    private readonly MediaClock _clock = new(TimeProvider.System);
    private readonly UdpLayer _udp = UdpLayer.Open(new IPEndPoint(IPAddress.Loopback, 0), preferBatching: true);
    private readonly Engine _engine;
    private readonly Receiver _publisher;
    private readonly List<Receiver> _receivers = [];
    private ushort _number;

    public Room(int fanOut)
    {
        Output = new SwitchedOutput(_udp);
        _engine = new Engine(Output, _dtls, new WorkLimits(10_000, 10_000), 0, []);
        (_publisher, var sending) = Connect(TransportDirection.Send);
        var format = ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera());
        var camera = Incoming(sending).AddTrack(format, false);
        for (var i = 0; i < fanOut; i++)
        {
            var (receiver, receiving) = Connect(TransportDirection.Receive);
            Outgoing(receiving).AddTrack(_clock.Now, camera, ConsumerFormat.Negotiate(format, TestParameters.Receiver())).Resume(_clock.Now);
            _receivers.Add(receiver);
        }

        Send(1);
        Pump();
        Drain(1);
    }

    public SwitchedOutput Output { get; }

    /// <summary>Protected packets as the publisher sends them, and where from.</summary>
    public (PeerAddress From, byte[][] Datagrams) Prepare(int count) =>
        (_publisher.Address, [.. Enumerable.Range(0, count).Select(_ => _publisher.ProtectRtp(Next()))]);

    public void Handle(PeerAddress from, Span<byte> datagram) => _engine.HandleDatagram(_clock.Now, from, datagram);

    /// <summary>The publisher sends.</summary>
    public void Send(int packets)
    {
        for (var i = 0; i < packets; i++)
            _publisher.SendRtp(Next());
    }

    /// <summary>One round of a worker's loop.</summary>
    public int Pump()
    {
        var received = _udp.Receive();
        var now = _clock.Now;
        for (var i = 0; i < received; i++)
            _engine.HandleDatagram(now, _udp.From(i), _udp.Datagram(i));
        _udp.Flush();
        return received;
    }

    /// <summary>Every receiver gets what was sent to it.</summary>
    public void Drain(int packets)
    {
        foreach (var receiver in _receivers)
            receiver.Discard(packets);
    }

    /// <summary>Consent checks, reports, feedback.</summary>
    public void KeepAlive()
    {
        _publisher.HandleTimeout(_clock.Now);
        foreach (var receiver in _receivers)
            receiver.HandleTimeout(_clock.Now);
        Pump();
        _engine.HandleTimeout(_clock.Now);
        _udp.Flush();
    }

    public void Dispose()
    {
        _engine.CloseAll();
        _udp.Flush();
        _publisher.Dispose();
        foreach (var receiver in _receivers)
            receiver.Dispose();
        _udp.Dispose();
        _dtls.Dispose();
    }

    private static IncomingMedia Incoming(Transport transport) => transport.Incoming ?? throw new InvalidOperationException("Not a send transport.");

    private static OutgoingMedia Outgoing(Transport transport) => transport.Outgoing ?? throw new InvalidOperationException("Not a receive transport.");

    private (Receiver Peer, Transport Transport) Connect(TransportDirection direction)
    {
        var transport = _engine.CreateTransport(direction);
        var candidate = new IceCandidate("1", 1, "127.0.0.1", "127.0.0.1", _udp.Port, "udp", "host", null);
        var peer = new Receiver(new TransportParameters(Guid.NewGuid(), transport.IceParameters, [candidate], new DtlsParameters("auto", [_dtls.Certificate.Fingerprint])));
        transport.Connect(_clock.Now, peer.DtlsParameters);
        peer.Begin();
        peer.PumpUntil(() => peer.HasKeys && transport.IsConnected, () => Pump());
        return (peer, transport);
    }

    private byte[] Next()
    {
        var number = ++_number;
        var payload = new byte[PayloadLength];
        payload[0] = 0x10;
        payload[1] = (byte)(number == 1 ? 0 : 1);
        return TestPackets.Rtp(CameraPayloadType, number, number * 700u, CameraSsrc, payload, TestPackets.OneByteExtension((TransportSequenceId, [(byte)(number >> 8), (byte)number])));
    }
}
