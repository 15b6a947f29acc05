using Telemedicine.Media.Core;
using Telemedicine.Media.Net;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>What is not meant for a transport, or forged, is dropped and counted, answered by nothing, and disturbs nobody.</summary>
public sealed class AbuseTests : IDisposable
{
    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly VirtualPeer _receiver;
    private readonly PeerAddress _stranger;
    private ushort _next;

    public AbuseTests()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _receiver = _network.Connect(TransportDirection.Receive);
        _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);
        _stranger = _network.NewAddress();
        AssertCallGoesOn();
    }

    private Counters Counters => _network.Engine.Counters;

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Rtp_with_a_wrong_tag_is_dropped()
    {
        var forged = _publisher.ProtectRtp(TestMedia.Video(_next++, keyFrame: true));
        forged[^1] ^= 1;

        _network.Send(_publisher.Address, forged);
        _network.Run(20);

        Assert.Equal(1, Counters.DroppedUnauthenticated);
        AssertCallGoesOn();
    }

    [Fact]
    public void Replayed_rtp_is_dropped()
    {
        var packet = _publisher.ProtectRtp(TestMedia.Video(_next++));

        _network.Send(_publisher.Address, packet);
        _network.Send(_publisher.Address, packet);
        _network.Run(20);

        Assert.Equal(1, Counters.DroppedUnauthenticated);
        AssertCallGoesOn();
    }

    [Fact]
    public void Genuine_packets_from_another_address_are_dropped()
    {
        _network.Send(_stranger, _publisher.ProtectRtp(TestMedia.Video(_next++)));
        _network.Run(20);

        Assert.Equal(1, Counters.DroppedUnknownAddress);
        AssertNothingSentTo(_stranger);
    }

    [Fact]
    public void Garbage_of_every_kind_is_dropped_and_counted()
    {
        var random = new Random(7);
        var before = Counters.Read();
        for (var i = 0; i < 2000; i++)
        {
            var garbage = new byte[random.Next(0, 200)];
            random.NextBytes(garbage);
            _network.Send(i % 2 == 0 ? _stranger : _publisher.Address, garbage);
        }

        _network.Run(20);

        var after = Counters.Read();
        Assert.Equal(2000, after.Received - before.Received);
        var dropped = after.DroppedMalformed + after.DroppedStun + after.DroppedUnknownAddress + after.DroppedUnauthenticated;
        // The rest are "DTLS" records from the publisher's own address, which DTLS ignores.
        Assert.InRange(dropped, 1700, 2000);
        Assert.True(after.DroppedMalformed > 0 && after.DroppedUnknownAddress > 0 && after.DroppedUnauthenticated > 0);
        AssertNothingSentTo(_stranger);
        AssertCallGoesOn();
    }

    [Fact]
    public void A_check_with_a_foreign_name_or_a_wrong_password_gets_no_answer()
    {
        var before = Counters.DroppedStun;
        var foreign = _network.AddPeer(TransportDirection.Send);
        foreign.Use(new IceParameters("nobodyknowsthisone", "aaaaaaaaaaaaaaaaaaaaaaaa", true));

        foreign.SendCheck(_stranger, nominate: true);
        _publisher.SendCheck(_stranger, nominate: true, password: "aaaaaaaaaaaaaaaaaaaaaaaa");
        _network.Run(20);

        Assert.Equal(2, Counters.DroppedStun - before);
        AssertNothingSentTo(_stranger);
        AssertCallGoesOn();
    }

    [Fact]
    public void A_peer_whose_certificate_is_not_the_announced_one_fails_alone()
    {
        var impostor = _network.AddPeer(TransportDirection.Send);
        impostor.Connect(announced: _publisher.DtlsParameters);
        _network.Run(500);

        Assert.Equal([TransportState.Connecting, TransportState.Failed], impostor.States);
        Assert.False(impostor.IsConnected);
        AssertCallGoesOn();
    }

    [Fact]
    public void A_participant_cannot_take_over_anothers_address()
    {
        var thief = _network.AddPeer(TransportDirection.Receive);

        // A valid check of the thief's own transport, with the receiver's address forged as its source.
        thief.SendCheck(_receiver.Address, nominate: true);
        _network.Run(20);

        Assert.Empty(thief.States);
        AssertCallGoesOn();
    }

    [Fact]
    public void Media_before_dtls_is_dropped()
    {
        var early = _network.AddPeer(TransportDirection.Send);
        early.SendCheck(early.Address, nominate: true);
        _network.Send(early.Address, _publisher.ProtectRtp(TestMedia.Video(_next)));
        _network.Run(20);

        Assert.Equal(1, Counters.DroppedNotConnected);
        Assert.Equal(TransportState.Connecting, early.Transport.State);
    }

    [Fact]
    public void Rtp_of_no_producer_is_dropped_also_on_a_receive_transport()
    {
        _publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraPayloadType, 1, 1, 4242, [1]));
        _publisher.SendRtp(TestPackets.Rtp(55, _next++, 1, TestMedia.CameraSsrc, [1]));
        _receiver.SendRtp(TestMedia.Video(1));
        _network.Run(20);

        Assert.Equal(3, Counters.DroppedUnknownStream);
        AssertCallGoesOn();
    }

    [Fact]
    public void Packets_as_long_as_the_network_takes_are_forwarded_or_dropped()
    {
        for (var length = 1400; length <= UdpLayer.MaxDatagram - 12 - 16; length++)
            _publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraPayloadType, _next++, 0, TestMedia.CameraSsrc, new byte[length]));
        _network.Run(20);

        Assert.Equal(1504, _receiver.Rtp.Max(packet => packet.Length - 12));
        AssertCallGoesOn();
    }

    [Fact]
    public void A_receiver_cannot_ask_for_another_receivers_streams()
    {
        var other = _network.Connect(TransportDirection.Receive);
        var before = Counters.Read();

        other.SendRtcp((ref Telemedicine.Media.Rtcp.RtcpBuilder rtcp) => rtcp.Nack(1, _receiver.Rtp.Headers()[0].Ssrc, [1]));
        _network.Run(20);

        Assert.Equal(before.Retransmitted, Counters.Retransmitted);
    }

    private void AssertNothingSentTo(PeerAddress address) => Assert.DoesNotContain(address, _network.SentTo);

    private void AssertCallGoesOn()
    {
        _receiver.Rtp.Clear();
        var first = _next;
        for (var i = 0; i < 5; i++)
            _publisher.SendRtp(TestMedia.Video(_next++, keyFrame: true));
        _network.Run(50);
        Assert.Equal(Enumerable.Range(first, 5), _receiver.Rtp.Contents());
    }
}
