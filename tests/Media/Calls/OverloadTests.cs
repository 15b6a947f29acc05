using Telemedicine.Media.Core;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>How much is done for those who have proved nothing, and who is let in when the node is full or about to stop.</summary>
public sealed class OverloadTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void A_bucket_gives_its_burst_then_its_rate()
    {
        var limit = new RateLimit(perSecond: 10, burst: 3);

        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => limit.TryTake(1_000_000)));
        Assert.False(limit.TryTake(1_099_999));
        Assert.True(limit.TryTake(1_100_000));
        Assert.False(limit.TryTake(1_100_000));
        Assert.Equal([true, true, true, false], Enumerable.Range(0, 4).Select(_ => limit.TryTake(3_600_000_000_000)));
    }

    [Fact]
    public void A_flood_of_forged_checks_is_dropped_unread_and_ends_no_call()
    {
        using var network = new VirtualNetwork();
        var publisher = network.Connect(TransportDirection.Send);
        var receiver = network.Connect(TransportDirection.Receive);
        receiver.Consume(publisher.Incoming.AddTrack(TestMedia.Microphone, false), network.Now);
        var sentTo = network.SentTo.Count;

        // Somebody learnt the user name, and not the password; for longer than consent lasts.
        for (var second = 0; second < 35; second++)
        {
            for (var i = 0; i < 150; i++)
                receiver.SendCheck(network.NewAddress(), nominate: true, password: "aaaaaaaaaaaaaaaaaaaaaaaa");
            network.Run(1000);
        }

        Assert.InRange(network.Engine.Counters.DroppedStun, 100, 100 + (36 * 50));
        Assert.True(network.Engine.Counters.DroppedTooMany > 35 * 90);
        Assert.Equal(sentTo, network.SentTo.Count);
        publisher.SendRtp(TestMedia.Sound(0));
        network.Run(20);
        Assert.Equal([0], receiver.Rtp.Contents());
    }

    [Fact]
    public void Checks_from_unknown_addresses_have_one_measure_for_all_transports()
    {
        using var network = new VirtualNetwork(limits: new WorkLimits(ChecksPerSecond: 20, HandshakesPerSecond: 20));
        for (var i = 0; i < 30; i++)
        {
            var peer = network.AddPeer(TransportDirection.Send);
            peer.SendCheck(peer.Address, nominate: true);
        }

        network.Run(6);

        Assert.Equal(20, network.SentTo.Count);
        Assert.Equal(10, network.Engine.Counters.DroppedTooMany);
    }

    [Fact]
    public void Handshakes_beyond_the_measure_wait_for_their_next_try()
    {
        using var network = new VirtualNetwork(limits: new WorkLimits(ChecksPerSecond: 1000, HandshakesPerSecond: 5));
        var peers = Enumerable.Range(0, 20).Select(_ => network.AddPeer(TransportDirection.Send)).ToList();
        peers.ForEach(peer => peer.Connect());

        network.Run(60);
        Assert.Equal(5, peers.Count(peer => peer.IsConnected));

        network.Run(9_000);
        Assert.All(peers, peer => Assert.True(peer.IsConnected));
    }

    [Fact]
    public void Forged_checks_allocate_nothing()
    {
        using var network = new VirtualNetwork();
        var peer = network.Connect(TransportDirection.Send);
        var forged = Forged(peer);
        var stranger = network.NewAddress();
        var now = network.Now;

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                now += 20_000;
                network.Engine.HandleDatagram(now, stranger, forged);
            }
        }));
        Assert.True(network.Engine.Counters.DroppedStun >= 1000);
    }

    [Fact]
    public async Task A_full_node_begins_no_call_and_lets_those_under_way_go_on()
    {
        await using var node = await MediaNode.StartAsync(new MediaOptions { Port = 0, MaximumRouters = 5, MaximumParticipants = 2 }, TimeProvider.System, Cancellation);
        var router = node.CreateRouter();
        var first = await router.CreateTransportAsync(TransportDirection.Send, Cancellation);
        Assert.True(node.Load.HasRoom);
        await router.CreateTransportAsync(TransportDirection.Send, Cancellation);

        Assert.Equal(new MediaLoad(1, 5, 2, 2, false), node.Load);
        Assert.False(node.Load.HasRoom);
        Assert.Contains("full", Assert.Throws<MediaException>(() => node.CreateRouter()).Message, StringComparison.Ordinal);
        // A third person of the call that goes on.
        await router.CreateTransportAsync(TransportDirection.Send, Cancellation);
        // A call that comes from a node that stopped.
        await node.CreateRouter(begun: true).CloseAsync();

        await first.CloseAsync();
        await router.CloseAsync();
        Assert.Equal(new MediaLoad(0, 5, 0, 2, false), node.Load);
        node.CreateRouter();
    }

    [Fact]
    public async Task A_draining_node_begins_no_call_and_lets_those_under_way_go_on()
    {
        await using var node = await MediaNode.StartAsync(new MediaOptions { Port = 0 }, TimeProvider.System, Cancellation);
        var router = node.CreateRouter();

        node.Drain();

        Assert.True(node.Load is { Draining: true, HasRoom: false, Rooms: 1 });
        Assert.Contains("about to stop", Assert.Throws<MediaException>(() => node.CreateRouter()).Message, StringComparison.Ordinal);
        await router.CreateTransportAsync(TransportDirection.Receive, Cancellation);
    }

    private static byte[] Forged(VirtualPeer peer)
    {
        byte[] forged = [];
        var recording = new Recorder(peer.Transport.IceParameters, datagram => forged = datagram);
        recording.SendCheck(default, nominate: true, password: "aaaaaaaaaaaaaaaaaaaaaaaa");
        recording.Dispose();
        return forged;
    }

    private sealed class Recorder(IceParameters ice, Action<byte[]> sent) : Peer(ice, new DtlsFingerprint("sha-256", string.Join(':', Enumerable.Repeat("00", 32))))
    {
        protected override long Now => 0;

        protected override void Send(Telemedicine.Media.Net.PeerAddress from, ReadOnlySpan<byte> datagram) => sent(datagram.ToArray());
    }
}
