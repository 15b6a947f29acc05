using System.Net;
using Telemedicine.Media.Net;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>How transports begin, move and end.</summary>
public sealed class LifetimeTests : IDisposable
{
    private readonly VirtualNetwork _network = new();

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_transport_connects_whether_the_fingerprint_or_the_check_comes_first()
    {
        var peer = _network.AddPeer(TransportDirection.Send);
        peer.SendCheck(peer.Address, nominate: true);
        _network.Run(100);
        Assert.Equal(TransportState.Connecting, peer.Transport.State);

        peer.Connect();
        _network.Run(300);

        Assert.Equal([TransportState.Connecting, TransportState.Connected], peer.States);
    }

    [Fact]
    public void A_lost_handshake_datagram_is_sent_again()
    {
        var lost = 0;
        _network.LosesFromPeer = datagram => datagram[0] is >= 20 and <= 63 && lost++ < 2;

        var peer = _network.AddPeer(TransportDirection.Send);
        peer.Connect();
        _network.Run(3000);

        Assert.True(peer.IsConnected);
        Assert.True(lost > 2);
    }

    [Fact]
    public void Without_checks_for_30_seconds_consent_is_over()
    {
        var publisher = _network.Connect(TransportDirection.Send);
        var receiver = _network.Connect(TransportDirection.Receive);
        var consumer = receiver.Consume(publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);
        publisher.Silent = true;

        _network.Run(27_000);
        Assert.Equal(TransportState.Connected, publisher.Transport.State);
        _network.Run(4_000);

        Assert.Equal(TransportState.Closed, publisher.Transport.State);
        Assert.Equal(TransportState.Connected, receiver.Transport.State);
        Assert.True(consumer.IsClosed);
        Assert.Equal(1, _network.Engine.TransportCount);
    }

    [Fact]
    public void A_transport_that_nobody_came_to_waits()
    {
        var peer = _network.AddPeer(TransportDirection.Receive);
        _network.Run(60_000);
        Assert.Equal(TransportState.New, peer.Transport.State);
    }

    [Fact]
    public void A_peers_dtls_alert_closes_at_once()
    {
        var peer = _network.Connect(TransportDirection.Send);

        peer.SendClose();
        _network.Run(20);

        Assert.Equal([TransportState.Connecting, TransportState.Connected, TransportState.Closed], peer.States);
        peer.SendCheck(peer.Address, nominate: true);
        var before = _network.Engine.Counters.DroppedStun;
        _network.Run(20);
        Assert.Equal(before + 1, _network.Engine.Counters.DroppedStun);
    }

    [Fact]
    public void After_an_ice_restart_the_call_goes_on_from_a_new_address()
    {
        var publisher = _network.Connect(TransportDirection.Send);
        var receiver = _network.Connect(TransportDirection.Receive);
        receiver.Consume(publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        publisher.SendRtp(TestMedia.Sound(0));
        _network.Run(20);

        receiver.Use(receiver.Transport.RestartIce());
        receiver.MoveTo(_network.NewAddress());
        receiver.SendCheck(receiver.Address, nominate: true);
        _network.Run(20);
        publisher.SendRtp(TestMedia.Sound(1));
        _network.Run(20);

        Assert.Equal([0, 1], receiver.Rtp.Contents());
        Assert.Equal([TransportState.Connecting, TransportState.Connected], receiver.States);
    }

    [Fact]
    public void Who_sends_may_change_to_a_network_of_the_other_ip_version_in_mid_call()
    {
        var publisher = _network.Connect(TransportDirection.Send);
        var receiver = _network.Connect(TransportDirection.Receive);
        receiver.Consume(publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        publisher.SendRtp(TestMedia.Sound(0));
        _network.Run(20);
        var former = publisher.Address;

        publisher.Use(publisher.Transport.RestartIce());
        publisher.MoveTo(PeerAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8::7"), 40_000)));
        publisher.SendRtp(TestMedia.Sound(1));
        publisher.SendCheck(publisher.Address, nominate: true);
        publisher.SendRtp(TestMedia.Sound(2));
        _network.Run(20);

        // What came before the check is from nobody, as far as anyone can know.
        Assert.Equal([0, 2], receiver.Rtp.Contents());
        Assert.Equal([TransportState.Connecting, TransportState.Connected], publisher.States);
        Assert.DoesNotContain(former, _network.Released);
    }

    [Fact]
    public void A_nat_that_gives_another_port_in_mid_call_is_followed_without_a_restart()
    {
        var publisher = _network.Connect(TransportDirection.Send);
        var receiver = _network.Connect(TransportDirection.Receive);
        receiver.Consume(publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);

        // The receiver does not notice: its checks go on and nominate nothing.
        receiver.MoveTo(_network.NewAddress());
        _network.Run(12_000);
        publisher.SendRtp(TestMedia.Sound(0));
        _network.Run(20);

        Assert.Equal([0], receiver.Rtp.Contents());
        Assert.Equal([TransportState.Connecting, TransportState.Connected], receiver.States);
    }

    [Fact]
    public void The_former_ice_name_counts_until_the_next_restart_only()
    {
        var peer = _network.Connect(TransportDirection.Send);
        var former = peer.Transport.IceParameters;
        peer.Transport.RestartIce();
        var before = _network.Engine.Counters.DroppedStun;

        peer.Use(former);
        peer.SendCheck(peer.Address, nominate: false);
        _network.Run(20);
        Assert.Equal(before, _network.Engine.Counters.DroppedStun);

        peer.Transport.RestartIce();
        peer.SendCheck(peer.Address, nominate: false);
        _network.Run(20);
        Assert.Equal(before + 1, _network.Engine.Counters.DroppedStun);
    }

    [Fact]
    public void Unusable_dtls_parameters_are_refused_and_the_right_ones_still_count()
    {
        var peer = _network.AddPeer(TransportDirection.Send);
        var good = peer.DtlsParameters;

        Refused("sha-256", good with { Fingerprints = [] });
        Refused("sha-256", good with { Fingerprints = [new("sha-1", "AA:BB")] });
        Refused("hexadecimal", good with { Fingerprints = [new("sha-256", "AA:BB")] });
        Refused("role", good with { Role = "boss" });
        peer.Connect();
        Refused("before", good);
        _network.Run(300);

        Assert.True(peer.IsConnected);

        void Refused(string reason, DtlsParameters parameters) =>
            Assert.Contains(reason, Assert.Throws<MediaException>(() => peer.Transport.Connect(_network.Now, parameters)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_closed_transport_refuses_what_comes_after_and_closing_it_again_is_nothing()
    {
        var peer = _network.Connect(TransportDirection.Send);

        peer.Transport.Close();
        peer.Transport.Close();

        Assert.Throws<MediaException>(() => peer.Transport.RestartIce());
        Assert.Throws<MediaException>(() => peer.Transport.Connect(_network.Now, peer.DtlsParameters));
        Assert.Single(peer.States, TransportState.Closed);
        Assert.Equal(0, _network.Engine.TransportCount);
    }
}
