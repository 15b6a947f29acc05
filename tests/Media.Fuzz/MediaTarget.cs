using Telemedicine.Media.Core;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Tests;
using Telemedicine.Media.Tests.Calls;

namespace Telemedicine.Media.Fuzz;

/// <summary>A participant who is connected and hostile: any RTP and RTCP, well protected, on a publisher's and on a receiver's connection. Tracks are new with each input.</summary>
internal sealed class MediaTarget : Target
{
    private const byte PublisherRtp = 0, PublisherRtcp = 1, ReceiverRtcp = 2, Time = 3, Kinds = 4;

    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly VirtualPeer _receiver;
    private long _now;

    public MediaTarget()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _receiver = _network.Connect(TransportDirection.Receive);
        _publisher.Incoming.Speakers = new ActiveSpeaker();
        _network.Discards = true;
        _now = _network.Now;
    }

    public override string Name => "media";

    public override IEnumerable<byte[]> Seeds =>
    [
        Script([.. Enumerable.Range(0, 8).Select(i => (PublisherRtp, TestMedia.Video((ushort)i, i == 0, (ushort)i)))]),
        Script([.. Enumerable.Range(0, 4).Select(i => (PublisherRtp, TestMedia.Sound((ushort)i))), (Time, [])]),
        Script((PublisherRtp, TestPackets.Rtp(TestMedia.MicrophonePayloadType, 1, 960, TestMedia.MicrophoneSsrc, [1], TestPackets.OneByteExtension((1, [0x90])))), (Time, [])),
        Script((PublisherRtp, TestMedia.Video(10, true, 1)), (PublisherRtp, TestMedia.Video(14, false, 2)), (Time, []), (PublisherRtp, TestMedia.Retransmission(1, 12)), (Time, [])),
        Script((PublisherRtp, TestMedia.Video(10, true)), (ReceiverRtcp, [0x81, 206, 0, 2, 0, 0, 0, 1, 0, 0, 0, 2]), (Time, [])),
        Script((PublisherRtp, TestMedia.Video(10, true)), (ReceiverRtcp, [0x81, 205, 0, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 3]), (Time, [])),
        Script((PublisherRtp, TestMedia.Video(10, true, 1)), (ReceiverRtcp, [0x8F, 205, 0, 5, 0, 0, 0, 1, 0, 0, 0, 2, 0, 1, 0, 1, 0, 0, 1, 0, 0x20, 1, 4, 0]), (Time, [])),
        Script((PublisherRtp, TestPackets.Rtp(96, 1, 0, 77, [0x10, 0], TestPackets.OneByteExtension((4, [0x31]), (10, [0x68]))))),
        Script((PublisherRtcp, [0x80, 200, 0, 6, 0, 0, 8, 0xAE, .. new byte[20]]), (PublisherRtcp, [0x81, 203, 0, 1, 0, 0, 8, 0xAE])),
    ];

    public override void Run(byte[] input)
    {
        var camera = _publisher.Incoming.AddTrack(TestMedia.Camera, false);
        var microphone = _publisher.Incoming.AddTrack(TestMedia.Microphone, false);
        var picture = _receiver.Consume(camera, _now);
        _receiver.Consume(microphone, _now);
        try
        {
            Play(input, (kind, datagram) => Take(kind, datagram, picture.Ssrc));
        }
        finally
        {
            camera.Close();
            microphone.Close();
        }

        Require(_publisher.Transport.State == TransportState.Connected && _receiver.Transport.State == TransportState.Connected, "What a participant sends ends no connection.");
    }

    public override void Dispose() => _network.Dispose();

    private void Take(byte kind, Span<byte> datagram, uint pictureSsrc)
    {
        _now += 1000;
        switch (kind % Kinds)
        {
            case PublisherRtp:
                _publisher.Incoming.HandleRtp(_now, datagram);
                break;
            case PublisherRtcp:
                _publisher.Incoming.HandleRtcp(_now, datagram);
                break;
            case ReceiverRtcp:
                // The stream's own SSRC is random: an input that names number 2 means it.
                if (datagram.Length >= 12 && datagram[8..12].SequenceEqual((ReadOnlySpan<byte>)[0, 0, 0, 2]))
                    System.Buffers.Binary.BinaryPrimitives.WriteUInt32BigEndian(datagram[8..], pictureSsrc);
                _receiver.Outgoing.HandleRtcp(_now, datagram);
                break;
            default:
                _now += Engine.TickInterval * (1 + datagram.Length % 32);
                _publisher.Incoming.HandleTimeout(_now);
                _receiver.Outgoing.HandleTimeout(_now);
                break;
        }
    }
}
