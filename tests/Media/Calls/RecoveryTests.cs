using Telemedicine.Media.Core;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Tests.Ortc;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>Loss, key frames and reports.</summary>
public sealed class RecoveryTests : IDisposable
{
    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly VirtualPeer _receiver;
    private readonly IncomingTrack _track;
    private readonly OutgoingTrack _consumer;

    public RecoveryTests()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _receiver = _network.Connect(TransportDirection.Receive);
        _track = _publisher.Incoming.AddTrack(TestMedia.Camera, false);
        _consumer = _receiver.Consume(_track, _network.Now);
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void What_the_publisher_lost_is_asked_for_and_takes_its_place()
    {
        ushort rtx = 0;
        _publisher.OnRtcp = compound =>
        {
            foreach (var number in new[] { compound }.Nacked(TestMedia.CameraSsrc))
                _publisher.SendRtp(TestMedia.Retransmission(rtx++, (ushort)number));
        };
        for (ushort i = 0; i < 200; i++)
        {
            var lost = i % 10 is 4 or 5;
            if (!lost)
                _publisher.SendRtp(TestMedia.Video(i, keyFrame: i == 0));
            _network.Run(5);
        }

        _network.Run(100);

        Assert.Equal(Enumerable.Range(0, 200), _receiver.Rtp.Contents().Order());
        Assert.All(_receiver.Rtp.Numbers().Zip(_receiver.Rtp.Contents()), pair => Assert.Equal(pair.Second + 1, pair.First));
        Assert.Equal(40, rtx);
    }

    [Fact]
    public void What_the_receiver_lost_is_sent_again()
    {
        SendVideo(0, 10, keyFrameFirst: true);
        _receiver.Rtp.Clear();

        _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.Nack(1, _consumer.Ssrc, [3, 4, 999]));
        _network.Run(20);

        var headers = _receiver.Rtp.Headers();
        Assert.Equal([(_consumer.RtxSsrc, (byte)102, 1), (_consumer.RtxSsrc, (byte)102, 2)], headers.Select(header => (header.Ssrc, header.PayloadType, (int)header.SequenceNumber)));
        Assert.Equal([0, 3, .. TestMedia.VideoPayload(2)], headers[0].Payload(_receiver.Rtp[0]).ToArray());
        Assert.Equal([0, 4, .. TestMedia.VideoPayload(3)], headers[1].Payload(_receiver.Rtp[1]).ToArray());
    }

    [Fact]
    public void Packets_from_before_a_pause_are_not_mistaken_for_later_ones()
    {
        SendVideo(0, 10, keyFrameFirst: true);
        _consumer.Pause();
        SendVideo(10, 10);
        _consumer.Resume(_network.Now);
        SendVideo(20, 5, keyFrameFirst: true);
        _receiver.Rtp.Clear();

        _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.Nack(1, _consumer.Ssrc, [5, 12]));
        _network.Run(20);

        Assert.Equal([21], _receiver.Rtp.Contents());
    }

    [Fact]
    public void A_flood_of_nacks_is_answered_within_bounds()
    {
        SendVideo(0, 20, keyFrameFirst: true);
        _receiver.Rtp.Clear();

        for (var i = 0; i < 500; i++)
            _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.Nack(1, _consumer.Ssrc, [.. Enumerable.Range(1, 20).Select(number => (ushort)number)]));
        _network.Run(20);

        Assert.InRange(_receiver.Rtp.Count, 200, RetransmissionBudget.Burst + 20);
        Assert.Equal(10_000, _receiver.Rtp.Count + _network.Engine.Counters.DroppedRetransmissions);
    }

    [Fact]
    public void A_new_consumer_asks_for_a_key_frame_at_once_and_again_until_one_comes()
    {
        _network.Run(20);
        Assert.Equal(1, KeyFrameRequests());

        _network.Run(1000);
        Assert.Equal(4, KeyFrameRequests());

        SendVideo(0, 2, keyFrameFirst: true);
        _network.Run(2000);
        Assert.Equal(4, KeyFrameRequests());
    }

    [Fact]
    public void A_receivers_picture_loss_reaches_the_publisher_but_not_too_often()
    {
        SendVideo(0, 5, keyFrameFirst: true);
        _network.Run(400);
        var before = KeyFrameRequests();

        for (var i = 0; i < 20; i++)
        {
            if (i % 2 == 0)
                _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.PictureLoss(1, _consumer.Ssrc));
            else
                _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.FullIntra(1, _consumer.Ssrc, (byte)i));
            _network.Run(10);
        }

        Assert.Equal(before + 1, KeyFrameRequests());
        _network.Run(200);
        Assert.Equal(before + 2, KeyFrameRequests());
    }

    [Fact]
    public void A_second_receiver_does_not_wait_for_the_interval()
    {
        SendVideo(0, 2, keyFrameFirst: true);
        _network.Run(50);
        var before = KeyFrameRequests();

        _network.Connect(TransportDirection.Receive).Consume(_track, _network.Now);
        _network.Run(10);

        Assert.Equal(before + 1, KeyFrameRequests());
    }

    [Fact]
    public void A_consumer_that_resumed_before_its_transport_was_connected_gets_its_key_frame_then()
    {
        SendVideo(0, 2, keyFrameFirst: true);
        var late = _network.AddPeer(TransportDirection.Receive);
        late.Consume(_track, _network.Now);
        _network.Run(500);
        var before = KeyFrameRequests();

        late.Connect();
        _network.Run(100);

        Assert.Equal(before + 1, KeyFrameRequests());
        SendVideo(2, 2, keyFrameFirst: true);
        Assert.Equal([2, 3], late.Rtp.Contents());
    }

    [Fact]
    public void A_gap_too_large_to_repair_brings_a_key_frame()
    {
        SendVideo(0, 2, keyFrameFirst: true);
        _network.Run(500);
        var before = KeyFrameRequests();

        SendVideo(2 + NackGenerator.Capacity + 1, 1);

        Assert.Equal(before + 1, KeyFrameRequests());
        Assert.Empty(_publisher.Rtcp.Nacked(TestMedia.CameraSsrc));
    }

    [Fact]
    public void Every_packet_is_in_the_transport_wide_reports_also_probes_and_unknown_streams()
    {
        _publisher.Rtcp.Clear();
        for (ushort i = 0; i < 60; i++)
        {
            _publisher.SendRtp((i % 3) switch
            {
                0 => TestMedia.Video((ushort)(i / 3), transportNumber: (ushort)(65500 + i)),
                1 => TestPackets.Rtp(TestMedia.CameraRtxPayloadType, i, 0, TestMedia.CameraRtxSsrc, [], Number(i), padding: 200),
                _ => TestPackets.Rtp(99, i, 0, 4242, [1], Number(i)),
            });
            _network.Run(10);
        }

        _network.Run(120);

        var reports = _publisher.Rtcp.TransportReports();
        Assert.InRange(reports.Count, 5, 8);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => (int)(ushort)(65500 + i)), reports.SelectMany(report => Enumerable.Range(0, report.Count).Select(i => (int)(ushort)(report.First + i))));

        static byte[] Number(ushort i) => TestPackets.OneByteExtension((3, [(byte)((65500 + i) >> 8), (byte)(65500 + i)]));
    }

    [Fact]
    public void Publishers_get_a_report_every_second()
    {
        _publisher.SendRtcp((ref RtcpBuilder rtcp) => rtcp.SenderReport(new SenderReport(TestMedia.CameraSsrc, 0x1122334455667788, 0, 0, 0)));
        SendVideo(0, 100, keyFrameFirst: true);
        SendVideo(125, 175);

        var blocks = _publisher.Rtcp.ReportBlocks();
        Assert.InRange(blocks.Count, 2, 3);
        Assert.All(blocks, block => Assert.Equal(TestMedia.CameraSsrc, block.Ssrc));
        Assert.Contains(blocks, block => block is { CumulativeLost: 25, FractionLost: > 0, LastSenderReport: 0x33445566 });
    }

    [Fact]
    public void A_publishers_report_reaches_consumers_with_its_clock_and_their_counts()
    {
        SendVideo(0, 5, keyFrameFirst: true);

        _publisher.SendRtcp((ref RtcpBuilder rtcp) =>
        {
            rtcp.SenderReport(new SenderReport(TestMedia.CameraSsrc, 77, 88, 99, 111));
            rtcp.SenderReport(new SenderReport(4242, 1, 2, 3, 4));
        });
        _network.Run(20);

        Assert.Equal([new SenderReport(_consumer.Ssrc, 77, 88, 5, 20)], _receiver.Rtcp.SenderReports());
    }

    [Fact]
    public void Who_joins_has_a_key_frame_within_one_round_trip_to_the_publisher()
    {
        SendVideo(0, 20, keyFrameFirst: true);
        ushort next = 20;
        _publisher.OnRtcp = compound =>
        {
            if (new[] { compound }.CountPictureLoss(TestMedia.CameraSsrc) > 0)
                _publisher.SendRtp(TestMedia.Video(next++, keyFrame: true));
        };
        var joiner = _network.Connect(TransportDirection.Receive);
        var joinedAt = _network.Now;

        joiner.Consume(_track, joinedAt);
        while (joiner.Rtp.Count == 0 && _network.Now < joinedAt + 1_000_000)
            _network.Run(1);

        // 5 ms to the publisher and 5 ms back; 5 ms more to the one who joined.
        Assert.InRange(_network.Now - joinedAt, 15_000, 17_000);
        Assert.Equal([20], joiner.Rtp.Contents());
    }

    [Fact]
    public void A_full_intra_request_counts_like_a_picture_loss_and_a_publisher_without_that_is_asked_by_it()
    {
        var camera = TestParameters.Camera(5555, 5556, "5");
        var codecs = camera.Codecs.Select(codec => codec with { RtcpFeedback = [.. (codec.RtcpFeedback ?? []).Where(feedback => feedback.Parameter != "pli")] });
        var track = _publisher.Incoming.AddTrack(ProducerFormat.Parse(MediaKind.Video, camera with { Codecs = [.. codecs] }), false);
        var consumer = _receiver.Consume(track, _network.Now);
        _network.Run(20);
        Assert.Equal([0], FullIntraCommands());
        _publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraPayloadType, 1, 0, 5555, TestMedia.VideoPayload(1, true)));
        _network.Run(1000);
        Assert.Equal([0], FullIntraCommands());

        // Three at once are one request, and it has the next number (RFC 5104 §4.3.1.1).
        for (byte i = 0; i < 3; i++)
            _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.FullIntra(1, consumer.Ssrc, i));
        _network.Run(20);

        Assert.Equal([0, 1], FullIntraCommands());
        Assert.Equal(0, _publisher.Rtcp.CountPictureLoss(5555));

        List<int> FullIntraCommands()
        {
            var commands = new List<int>();
            foreach (var compound in _publisher.Rtcp)
            {
                var reader = new RtcpReader(compound);
                while (reader.TryRead(out var packet))
                {
                    if (FeedbackReader.TryReadFullIntra(packet, 0, out var ssrc) && ssrc == 5555)
                        commands.Add(packet.Body[12]);
                }
            }

            return commands;
        }
    }

    [Fact]
    public void A_screen_is_asked_for_key_frames_less_often_but_at_once_for_who_joins()
    {
        var screen = _publisher.Incoming.AddTrack(ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera(5555, 5556, "5")), false, MediaSource.Screen);
        var watching = _receiver.Consume(screen, _network.Now);
        _network.Run(20);
        Assert.Equal(1, Requests());
        // The first request may be lost: it is repeated as for a camera.
        for (var i = 0; i < 100 && Requests() == 1; i++)
            _network.Run(10);
        var asked = _network.Now;
        SendKeyFrame(1);

        for (ushort i = 2; i < 20; i++)
        {
            _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.PictureLoss(1, watching.Ssrc));
            _network.Run(100);
            if (Requests() > 2)
                break;
        }

        Assert.Equal(3, Requests());
        Assert.InRange(_network.Now - asked, 1_000_000, 1_200_000);
        SendKeyFrame(20);
        _network.Connect(TransportDirection.Receive).Consume(screen, _network.Now);
        _network.Run(20);
        Assert.Equal(4, Requests());

        int Requests() => _publisher.Rtcp.CountPictureLoss(5555);
        void SendKeyFrame(ushort number)
        {
            _publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraPayloadType, number, number * 3000u, 5555, TestMedia.VideoPayload(number, true)));
            _network.Run(20);
        }
    }

    [Fact]
    public void Bandwidth_estimates_and_odd_feedback_change_nothing()
    {
        SendVideo(0, 5, keyFrameFirst: true);
        var before = _network.Engine.Counters.Read();

        _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.Nack(1, 4242, [1]));
        _receiver.SendRtcp((ref RtcpBuilder rtcp) => rtcp.PictureLoss(1, 4242));
        _receiver.SendRtcp((ref RtcpBuilder rtcp) => "REMB"u8.CopyTo(rtcp.TransportFeedback(31, 1, 0, 4)));
        SendVideo(5, 5);

        var after = _network.Engine.Counters.Read();
        Assert.Equal((before.Retransmitted, before.KeyFramesRequested, before.Forwarded + 5), (after.Retransmitted, after.KeyFramesRequested, after.Forwarded));
    }

    private int KeyFrameRequests() => _publisher.Rtcp.CountPictureLoss(TestMedia.CameraSsrc);

    private void SendVideo(int first, int count, bool keyFrameFirst = false)
    {
        for (var i = 0; i < count; i++)
        {
            _publisher.SendRtp(TestMedia.Video((ushort)(first + i), keyFrameFirst && i == 0));
            _network.Run(10);
        }
    }
}
