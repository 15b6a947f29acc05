using Telemedicine.Media.Net;
using Xunit;

namespace Telemedicine.Media.Tests.Net;

/// <summary>RFC 4571.</summary>
public sealed class TcpFramingTests
{
    [Fact]
    public void A_written_frame_is_read_again()
    {
        byte[] frame = [0, 0, 7, 8, 9];
        TcpFraming.WriteHeader(frame, 3);

        Assert.True(TcpFraming.TryRead(frame, out var datagram, out var consumed));
        Assert.Equal([7, 8, 9], datagram.ToArray());
        Assert.Equal(5, consumed);
    }

    [Theory]
    [InlineData(new byte[0])]
    [InlineData(new byte[] { 0 })]
    [InlineData(new byte[] { 0, 3 })]
    [InlineData(new byte[] { 0, 3, 7, 8 })]
    public void An_unfinished_frame_waits_for_its_rest(byte[] received)
    {
        Assert.True(TcpFraming.TryRead(received, out _, out var consumed));
        Assert.Equal(0, consumed);
    }

    [Fact]
    public void A_second_frame_stays_and_an_empty_one_carries_nothing()
    {
        Assert.True(TcpFraming.TryRead(new byte[] { 0, 0, 0, 1, 5 }, out var datagram, out var consumed));
        Assert.Equal(0, datagram.Length);
        Assert.Equal(2, consumed);
    }

    [Fact]
    public void A_frame_longer_than_any_datagram_is_refused_at_its_header()
    {
        byte[] received = new byte[2];
        TcpFraming.WriteHeader(received, UdpLayer.MaxDatagram);
        Assert.True(TcpFraming.TryRead(received, out _, out _));
        TcpFraming.WriteHeader(received, UdpLayer.MaxDatagram + 1);
        Assert.False(TcpFraming.TryRead(received, out _, out _));
    }
}
