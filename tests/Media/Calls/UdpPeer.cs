using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>A peer with a real socket.</summary>
internal sealed class UdpPeer : Peer
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly MediaClock _clock = new(TimeProvider.System);
    private readonly byte[] _received = new byte[UdpLayer.MaxDatagram];

    public UdpPeer(TransportParameters parameters)
        : base(parameters.IceParameters, parameters.DtlsParameters.Fingerprints[0])
    {
        var candidate = parameters.IceCandidates[0];
        _socket.Connect(new IPEndPoint(IPAddress.Parse(candidate.Ip), candidate.Port));
        Address = PeerAddress.From((IPEndPoint)(_socket.LocalEndPoint ?? throw new InvalidOperationException("Not bound.")));
    }

    protected override long Now => _clock.Now;

    /// <summary>Takes in what comes until the condition holds; fails after 20 s.</summary>
    public void PumpUntil(Func<bool> condition, Action? meanwhile = null)
    {
        var deadline = Now + 20_000_000;
        while (!condition())
        {
            Xunit.Assert.True(Now < deadline, "What the test waits for did not happen.");
            meanwhile?.Invoke();
            if (_socket.Poll(10_000, SelectMode.SelectRead))
                HandleDatagram(Now, _received[.._socket.Receive(_received)]);
            HandleTimeout(Now);
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _socket.Dispose();
    }

    protected override void Send(PeerAddress from, ReadOnlySpan<byte> datagram) => _socket.Send(datagram);
}
