using System.Net;
using Telemedicine.Media.Tests.Ortc;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>Workers that share one UDP port, with real sockets and threads.</summary>
public sealed class WorkerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_of_every_worker_go_on_whichever_socket_their_datagrams_come_to()
    {
        const int Calls = 8;
        await using var node = await MediaNode.StartAsync(new MediaOptions { Port = 0, Workers = 4 }, TimeProvider.System, Cancellation);
        var peers = new List<SocketPeer>();
        for (var call = 0; call < Calls; call++)
        {
            var router = node.CreateRouter();
            var (publisher, sending) = await ConnectAsync(router, TransportDirection.Send);
            var (receiver, receiving) = await ConnectAsync(router, TransportDirection.Receive);
            var microphone = await sending.ProduceAsync(MediaKind.Audio, TestParameters.Microphone(), MediaSource.Microphone, false, Cancellation);
            await (await receiving.ConsumeAsync(microphone, TestParameters.Receiver(), Cancellation)).ResumeAsync();
            for (ushort i = 0; i < 50; i++)
                publisher.SendRtp(TestMedia.Sound(i));
            receiver.PumpUntil(() => receiver.Rtp.Count == 50);
            Assert.Equal(Enumerable.Range(0, 50), receiver.Rtp.Contents());
            peers.AddRange([publisher, receiver]);
        }

        var counters = await node.ReadCountersAsync(Cancellation);
        Assert.Equal(Calls * 50, counters.Forwarded);
        // With four sockets three in four flows come to the wrong one; that all of sixteen did not is one chance in four thousand million.
        Assert.True(counters.HandedOver > 0);
        Assert.Equal(0, counters.DroppedHandOver);
        peers.ForEach(peer => peer.Dispose());
    }

    [Fact]
    public async Task A_port_that_another_node_shares_among_its_workers_is_in_use()
    {
        await using var node = await MediaNode.StartAsync(new MediaOptions { Port = 0, Workers = 2 }, TimeProvider.System, Cancellation);

        var refused = await Assert.ThrowsAsync<MediaException>(() => MediaNode.StartAsync(new MediaOptions { Port = node.Port, Workers = 2 }, TimeProvider.System, Cancellation));

        Assert.Equal($"UDP port {node.Port} cannot be opened for media: it is in use.", refused.Message);
        refused = await Assert.ThrowsAsync<MediaException>(() => MediaNode.StartAsync(new MediaOptions { Port = 0, TcpPort = node.TcpPort }, TimeProvider.System, Cancellation));
        Assert.Equal($"TCP port {node.TcpPort} cannot be opened for media: it is in use.", refused.Message);
    }

    [Fact]
    public async Task One_port_serves_both_ip_versions_and_each_address_is_announced()
    {
        var options = new MediaOptions { ListenAddress = IPAddress.IPv6Any, Port = 0, Workers = 2, AnnouncedAddresses = [IPAddress.IPv6Loopback, IPAddress.Loopback] };
        await using var node = await MediaNode.StartAsync(options, TimeProvider.System, Cancellation);
        var router = node.CreateRouter();

        var (publisher, sending) = await ConnectAsync(router, TransportDirection.Send, IPAddress.IPv6Loopback);
        var (receiver, receiving) = await ConnectAsync(router, TransportDirection.Receive, IPAddress.Loopback);
        var microphone = await sending.ProduceAsync(MediaKind.Audio, TestParameters.Microphone(), MediaSource.Microphone, false, Cancellation);
        await (await receiving.ConsumeAsync(microphone, TestParameters.Receiver(), Cancellation)).ResumeAsync();
        publisher.SendRtp(TestMedia.Sound(0));
        receiver.PumpUntil(() => receiver.Rtp.Count == 1);

        var candidates = sending.Parameters.IceCandidates;
        Assert.Equal(["::1 udp", "127.0.0.1 udp", "::1 tcp passive", "127.0.0.1 tcp passive"], candidates.Select(each => $"{each.Ip} {each.Protocol} {each.TcpType}".TrimEnd()));
        Assert.Equal(candidates.OrderByDescending(each => each.Priority), candidates);
        Assert.Equal(4, candidates.Select(each => each.Foundation).Distinct().Count());
        publisher.Dispose();
        receiver.Dispose();
    }

    [Fact]
    public async Task Ports_of_a_mapping_are_announced_in_place_of_the_bound_ones()
    {
        var options = new MediaOptions { Port = 0, AnnouncedPort = 4001, AnnouncedTcpPort = 4002, AnnouncedAddresses = [IPAddress.Parse("192.0.2.7")] };
        await using var node = await MediaNode.StartAsync(options, TimeProvider.System, Cancellation);

        var transport = await node.CreateRouter().CreateTransportAsync(TransportDirection.Send, Cancellation);

        Assert.Equal([("192.0.2.7", "udp", 4001), ("192.0.2.7", "tcp", 4002)], transport.Parameters.IceCandidates.Select(each => (each.Ip, each.Protocol, each.Port)));
    }

    private static async Task<(UdpPeer Peer, WebRtcTransport Transport)> ConnectAsync(Router router, TransportDirection direction, IPAddress? address = null)
    {
        var transport = await router.CreateTransportAsync(direction, Cancellation);
        var peer = new UdpPeer(transport.Parameters, address);
        await transport.ConnectAsync(peer.DtlsParameters, Cancellation);
        peer.Begin();
        peer.PumpUntil(() => peer.HasKeys && transport.State == TransportState.Connected);
        return (peer, transport);
    }
}
