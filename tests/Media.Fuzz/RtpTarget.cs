using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Tests;
using Telemedicine.Media.Tests.Calls;

namespace Telemedicine.Media.Fuzz;

/// <summary>RTP's header and extension, and each codec's payload descriptor: the readers alone, many inputs a second.</summary>
internal sealed class RtpTarget : Target
{
    private static readonly RtpCodec[] Codecs = Enum.GetValues<RtpCodec>();

    public override string Name => "rtp";

    public override IEnumerable<byte[]> Seeds =>
    [
        TestMedia.Video(1, keyFrame: true, transportNumber: 1),
        TestMedia.Sound(1),
        TestPackets.Rtp(96, 1, 1, 1, [0x90, 0x80, 0x80, 0x01, 0, 0, 0], TestPackets.TwoByteExtension((4, [0x31]), (2, [1, 2, 3]))),
        TestPackets.Rtp(96, 1, 1, 1, [0x90, 0xF0, 0x81, 0x02, 3, 0x60, 0], padding: 8),
        TestPackets.Rtp(96, 1, 1, 1, [0xFF, 0x81, 0x02, 0x60, 0x01, 0x12, 0x03, 0x00, 0x04]),
        TestPackets.Rtp(96, 1, 1, 1, [0x78, 0, 3, 0x67, 1, 2, 0, 2, 0x65, 1]),
        TestPackets.Rtp(96, 1, 1, 1, [0x7C, 0x85, 1, 2, 3]),
        TestPackets.Rtp(96, 1, 1, 1, [0x28, 0x0A, 1, 2, 3, 4]),
    ];

    public override void Run(byte[] input)
    {
        foreach (var codec in Codecs)
            KeyFrames.StartsAt(codec, input);
        if (Vp8Descriptor.TryParse(input, out var descriptor))
            Require(Math.Max(descriptor.PictureIdOffset, Math.Max(descriptor.Tl0Offset, descriptor.KeyIndexOffset)) < Math.Max(1, input.Length), "A field is within the payload.");
        if (!RtpHeader.TryParse(input, out var header))
            return;
        Require(header.HeaderLength + header.PayloadLength <= input.Length && header.PayloadLength >= 0, "Header and payload are within the packet.");
        foreach (var codec in Codecs)
            KeyFrames.StartsAt(codec, header.Payload(input));
        var elements = new HeaderExtensionReader(input, header);
        while (elements.MoveNext())
            Require(elements.DataOffset + elements.Data.Length <= header.ExtensionOffset + header.ExtensionLength, "An element is within the extension.");
        var packet = input.ToArray();
        TestMedia.Camera.Extensions.Rewrite(packet, header, 1_000_000);
        Require(RtpHeader.TryParse(packet, out var rewritten) && rewritten.HeaderLength == header.HeaderLength, "Mapping the elements keeps the header's length.");
        Require(packet.AsSpan(header.HeaderLength).SequenceEqual(input.AsSpan(header.HeaderLength)), "Mapping the elements leaves the payload alone.");
    }
}
