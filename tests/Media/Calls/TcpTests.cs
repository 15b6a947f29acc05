using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Media.Net;
using Telemedicine.Media.Tests.Ortc;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>ICE-TCP (RFC 6544) with real connections.</summary>
public sealed class TcpTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new();
    private MediaNode? _node;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private MediaNode Node => _node ?? throw new InvalidOperationException("Not started.");

    public async ValueTask InitializeAsync() => _node = await MediaNode.StartAsync(new MediaOptions { Port = 0, Workers = 2 }, _time, Cancellation);

    public async ValueTask DisposeAsync() => await Node.DisposeAsync();

    [Fact]
    public async Task Sound_and_video_go_from_udp_to_tcp_and_from_tcp_to_udp()
    {
        // On both workers, so that one of them is not the first.
        foreach (var router in new[] { Node.CreateRouter(), Node.CreateRouter() })
        {
            var (fromUdp, udpSends) = await ConnectAsync(router, TransportDirection.Send, parameters => new UdpPeer(parameters));
            var (fromTcp, tcpSends) = await ConnectAsync(router, TransportDirection.Send, parameters => new TcpPeer(parameters));
            var (toUdp, udpReceives) = await ConnectAsync(router, TransportDirection.Receive, parameters => new UdpPeer(parameters));
            var (toTcp, tcpReceives) = await ConnectAsync(router, TransportDirection.Receive, parameters => new TcpPeer(parameters));
            await ConsumeAsync(udpSends, tcpReceives);
            await ConsumeAsync(tcpSends, udpReceives);

            for (ushort i = 0; i < 100; i++)
            {
                fromUdp.SendRtp(TestMedia.Sound(i));
                fromTcp.SendRtp(TestMedia.Sound(i));
            }

            toTcp.PumpUntil(() => toTcp.Rtp.Count == 100);
            toUdp.PumpUntil(() => toUdp.Rtp.Count == 100);
            Assert.Equal(Enumerable.Range(0, 100), toTcp.Rtp.Contents());
            Assert.Equal(Enumerable.Range(0, 100), toUdp.Rtp.Contents().Order());
            foreach (var peer in new SocketPeer[] { fromUdp, fromTcp, toUdp, toTcp })
                peer.Dispose();
        }
    }

    [Fact]
    public async Task A_frame_may_come_in_pieces_and_many_in_one()
    {
        var transport = await Node.CreateRouter().CreateTransportAsync(TransportDirection.Send, Cancellation);
        using var peer = new RecordingPeer(transport.Parameters);
        peer.Begin();
        var check = TcpPeer.Frame(peer.Sent[0]);
        using var socket = Connect(transport);

        foreach (var piece in check)
            await socket.SendAsync(new[] { piece }, Cancellation);
        Assert.True(await ReceivesAsync(socket));
        await socket.SendAsync(new[] { check, check, check }.SelectMany(frame => frame).ToArray(), Cancellation);
        Assert.True(await ReceivesAsync(socket));
    }

    [Fact]
    public async Task A_reader_that_is_too_slow_loses_packets_and_holds_nobody_up()
    {
        var router = Node.CreateRouter();
        var (publisher, sends) = await ConnectAsync(router, TransportDirection.Send, parameters => new UdpPeer(parameters));
        var (slow, slowly) = await ConnectAsync(router, TransportDirection.Receive, parameters => new TcpPeer(parameters, receiveBuffer: 8192));
        var (other, receives) = await ConnectAsync(router, TransportDirection.Receive, parameters => new UdpPeer(parameters));
        var camera = await sends.ProduceAsync(MediaKind.Video, TestParameters.Camera(), MediaSource.Camera, false, Cancellation);
        foreach (var receiving in new[] { slowly, receives })
            await (await receiving.ConsumeAsync(camera, TestParameters.Receiver(), Cancellation)).ResumeAsync();

        // Over a megabyte that the slow one does not read; the other takes it all meanwhile.
        ushort number = 0;
        for (; number < 1000; number++)
        {
            publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraPayloadType, number, number, TestMedia.CameraSsrc, [.. TestMedia.VideoPayload(number, number == 0), .. new byte[1200]]));
            if (number % 20 == 0)
                other.PumpUntil(() => other.Rtp.Count > number - 20);
        }

        other.PumpUntil(() => other.Rtp.Count == 1000);
        Assert.True((await Node.ReadCountersAsync(Cancellation)).DroppedSends > 100);
        Assert.Equal(TransportState.Connected, slowly.State);

        // It wakes up: what it gets is whole, and the newest gets through again.
        slow.PumpUntil(() => slow.Rtp.Numbers().LastOrDefault() >= 1000, () =>
            publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraPayloadType, number++, number, TestMedia.CameraSsrc, TestMedia.VideoPayload(number))));
        Assert.True(slow.Rtp.Count < 1000);
        foreach (var peer in new SocketPeer[] { publisher, slow, other })
            peer.Dispose();
    }

    [Fact]
    public async Task A_connection_that_passes_no_check_is_closed_in_time()
    {
        var transport = await Node.CreateRouter().CreateTransportAsync(TransportDirection.Send, Cancellation);
        using var silent = Connect(transport);
        using var forger = Connect(transport);
        using var wrong = new RecordingPeer(transport.Parameters);
        wrong.SendCheck(default, nominate: true, password: "aaaaaaaaaaaaaaaaaaaaaaaa");
        await forger.SendAsync(TcpPeer.Frame(wrong.Sent[0]), Cancellation);
        while ((await Node.ReadCountersAsync(Cancellation)).DroppedStun == 0)
            Cancellation.ThrowIfCancellationRequested();
        // Connections are let in in the order they came: with the last of them connected, the time of the first two runs.
        var (good, proven) = await ConnectAsync(Node.CreateRouter(), TransportDirection.Send, parameters => new TcpPeer(parameters));

        _time.Advance(TcpConnections.ProofTime);

        Assert.False(await ReceivesAsync(silent));
        Assert.False(await ReceivesAsync(forger));
        await UntilOpenAsync(1);
        Assert.Equal(TransportState.Connected, proven.State);
        good.Dispose();
    }

    [Fact]
    public async Task What_does_not_begin_with_a_check_is_closed_at_once()
    {
        var transport = await Node.CreateRouter().CreateTransportAsync(TransportDirection.Send, Cancellation);
        foreach (var rubbish in new[] { "GET / HTTP/1.1\r\n\r\n"u8.ToArray(), [0xFF, 0xFF, 0, 0], TcpPeer.Frame([0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), TcpPeer.Frame([0, 1, 0, 0]) })
        {
            using var socket = Connect(transport);
            await socket.SendAsync(rubbish, Cancellation);
            Assert.False(await ReceivesAsync(socket));
        }
    }

    [Fact]
    public async Task One_host_cannot_hold_more_than_its_share_of_silent_connections()
    {
        var transport = await Node.CreateRouter().CreateTransportAsync(TransportDirection.Send, Cancellation);
        var sockets = new List<Socket>();
        try
        {
            for (var i = 0; i < TcpConnections.MaximumUnprovenOfOneHost; i++)
                sockets.Add(Connect(transport));
            using var oneMore = Connect(transport);
            Assert.False(await ReceivesAsync(oneMore));
            Assert.Equal(TcpConnections.MaximumUnprovenOfOneHost, Node.TcpConnections);

            // When some go, others may come.
            sockets[0].Dispose();
            var (peer, _) = await RetryAsync(() => ConnectAsync(Node.CreateRouter(), TransportDirection.Send, parameters => new TcpPeer(parameters)));
            peer.Dispose();
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
    }

    [Fact]
    public async Task The_connection_ends_with_its_transport()
    {
        var router = Node.CreateRouter();
        var (peer, transport) = await ConnectAsync(router, TransportDirection.Send, parameters => new TcpPeer(parameters));
        Assert.Equal(1, Node.TcpConnections);

        await transport.CloseAsync();

        await UntilOpenAsync(0);
        peer.Dispose();
    }

    [Fact]
    public async Task A_udp_datagram_from_the_same_address_and_port_is_somebody_elses()
    {
        var router = Node.CreateRouter();
        var (peer, transport) = await ConnectAsync(router, TransportDirection.Send, parameters => new TcpPeer(parameters));
        var before = (await Node.ReadCountersAsync(Cancellation)).DroppedUnknownAddress;
        using var forger = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        forger.Bind(peer.Address.ToEndPoint());

        forger.SendTo(peer.ProtectRtp(TestMedia.Sound(1)), new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, Node.Port));

        while ((await Node.ReadCountersAsync(Cancellation)).DroppedUnknownAddress == before)
            Cancellation.ThrowIfCancellationRequested();
        Assert.Equal(TransportState.Connected, transport.State);
        peer.Dispose();
    }

    private static Socket Connect(WebRtcTransport transport)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Connect(TcpPeer.EndPointOf(transport.Parameters));
        return socket;
    }

    /// <summary>False when the connection is closed instead.</summary>
    private static async Task<bool> ReceivesAsync(Socket socket)
    {
        try
        {
            return await socket.ReceiveAsync(new byte[1500], Cancellation) > 0;
        }
        catch (SocketException reset) when (reset.SocketErrorCode == SocketError.ConnectionReset)
        {
            return false;
        }
    }

    /// <summary>A client sees its connection's end before the node has forgotten it.</summary>
    private async Task UntilOpenAsync(int count)
    {
        while (Node.TcpConnections > count)
        {
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }

        Assert.Equal(count, Node.TcpConnections);
    }

    private static async Task<T> RetryAsync<T>(Func<Task<T>> action)
    {
        while (true)
        {
            try
            {
                return await action();
            }
            catch (SocketException)
            {
                Cancellation.ThrowIfCancellationRequested();
            }
        }
    }

    private static async Task ConsumeAsync(WebRtcTransport from, WebRtcTransport to)
    {
        var microphone = await from.ProduceAsync(MediaKind.Audio, TestParameters.Microphone(), MediaSource.Microphone, false, Cancellation);
        await (await to.ConsumeAsync(microphone, TestParameters.Receiver(), Cancellation)).ResumeAsync();
    }

    private static async Task<(TPeer Peer, WebRtcTransport Transport)> ConnectAsync<TPeer>(Router router, TransportDirection direction, Func<TransportParameters, TPeer> make)
        where TPeer : SocketPeer
    {
        var transport = await router.CreateTransportAsync(direction, Cancellation);
        var peer = make(transport.Parameters);
        await transport.ConnectAsync(peer.DtlsParameters, Cancellation);
        peer.Begin();
        peer.PumpUntil(() => peer.HasKeys && transport.State == TransportState.Connected);
        return (peer, transport);
    }

    /// <summary>Keeps what it would send.</summary>
    private sealed class RecordingPeer(TransportParameters parameters) : Peer(parameters.IceParameters, parameters.DtlsParameters.Fingerprints[0])
    {
        public List<byte[]> Sent { get; } = [];

        protected override long Now => 0;

        protected override void Send(PeerAddress from, ReadOnlySpan<byte> datagram) => Sent.Add(datagram.ToArray());
    }
}
