using Telemedicine.Media.Core;
using Telemedicine.Media.Rtcp;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>A receiver gets one layer of several, and what it gets is one stream without gaps.</summary>
public sealed class SimulcastTests : IDisposable
{
    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly VirtualPeer _receiver;
    private readonly SimulcastCamera _camera;
    private readonly OutgoingTrack _consumer;
    private readonly List<ConsumerLayers?> _changes = [];

    public SimulcastTests()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _receiver = _network.Connect(TransportDirection.Receive);
        _camera = new SimulcastCamera(_network, _publisher);
        _consumer = _receiver.Consume(_camera.Track, _network.Now);
        _consumer.LayersChanged = _changes.Add;
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void The_lowest_layer_comes_first_and_the_highest_once_it_is_there()
    {
        _camera.Live[1] = _camera.Live[2] = false;
        _camera.SendFrames(30);
        Assert.Equal(new ConsumerLayers(0, 2), _consumer.Current);

        _camera.Live[1] = _camera.Live[2] = true;
        _camera.SendFrames(30);

        Assert.Equal(new ConsumerLayers(2, 2), _consumer.Current);
        AssertOneStream();
        Assert.True(Seen().TakeWhile(packet => packet.Layer == 0).Count() >= 58);
        Assert.Equal(new ConsumerLayers(0, 2), _changes.First(change => change is { Temporal: 2 }));
        Assert.Equal(new ConsumerLayers(2, 2), _changes[^1]);
    }

    [Fact]
    public void A_switch_waits_for_the_key_frame_and_the_old_layer_goes_on_until_it_comes()
    {
        _camera.SendFrames(30);
        _camera.Answers = false;
        _consumer.SetPreferred(_network.Now, new ConsumerLayers(0, 3));
        _camera.SendFrames(10);
        Assert.Equal(2, _consumer.Current?.Spatial);
        Assert.Equal(2, Seen()[^1].Layer);

        _camera.Answers = true;
        _camera.SendFrames(20);

        Assert.Equal(0, _consumer.Current?.Spatial);
        AssertOneStream();
    }

    [Fact]
    public void Switching_to_and_fro_leaves_no_gap_in_any_number()
    {
        for (var i = 0; i < 20; i++)
        {
            _consumer.SetPreferred(_network.Now, new ConsumerLayers(i * 7 % 3, 3));
            _camera.SendFrames(12);
            if (i % 3 == 0)
                _camera.SendReports();
        }

        AssertOneStream();
        Assert.Equal(3, Seen().Select(packet => packet.Layer).Distinct().Count());
    }

    [Fact]
    public void Timestamps_go_on_by_the_publishers_reports()
    {
        _camera.SendFrames(30);
        _camera.SendReports();
        _camera.SendFrames(1);
        _consumer.SetPreferred(_network.Now, new ConsumerLayers(0, 3));
        _camera.SendFrames(30);

        AssertOneStream();
        var seen = Seen();
        var from = seen.FindLast(packet => packet.Layer == 2);
        var to = seen[^1];
        // The same instants are as far apart for the receiver as they were for the publisher, to the tick or two.
        Assert.InRange((int)(to.Timestamp - from.Timestamp) - (to.Frame - from.Frame) * (int)SimulcastCamera.ClockStep, -3, 3);
    }

    [Fact]
    public void A_publishers_report_is_told_in_the_receivers_clock()
    {
        _camera.SendFrames(30);
        _consumer.SetPreferred(_network.Now, new ConsumerLayers(1, 3));
        _camera.SendFrames(30);
        _receiver.Rtcp.Clear();
        _camera.SendReports();
        _camera.SendFrames(1);

        var report = Assert.Single(_receiver.Rtcp.SenderReports());
        Assert.Equal((_consumer.Ssrc, Seen()[^1].Timestamp), (report.Ssrc, report.RtpTime));
    }

    [Fact]
    public void A_layer_that_dies_gives_way_to_the_next_lower_one_and_comes_back()
    {
        _camera.SendFrames(30);
        _camera.Live[2] = false;
        _camera.SendFrames(40);
        Assert.Equal(1, _consumer.Current?.Spatial);

        _camera.Live[1] = false;
        _camera.SendFrames(40);
        Assert.Equal(0, _consumer.Current?.Spatial);

        _camera.Live[1] = _camera.Live[2] = true;
        _camera.SendFrames(30);
        Assert.Equal(2, _consumer.Current?.Spatial);
        AssertOneStream();
    }

    [Fact]
    public void A_pause_of_the_whole_camera_kills_no_layer()
    {
        _camera.SendFrames(30);
        _network.Run(5000);
        _camera.SendFrames(2);

        Assert.Equal(2, _consumer.Current?.Spatial);
        Assert.DoesNotContain(Seen().SkipWhile(packet => packet.Layer != 2), packet => packet.Layer != 2);
    }

    [Fact]
    public void Fewer_frames_leave_out_whole_frames_without_a_trace_in_the_numbers()
    {
        _camera.SendFrames(30);
        _consumer.SetPreferred(_network.Now, new ConsumerLayers(2, 0));
        _camera.SendFrames(20);
        _receiver.Rtp.Clear();
        _camera.SendFrames(40);
        var slow = Seen();
        _consumer.SetPreferred(_network.Now, new ConsumerLayers(2, 1));
        _camera.SendFrames(60);

        Assert.Equal(10, slow.Select(packet => packet.Frame).Distinct().Count());
        Assert.All(slow, packet => Assert.Equal(0, packet.Temporal));
        Assert.Contains(Seen(), packet => packet.Temporal == 1);
        Assert.DoesNotContain(Seen(), packet => packet.Temporal == 2);
        AssertOneStream(afterKeyFrame: false);
    }

    [Fact]
    public void What_was_sent_before_a_switch_is_still_sent_again_with_the_numbers_it_had()
    {
        _camera.SendFrames(30);
        _consumer.SetPreferred(_network.Now, new ConsumerLayers(0, 1));
        while (_consumer.Current?.Spatial != 0)
            _camera.SendFrames(1);
        _camera.SendFrames(1);
        var sent = Seen();
        _receiver.Rtp.Clear();

        var asked = sent.TakeLast(10).ToList();
        Assert.Equal(2, asked.Select(packet => packet.Layer).Distinct().Count());
        _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.Nack(1, _consumer.Ssrc, [.. asked.Select(packet => packet.Number)]));
        _network.Run(20);

        // RFC 4588 §4: the payload begins with the number that the packet had.
        var again = _receiver.Rtp.Zip(_receiver.Rtp.Headers(), (packet, header) => (Number: packet[header.HeaderLength] << 8 | packet[header.HeaderLength + 1], Packet: (byte[])[.. packet[..header.HeaderLength], .. packet[(header.HeaderLength + 2)..]]));
        Assert.Equal(asked, again.Select(one => Assert.Single(SeenPacket.Of([one.Packet], _consumer.RtxSsrc)) with { Number = (ushort)one.Number }));
    }

    [Fact]
    public void A_late_packet_keeps_its_place_and_one_of_a_frame_left_out_goes_out_empty()
    {
        _camera.SendFrames(30);
        _consumer.SetPreferred(_network.Now, new ConsumerLayers(2, 0));
        _camera.SendFrames(8);
        _receiver.Rtp.Clear();
        for (var i = 0; i < 40; i++)
        {
            _camera.Holds = i % 3 == 0 ? packet => packet[11] == 802 % 256 : _ => false;
            _camera.SendFrames(1);
            if (i % 3 == 2)
                _camera.SendHeld();
        }

        _network.Run(20);
        AssertOneStream(afterKeyFrame: false, ordered: false);
        Assert.Contains(Seen(), packet => packet.IsEmpty);
    }

    [Fact]
    public void H264_layers_switch_on_their_parameter_sets()
    {
        var publisher = _network.Connect(TransportDirection.Send);
        var camera = new SimulcastCamera(_network, publisher, vp8: false);
        var consumer = _receiver.Consume(camera.Track, _network.Now);
        camera.SendFrames(30);
        Assert.Equal(new ConsumerLayers(2, 0), consumer.Current);
        consumer.SetPreferred(_network.Now, new ConsumerLayers(0, 0));
        camera.SendFrames(30);

        var seen = SeenPacket.Of(_receiver.Rtp, consumer.Ssrc, vp8: false);
        Assert.Equal(Enumerable.Range(1, seen.Count), seen.Select(packet => (int)packet.Number));
        Assert.All(seen.Zip(seen.Skip(1)).Where(pair => pair.First.Layer != pair.Second.Layer), pair => Assert.True(pair.Second.StartsKeyFrame));
        Assert.Equal(0, seen[^1].Layer);
    }

    [Fact]
    public void Receivers_of_one_camera_get_each_their_own_layer()
    {
        var second = _network.Connect(TransportDirection.Receive);
        var other = second.Consume(_camera.Track, _network.Now);
        other.SetPreferred(_network.Now, new ConsumerLayers(0, 0));
        _camera.SendFrames(60);

        Assert.Equal(2, Seen()[^1].Layer);
        Assert.All(SeenPacket.Of(second.Rtp, other.Ssrc), packet => Assert.Equal((0, 0), (packet.Layer, packet.Temporal)));
        AssertOneStream();
    }

    [Fact]
    public void Each_layers_bitrate_is_measured()
    {
        _camera.PacketsPerFrame = 4;
        _camera.SendFrames(90);

        // 30 frames a second of four packets of 31 bytes, a quarter of them in temporal layer 0.
        Assert.InRange(_camera.Track.Bitrate(new ConsumerLayers(1, 3)), 29_000, 32_000);
        Assert.InRange(_camera.Track.Bitrate(new ConsumerLayers(1, 0)), 7_000, 8_500);
        Assert.InRange(_camera.Track.Bitrate(new ConsumerLayers(1, 1)), 14_500, 16_500);
        Assert.Equal((3, 3), (_camera.Track.SpatialLayers, _camera.Track.TemporalLayers(1)));
        _camera.Live[1] = false;
        _camera.SendFrames(60);
        Assert.Equal((true, false, true), (_camera.Track.IsAlive(0), _camera.Track.IsAlive(1), _camera.Track.IsAlive(2)));
        Assert.Equal(0, _camera.Track.Bitrate(new ConsumerLayers(1, 3)));
    }

    private List<SeenPacket> Seen() => SeenPacket.Of(_receiver.Rtp, _consumer.Ssrc);

    private void AssertOneStream(bool afterKeyFrame = true, bool ordered = true)
    {
        var seen = Seen();
        Assert.NotEmpty(seen);
        if (!ordered)
            seen = [.. seen.OrderBy(packet => packet.Number)];
        Assert.Equal(Enumerable.Range(seen[0].Number, seen.Count), seen.Select(packet => (int)packet.Number));
        seen.RemoveAll(packet => packet.IsEmpty);
        Assert.True(!afterKeyFrame || seen[0].StartsKeyFrame);
        foreach (var (first, second) in seen.Zip(seen.Skip(1)))
        {
            if (first.Layer == second.Layer && first.Frame == second.Frame)
            {
                Assert.Equal((first.Timestamp, first.PictureId, first.Tl0, first.Part + 1), (second.Timestamp, second.PictureId, second.Tl0, second.Part));
                continue;
            }

            Assert.True((int)(second.Timestamp - first.Timestamp) > 0, $"{first} {second}");
            Assert.Equal(0, second.Part);
            if (ordered)
            {
                Assert.Equal((first.PictureId + 1) & 0x7FFF, second.PictureId);
                Assert.Equal((first.Tl0 + (second.Temporal == 0 ? 1 : 0)) & 0xFF, second.Tl0);
            }

            if (first.Layer != second.Layer)
                Assert.True(second.StartsKeyFrame);
        }
    }
}
