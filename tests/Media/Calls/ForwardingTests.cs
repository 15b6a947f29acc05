using Telemedicine.Media.Core;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Tests.Ortc;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

public sealed class ForwardingTests : IDisposable
{
    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly VirtualPeer _receiver;

    public ForwardingTests()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _receiver = _network.Connect(TransportDirection.Receive);
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void Sound_and_video_pass_both_ways()
    {
        var other = (Sends: _network.Connect(TransportDirection.Send), Receives: _network.Connect(TransportDirection.Receive));
        _receiver.Consume(other.Sends.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        _receiver.Consume(other.Sends.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);
        other.Receives.Consume(_publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        other.Receives.Consume(_publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);

        for (ushort i = 0; i < 20; i++)
        {
            _publisher.SendRtp(TestMedia.Sound(i));
            _publisher.SendRtp(TestMedia.Video(i, keyFrame: i == 0));
            other.Sends.SendRtp(TestMedia.Sound((ushort)(100 + i)));
            other.Sends.SendRtp(TestMedia.Video((ushort)(100 + i), keyFrame: i == 0));
            _network.Run(20);
        }

        Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => (int[])[i, i]), other.Receives.Rtp.Contents());
        Assert.Equal(Enumerable.Range(100, 20).SelectMany(i => (int[])[i, i]), _receiver.Rtp.Contents());
    }

    [Fact]
    public void Opus_passes_octet_by_octet_with_its_error_correction_and_its_silences()
    {
        var consumer = _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        Assert.Equal((1, 1), (consumer.Parameters.Codecs[0].Parameters?["useinbandfec"].GetInt32(), consumer.Parameters.Codecs[0].Parameters?["usedtx"].GetInt32()));
        // SILK of 20 ms whose frame carries the one before once more (RFC 6716 §4.2.4); then DTX: a table of contents alone, and nothing for 400 ms each time.
        byte[][] payloads = [[0x48, 0xC0, .. Enumerable.Range(0, 60).Select(i => (byte)(i * 7))], [0x48], [0x48, 0x00], [0x48, 0x80, .. Enumerable.Range(0, 45).Select(i => (byte)i)]];
        uint[] timestamps = [960, 1920, 21_120, 40_320];

        for (var i = 0; i < payloads.Length; i++)
        {
            _publisher.SendRtp(TestPackets.Rtp(TestMedia.MicrophonePayloadType, (ushort)(500 + i), timestamps[i], TestMedia.MicrophoneSsrc, payloads[i], marker: i == 3));
            _network.Run(400);
        }

        var headers = _receiver.Rtp.Headers();
        Assert.Equal(payloads, _receiver.Rtp.Zip(headers, (packet, header) => header.Payload(packet).ToArray()));
        Assert.Equal(timestamps, headers.Select(header => header.Timestamp));
        Assert.Equal([1, 2, 3, 4], headers.Select(header => (int)header.SequenceNumber));
        Assert.Equal([false, false, false, true], headers.Select(header => header.Marker));
    }

    [Fact]
    public void A_forwarded_packet_is_the_consumers_own()
    {
        var extension = TestPackets.OneByteExtension((4, "1"u8.ToArray()), (3, [0, 1]), (13, [0x02]));
        var consumer = _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);

        _publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraPayloadType, 60000, 1234, TestMedia.CameraSsrc, TestMedia.VideoPayload(1, true), extension, padding: 9, marker: true));
        _network.Run(20);

        var packet = Assert.Single(_receiver.Rtp);
        var header = Assert.Single(_receiver.Rtp.Headers());
        Assert.Equal((consumer.Ssrc, (ushort)1, (byte)101, 1234u, true), (header.Ssrc, header.SequenceNumber, header.PayloadType, header.Timestamp, header.Marker));
        Assert.Equal(TestMedia.VideoPayload(1, true), header.Payload(packet).ToArray());
        Assert.Equal(0, packet[0] & 0x20);
        var elements = new HeaderExtensionReader(packet, header);
        Assert.True(elements.MoveNext());
        Assert.Equal((5, 0, 1), (elements.Id, elements.Data[0], elements.Data[1]));
        Assert.True(elements.MoveNext());
        Assert.Equal((11, 0x02), (elements.Id, elements.Data[0]));
        Assert.False(elements.MoveNext());
    }

    [Fact]
    public void Av1_begins_with_a_coded_video_sequence_and_takes_its_dependency_descriptor_along()
    {
        byte[] descriptor = [0x80, 1, 2, .. Enumerable.Range(0, 30).Select(i => (byte)i)];
        var camera = TestParameters.Camera(codec: "AV1");
        var format = ProducerFormat.Parse(MediaKind.Video, camera with { HeaderExtensions = [.. camera.HeaderExtensions ?? [], new(HeaderExtensionUri.DependencyDescriptor, 9, null)] });
        _receiver.Consume(_publisher.Incoming.AddTrack(format, false), _network.Now);

        Send(1, [0x10, 0x32, 1], [0x80, 1, 1]);
        Send(2, [0x18, 0x0A, 2], descriptor);
        Send(3, [0x90, 0x32, 3], [0x40, 1, 2]);
        _network.Run(20);

        Assert.Equal([107, 107], _receiver.Rtp.Headers().Select(header => (int)header.PayloadType));
        Assert.Equal([2, 3], _receiver.Rtp.Select(packet => (int)packet[^1]));
        var elements = new HeaderExtensionReader(_receiver.Rtp[0], _receiver.Rtp.Headers()[0]);
        Assert.True(elements.MoveNext());
        Assert.Equal(13, elements.Id);
        Assert.Equal(descriptor, elements.Data.ToArray());

        void Send(ushort number, byte[] payload, byte[] element) => _publisher.SendRtp(
            TestPackets.Rtp(TestMedia.CameraPayloadType, number, 3000, TestMedia.CameraSsrc, payload, TestPackets.TwoByteExtension((9, element))));
    }

    [Fact]
    public void Every_receiver_gets_its_own_streams()
    {
        var second = _network.Connect(TransportDirection.Receive);
        var track = _publisher.Incoming.AddTrack(TestMedia.Camera, false);
        var first = _receiver.Consume(track, _network.Now);
        _publisher.SendRtp(TestMedia.Video(0, keyFrame: true));
        _publisher.SendRtp(TestMedia.Video(1));
        _network.Run(20);
        var late = second.Consume(track, _network.Now);
        _publisher.SendRtp(TestMedia.Video(2, keyFrame: true));
        _network.Run(20);

        Assert.NotEqual(first.Ssrc, late.Ssrc);
        Assert.Equal([0, 1, 2], _receiver.Rtp.Contents());
        Assert.Equal([2], second.Rtp.Contents());
        Assert.Equal([1], second.Rtp.Numbers());
    }

    [Fact]
    public void Video_begins_with_a_key_frame_and_goes_on_without_a_gap_after_a_pause()
    {
        var consumer = _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);
        SendVideo(65530, 4);
        SendVideo(65534, 6, keyFrameFirst: true);
        consumer.Pause();
        SendVideo(4, 10);
        consumer.Resume(_network.Now);
        SendVideo(14, 3);
        SendVideo(17, 3, keyFrameFirst: true);

        Assert.Equal([65534, 65535, 0, 1, 2, 3, 17, 18, 19], _receiver.Rtp.Contents());
        Assert.Equal(Enumerable.Range(1, 9), _receiver.Rtp.Numbers());
    }

    [Fact]
    public void A_producers_pause_holds_all_its_consumers_and_its_resume_starts_with_a_key_frame()
    {
        var track = _publisher.Incoming.AddTrack(TestMedia.Camera, paused: true);
        _receiver.Consume(track, _network.Now);
        SendVideo(0, 5, keyFrameFirst: true);
        Assert.Empty(_receiver.Rtp);

        track.Resume(_network.Now);
        _network.Run(20);
        Assert.Equal(1, _publisher.Rtcp.CountPictureLoss(TestMedia.CameraSsrc));
        SendVideo(5, 2);
        SendVideo(7, 2, keyFrameFirst: true);
        track.Pause();
        SendVideo(9, 2);
        track.Resume(_network.Now);
        SendVideo(11, 2, keyFrameFirst: true);

        Assert.Equal([7, 8, 11, 12], _receiver.Rtp.Contents());
        Assert.Equal([1, 2, 3, 4], _receiver.Rtp.Numbers());
    }

    [Fact]
    public void Sound_starts_with_any_packet_and_late_ones_from_before_a_pause_stay_away()
    {
        var consumer = _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        SendSound(10);
        SendSound(12);
        consumer.Pause();
        consumer.Resume(_network.Now);
        SendSound(13);
        SendSound(11);
        SendSound(14);

        Assert.Equal([10, 12, 13, 14], _receiver.Rtp.Contents());
        Assert.Equal([1, 3, 4, 5], _receiver.Rtp.Numbers());
    }

    [Fact]
    public void Packets_out_of_order_keep_their_places()
    {
        _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        foreach (ushort number in (ushort[])[5, 7, 6, 9, 8])
            SendSound(number);

        Assert.Equal([1, 3, 2, 5, 4], _receiver.Rtp.Numbers());
    }

    [Fact]
    public void Copies_and_padding_are_not_forwarded_and_leave_no_gap()
    {
        _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);
        SendVideo(0, 2, keyFrameFirst: true);
        _publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraPayloadType, 2, 0, TestMedia.CameraSsrc, [], padding: 100));
        _publisher.SendRtp(TestMedia.Retransmission(0, 1));
        _publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraRtxPayloadType, 1, 0, TestMedia.CameraRtxSsrc, [], padding: 200));
        _publisher.SendRtp(TestPackets.Rtp(TestMedia.CameraRtxPayloadType, 2, 0, TestMedia.CameraRtxSsrc, [0, 1]));
        SendVideo(3, 2);

        Assert.Equal([0, 1, 3, 4], _receiver.Rtp.Contents());
        Assert.Equal([1, 2, 3, 4], _receiver.Rtp.Numbers());
        Assert.Equal(4, _network.Engine.Counters.DroppedDuplicate);
    }

    [Fact]
    public void Simulcast_layers_are_known_by_mid_and_rid_and_the_lowest_is_forwarded()
    {
        var parameters = Ortc.TestParameters.Camera() with { Encodings = [new(null, "l", null, null, null, null), new(null, "h", null, null, null, null)] };
        var track = _publisher.Incoming.AddTrack(Telemedicine.Media.Ortc.ProducerFormat.Parse(MediaKind.Video, parameters), false);
        _receiver.Consume(track, _network.Now);

        _publisher.SendRtp(Simulcast(TestMedia.CameraPayloadType, 900, 1, (4, "1"), (10, "h")));
        _publisher.SendRtp(Simulcast(TestMedia.CameraPayloadType, 800, 2, (4, "1"), (10, "l")));
        _publisher.SendRtp(Simulcast(TestMedia.CameraPayloadType, 700, 3, (4, "9"), (10, "l")));
        _publisher.SendRtp(Simulcast(TestMedia.CameraPayloadType, 800, 4));
        _network.Run(50);

        Assert.Equal([2, 4], _receiver.Rtp.Contents());
        Assert.Equal(1, _network.Engine.Counters.DroppedUnknownStream);
    }

    [Fact]
    public void A_closed_producer_ends_its_consumers_and_frees_its_ssrc()
    {
        var track = _publisher.Incoming.AddTrack(TestMedia.Camera, false);
        var consumer = _receiver.Consume(track, _network.Now);
        SendVideo(0, 2, keyFrameFirst: true);

        track.Close();
        SendVideo(2, 2, keyFrameFirst: true);

        Assert.True(consumer.IsClosed);
        Assert.Equal([consumer.Ssrc], _receiver.Rtcp.Goodbyes());
        Assert.Equal(2, _receiver.Rtp.Count);
        Assert.Equal(2, _network.Engine.Counters.DroppedUnknownStream);
        _publisher.Incoming.AddTrack(TestMedia.Camera, false);
        Assert.Throws<MediaException>(() => _publisher.Incoming.AddTrack(TestMedia.Camera, false));
    }

    [Fact]
    public void Consumers_of_one_receiver_have_different_mids_and_ssrcs()
    {
        var microphone = _publisher.Incoming.AddTrack(TestMedia.Microphone, false);
        var camera = _publisher.Incoming.AddTrack(TestMedia.Camera, false);
        var consumers = Enumerable.Range(0, 5).SelectMany(_ => (OutgoingTrack[])[_receiver.Consume(microphone, _network.Now), _receiver.Consume(camera, _network.Now)]).ToList();

        Assert.Equal(10, consumers.Select(consumer => consumer.Parameters.Mid).Distinct().Count());
        Assert.Equal(15, consumers.SelectMany(consumer => (uint[])[consumer.Ssrc, consumer.RtxSsrc]).Where(ssrc => ssrc != 0).Distinct().Count());
        Assert.Single(consumers.Select(consumer => consumer.Parameters.Rtcp?.Cname).Distinct());
    }

    private static byte[] Simulcast(byte payloadType, uint ssrc, ushort number, params (byte Id, string Text)[] names)
    {
        var extension = names.Length == 0 ? [] : TestPackets.OneByteExtension([.. names.Select(name => (name.Id, System.Text.Encoding.ASCII.GetBytes(name.Text)))]);
        return TestPackets.Rtp(payloadType, number, 0, ssrc, TestMedia.VideoPayload(number, keyFrame: true), extension);
    }

    private void SendVideo(int first, int count, bool keyFrameFirst = false)
    {
        for (var i = 0; i < count; i++)
        {
            _publisher.SendRtp(TestMedia.Video((ushort)(first + i), keyFrameFirst && i == 0));
            _network.Run(10);
        }

        _network.Run(20);
    }

    private void SendSound(ushort number)
    {
        _publisher.SendRtp(TestMedia.Sound(number));
        _network.Run(20);
    }
}
