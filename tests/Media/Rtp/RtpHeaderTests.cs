using FsCheck;
using FsCheck.Fluent;
using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class RtpHeaderTests
{
    [Fact]
    public void A_packet_with_extension_and_padding_is_taken_apart()
    {
        var packet = TestPackets.Rtp(96, 0xABCD, 0x01020304, 0xDEADBEEF, [1, 2, 3], TestPackets.OneByteExtension((1, [9])), padding: 5, marker: true);

        Assert.True(RtpHeader.TryParse(packet, out var header));

        Assert.True(header.Marker);
        Assert.Equal(96, header.PayloadType);
        Assert.Equal(0xABCD, header.SequenceNumber);
        Assert.Equal(0x01020304u, header.Timestamp);
        Assert.Equal(0xDEADBEEFu, header.Ssrc);
        Assert.Equal(20, header.HeaderLength);
        Assert.Equal([1, 2, 3], header.Payload(packet).ToArray());
    }

    [Fact]
    public void Contributing_sources_belong_to_the_header()
    {
        byte[] packet = [.. TestPackets.Rtp(96, 1, 1, 1, []), 0, 0, 0, 7, 0, 0, 0, 8, 42];
        packet[0] |= 2;

        Assert.True(RtpHeader.TryParse(packet, out var header));

        Assert.Equal(20, header.HeaderLength);
        Assert.Equal([42], header.Payload(packet).ToArray());
    }

    [Fact]
    public void A_packet_of_only_padding_has_no_payload()
    {
        Assert.True(RtpHeader.TryParse(TestPackets.Rtp(96, 1, 1, 1, [], padding: 200), out var header));
        Assert.Equal(0, header.PayloadLength);
    }

    [Theory]
    [InlineData(0x40, "wrong version")]
    [InlineData(0x8F, "more contributing sources than bytes")]
    [InlineData(0x90, "an extension longer than the packet")]
    [InlineData(0xA0, "padding longer than the payload")]
    public void Impossible_headers_are_refused(byte first, string why)
    {
        var packet = TestPackets.Rtp(96, 1, 1, 1, [0xFF, 0xFF, 0xFF, 0xFF]);
        packet[0] = first;

        Assert.False(RtpHeader.TryParse(packet, out _), why);
    }

    [Fact]
    public void Padding_of_zero_bytes_is_refused()
    {
        var packet = TestPackets.Rtp(96, 1, 1, 1, [1, 2, 0]);
        packet[0] |= 0x20;

        Assert.False(RtpHeader.TryParse(packet, out _));
    }

    [Fact]
    public void Random_bytes_never_throw_and_never_point_outside_the_packet() =>
        Prop.ForAll<byte[], byte>((bytes, first) =>
        {
            if (bytes.Length > 0)
                bytes[0] = (byte)(0x80 | (first & 0x3F));
            if (!RtpHeader.TryParse(bytes, out var header))
                return true;
            var elements = new HeaderExtensionReader(bytes, header);
            while (elements.MoveNext())
                _ = elements.Data.Length;
            new HeaderExtensionMap { AbsoluteSendTime = 1 }.Rewrite(bytes, header, 1);
            foreach (var codec in Enum.GetValues<RtpCodec>())
                _ = KeyFrames.StartsAt(codec, header.Payload(bytes));
            return header.HeaderLength + header.PayloadLength <= bytes.Length;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));
}
