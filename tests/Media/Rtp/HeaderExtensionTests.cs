using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class HeaderExtensionTests
{
    private static HeaderExtensionMap Map()
    {
        var map = new HeaderExtensionMap { AbsoluteSendTime = 2 };
        map.Forward(1, 10);
        map.Forward(2, 4);
        return map;
    }

    [Fact]
    public void Forwarded_elements_get_their_outgoing_ids_and_the_others_become_padding()
    {
        var packet = TestPackets.Rtp(96, 1, 1, 1, [7, 7], TestPackets.OneByteExtension((1, [0xAA]), (3, [1, 2, 3])));

        Assert.True(RtpHeader.TryParse(packet, out var header));
        Map().Rewrite(packet, header, 0);

        Assert.Equal([(10, "AA")], Elements(packet));
        Assert.Equal([7, 7], packet[^2..]);
    }

    [Fact]
    public void The_two_byte_form_is_mapped_too()
    {
        var packet = TestPackets.Rtp(96, 1, 1, 1, [7], TestPackets.TwoByteExtension((1, [0xAA, 0xBB]), (200, [1]), (1, [0xCC])));

        Assert.True(RtpHeader.TryParse(packet, out var header));
        Map().Rewrite(packet, header, 0);

        Assert.Equal([(10, "AABB"), (10, "CC")], Elements(packet));
    }

    [Fact]
    public void The_absolute_send_time_becomes_this_hops()
    {
        var packet = TestPackets.Rtp(96, 1, 1, 1, [7], TestPackets.OneByteExtension((2, [0xFF, 0xFF, 0xFF])));

        Assert.True(RtpHeader.TryParse(packet, out var header));
        Map().Rewrite(packet, header, 65_500_000);

        // 65.5 s is 1.5 s modulo 64 s: 1.5 × 2^18.
        Assert.Equal([(4, "060000")], Elements(packet));
    }

    [Fact]
    public void Elements_after_the_reserved_id_are_not_read()
    {
        var packet = TestPackets.Rtp(96, 1, 1, 1, [7], TestPackets.OneByteExtension((15, [1]), (1, [2])));

        Assert.Empty(Elements(packet));
    }

    [Fact]
    public void An_element_that_runs_over_the_end_is_not_read()
    {
        var extension = TestPackets.OneByteExtension((1, [1, 2, 3]));
        extension[4] = 0x1F;
        var packet = TestPackets.Rtp(96, 1, 1, 1, [7], extension);

        Assert.Empty(Elements(packet));
    }

    private static List<(int Id, string Data)> Elements(byte[] packet)
    {
        Assert.True(RtpHeader.TryParse(packet, out var header));
        var found = new List<(int, string)>();
        var elements = new HeaderExtensionReader(packet, header);
        while (elements.MoveNext())
            found.Add((elements.Id, Convert.ToHexString(elements.Data)));
        return found;
    }
}
