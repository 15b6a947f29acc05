using Telemedicine.Media.Core;
using Telemedicine.Media.Rtcp;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>The packets to one receiver are numbered together, and what it reports on them becomes the estimate of its path.</summary>
public sealed class CongestionTests : IDisposable
{
    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly ReportingReceiver _receiver;
    private ushort _number;

    public CongestionTests()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _receiver = new ReportingReceiver(_network);
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Video_and_retransmissions_to_one_receiver_share_one_row_of_numbers_and_sound_has_none()
    {
        var consumer = Consume();
        Send(10);
        _receiver.Peer.SendRtcp((ref RtcpBuilder rtcp) => rtcp.Nack(1, consumer.Ssrc, [3, 5]));
        _network.Run(20);
        Send(10);

        Assert.Equal(Enumerable.Range(1, 22), _receiver.Numbers.Select(number => (int)number));
    }

    [Fact]
    public void The_estimate_is_known_from_the_first_report_on()
    {
        Consume();
        Send(10);
        Assert.Null(_receiver.Estimate);
        _receiver.Report();
        _network.Run(10);
        Assert.NotNull(_receiver.Estimate);
    }

    [Fact]
    public void Padding_is_sent_as_retransmissions_and_leaves_no_gap_in_the_video()
    {
        var consumer = Consume();
        for (var i = 0; i < 30; i++)
        {
            // As if the media were larger than they are; the allocation corrects it.
            _receiver.Peer.Outgoing.Congestion.Wanted = 3_000_000;
            Send(5);
            _receiver.Report();
        }

        var headers = _receiver.Peer.Rtp.Headers();
        var padding = headers.Where(header => header.Ssrc == consumer.RtxSsrc).ToList();
        Assert.NotEmpty(padding);
        Assert.All(padding, header => Assert.Equal((102, 0), (header.PayloadType, header.PayloadLength)));
        Assert.Equal(Enumerable.Range(1, padding.Count), padding.Select(header => (int)header.SequenceNumber));
        Assert.Equal(Enumerable.Range(1, 150), headers.Where(header => header.Ssrc == consumer.Ssrc).Select(header => (int)header.SequenceNumber));
        Assert.InRange(_receiver.Estimate ?? 0, 3_000_000, 10_000_000);
    }

    [Fact]
    public void The_same_garbage_over_and_over_changes_nothing()
    {
        Consume();
        Send(10);
        var known = new TransportFeedback();
        known.OnPacket(1, _network.Now);
        for (var i = 0; i < 2_000; i++)
        {
            _receiver.Peer.SendRtcp((ref RtcpBuilder rtcp) =>
            {
                rtcp.TransportFeedback(RtcpFeedbackFormat.TransportWide, 1, 2, 12).Fill((byte)i);
                known.Write(ref rtcp, 1, 2);
                known.OnPacket(1, _network.Now);
            });
        }

        _network.Run(100);
        Assert.Equal(TransportState.Connected, _receiver.Peer.Transport.State);
    }

    private OutgoingTrack Consume()
    {
        _receiver.Peer.Consume(_publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        return _receiver.Peer.Consume(_publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);
    }

    /// <summary>A packet of sound and one of video each 20 ms.</summary>
    private void Send(int count)
    {
        for (var i = 0; i < count; i++, _number++)
        {
            _publisher.SendRtp(TestMedia.Sound(_number, transportNumber: _number));
            _publisher.SendRtp(TestMedia.Video(_number, keyFrame: _number == 0, transportNumber: _number));
            _network.Run(20);
        }
    }
}
