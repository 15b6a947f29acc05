using System.Buffers.Binary;
using Telemedicine.Media.Core;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Tests.Ortc;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>Packets of the producers that <see cref="TestParameters"/> describes, and what tests read from answers.</summary>
internal static class TestMedia
{
    public const uint MicrophoneSsrc = 1111, CameraSsrc = 2222, CameraRtxSsrc = 2223;
    public const byte CameraPayloadType = 96, CameraRtxPayloadType = 97, MicrophonePayloadType = 111;

    private const byte TransportSequenceId = 3;

    public static readonly ProducerFormat Camera = ProducerFormat.Parse(MediaKind.Video, TestParameters.Camera());
    public static readonly ProducerFormat Microphone = ProducerFormat.Parse(MediaKind.Audio, TestParameters.Microphone());

    /// <summary>A VP8 packet whose payload ends in its own number.</summary>
    public static byte[] Video(ushort number, bool keyFrame = false, ushort? transportNumber = null) =>
        TestPackets.Rtp(CameraPayloadType, number, number * 3000u, CameraSsrc, VideoPayload(number, keyFrame), Extension(transportNumber));

    public static byte[] VideoPayload(ushort number, bool keyFrame = false) => [0x10, (byte)(keyFrame ? 0 : 1), (byte)(number >> 8), (byte)number];

    /// <summary>A copy of a video packet under the retransmission SSRC (RFC 4588 §4).</summary>
    public static byte[] Retransmission(ushort rtxNumber, ushort number, bool keyFrame = false) =>
        TestPackets.Rtp(CameraRtxPayloadType, rtxNumber, number * 3000u, CameraRtxSsrc, [(byte)(number >> 8), (byte)number, .. VideoPayload(number, keyFrame)]);

    public static byte[] Sound(ushort number, ushort? transportNumber = null, int filling = 0) =>
        TestPackets.Rtp(MicrophonePayloadType, number, number * 960u, MicrophoneSsrc, [.. new byte[filling], (byte)(number >> 8), (byte)number], Extension(transportNumber));

    /// <summary>A consumer of the track, running.</summary>
    public static OutgoingTrack Consume(this VirtualPeer receiver, IncomingTrack track, long now)
    {
        var consumer = receiver.Outgoing.AddTrack(now, track, ConsumerFormat.Negotiate(track.Format, TestParameters.Receiver()));
        consumer.Resume(now);
        return consumer;
    }

    public static List<RtpHeader> Headers(this IEnumerable<byte[]> packets) => [.. packets.Select(packet =>
    {
        Xunit.Assert.True(RtpHeader.TryParse(packet, out var header));
        return header;
    })];

    public static List<int> Numbers(this IEnumerable<byte[]> packets) => [.. packets.Headers().Select(header => (int)header.SequenceNumber)];

    /// <summary>The numbers that the payloads of video or sound packets end in.</summary>
    public static List<int> Contents(this IEnumerable<byte[]> packets) => [.. packets.Select(packet => (int)BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(packet.Length - 2)))];

    public static int CountPictureLoss(this IEnumerable<byte[]> compounds, uint ssrc)
    {
        var count = 0;
        Each(compounds, (in RtcpPacket packet) => count += FeedbackReader.TryReadPictureLoss(packet, out var lost) && lost == ssrc ? 1 : 0);
        return count;
    }

    public static List<int> Nacked(this IEnumerable<byte[]> compounds, uint ssrc)
    {
        var numbers = new List<int>();
        Each(compounds, (in RtcpPacket packet) =>
        {
            if (!FeedbackReader.TryReadNack(packet, out var nack) || nack.MediaSsrc != ssrc)
                return;
            while (nack.TryRead(out var number))
                numbers.Add(number);
        });
        return numbers;
    }

    public static List<ReportBlock> ReportBlocks(this IEnumerable<byte[]> compounds)
    {
        var blocks = new List<ReportBlock>();
        Each(compounds, (in RtcpPacket packet) =>
        {
            for (var i = 0; ReportBlock.TryParse(packet, i, out var block); i++)
                blocks.Add(block);
        });
        return blocks;
    }

    public static List<SenderReport> SenderReports(this IEnumerable<byte[]> compounds)
    {
        var reports = new List<SenderReport>();
        Each(compounds, (in RtcpPacket packet) =>
        {
            if (SenderReport.TryParse(packet, out var report))
                reports.Add(report);
        });
        return reports;
    }

    /// <summary>First number and count of each transport-wide report.</summary>
    public static List<(int First, int Count)> TransportReports(this IEnumerable<byte[]> compounds)
    {
        var reports = new List<(int, int)>();
        Each(compounds, (in RtcpPacket packet) =>
        {
            if (packet is { Type: RtcpType.TransportFeedback, Count: RtcpFeedbackFormat.TransportWide })
                reports.Add((BinaryPrimitives.ReadUInt16BigEndian(packet.Body[8..]), BinaryPrimitives.ReadUInt16BigEndian(packet.Body[10..])));
        });
        return reports;
    }

    public static List<uint> Goodbyes(this IEnumerable<byte[]> compounds)
    {
        var ssrcs = new List<uint>();
        Each(compounds, (in RtcpPacket packet) =>
        {
            if (packet.Type == RtcpType.Goodbye)
                ssrcs.Add(BinaryPrimitives.ReadUInt32BigEndian(packet.Body));
        });
        return ssrcs;
    }

    private delegate void PacketReader(in RtcpPacket packet);

    private static void Each(IEnumerable<byte[]> compounds, PacketReader read)
    {
        foreach (var compound in compounds)
        {
            var reader = new RtcpReader(compound);
            while (reader.TryRead(out var packet))
                read(packet);
        }
    }

    private static byte[] Extension(ushort? transportNumber) =>
        transportNumber is { } number ? TestPackets.OneByteExtension((TransportSequenceId, [(byte)(number >> 8), (byte)number])) : [];
}
