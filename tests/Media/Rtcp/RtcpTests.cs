using FsCheck;
using FsCheck.Fluent;
using Telemedicine.Media.Rtcp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class RtcpTests
{
    private readonly byte[] _buffer = new byte[1500];

    [Fact]
    public void A_compound_is_read_as_it_was_written()
    {
        var report = new SenderReport(1, 0x0102030405060708, 3, 4, 5);
        var block = new ReportBlock(9, 128, -5, 0x10002, 6, 7, 8);
        var builder = new RtcpBuilder(_buffer);
        builder.SenderReport(report);
        builder.ReceiverReport(2, [block, block with { Ssrc = 10, CumulativeLost = 8_000_000 }]);
        builder.CanonicalName(1, "abc"u8);
        builder.Goodbye(1);

        var reader = new RtcpReader(_buffer.AsSpan(0, builder.Length));

        Assert.True(reader.TryRead(out var packet));
        Assert.True(SenderReport.TryParse(packet, out var readReport));
        Assert.Equal(report, readReport);
        Assert.True(reader.TryRead(out packet));
        Assert.True(ReportBlock.TryParse(packet, 0, out var first));
        Assert.True(ReportBlock.TryParse(packet, 1, out var second));
        Assert.False(ReportBlock.TryParse(packet, 2, out _));
        Assert.Equal(block, first);
        Assert.Equal(8_000_000, second.CumulativeLost);
        Assert.True(reader.TryRead(out packet));
        Assert.Equal("0000000101036162630000 00".Replace(" ", "", StringComparison.Ordinal), Convert.ToHexString(packet.Body));
        Assert.True(reader.TryRead(out packet));
        Assert.Equal((RtcpType.Goodbye, 1), (packet.Type, packet.Count));
        Assert.False(reader.TryRead(out _));
    }

    [Fact]
    public void A_nack_is_packed_as_RFC_4585_says()
    {
        var builder = new RtcpBuilder(_buffer);
        builder.Nack(0x11111111, 0x22222222, [100, 101, 116, 117, 65535]);

        // 101 is bit 0 and 116 is bit 15 after 100; 117 needs an entry of its own.
        Assert.Equal("81CD00051111111122222222" + "00648001" + "00750000" + "FFFF0000", Convert.ToHexString(_buffer, 0, builder.Length));
    }

    [Fact]
    public void Picture_loss_and_full_intra_requests_name_the_stream()
    {
        var builder = new RtcpBuilder(_buffer);
        builder.PictureLoss(1, 0xAABBCCDD);
        builder.FullIntra(1, 0xAABBCCDE, 3);

        Assert.Equal("81CE000200000001AABBCCDD" + "84CE00040000000100000000AABBCCDE03000000", Convert.ToHexString(_buffer, 0, builder.Length));
        var reader = new RtcpReader(_buffer.AsSpan(0, builder.Length));
        Assert.True(reader.TryRead(out var packet));
        Assert.True(FeedbackReader.TryReadPictureLoss(packet, out var lost));
        Assert.True(reader.TryRead(out packet));
        Assert.True(FeedbackReader.TryReadFullIntra(packet, 0, out var wanted));
        Assert.False(FeedbackReader.TryReadFullIntra(packet, 1, out _));
        Assert.Equal((0xAABBCCDDu, 0xAABBCCDEu), (lost, wanted));
    }

    [Fact]
    public void Nacked_numbers_survive_the_round_trip() =>
        Prop.ForAll<byte[], ushort>((steps, start) =>
        {
            var numbers = new List<ushort> { start };
            foreach (var step in steps.Take(200))
                numbers.Add((ushort)(numbers[^1] + step % 40 + 1));
            var builder = new RtcpBuilder(_buffer);
            builder.Nack(1, 2, numbers.ToArray());

            var read = new List<ushort>();
            var reader = new RtcpReader(_buffer.AsSpan(0, builder.Length));
            if (!reader.TryRead(out var packet) || !FeedbackReader.TryReadNack(packet, out var nack))
                return false;
            while (nack.TryRead(out var number))
                read.Add(number);
            return nack.MediaSsrc == 2 && read.SequenceEqual(numbers);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Random_bytes_never_throw() =>
        Prop.ForAll<byte[], byte, byte>((bytes, type, count) =>
        {
            if (bytes.Length >= 4)
            {
                bytes[0] = (byte)(0x80 | (count & 0x3F));
                bytes[1] = (byte)(200 + type % 8);
                bytes[2] = 0;
                bytes[3] = (byte)((bytes.Length - 4) / 4);
            }

            var reader = new RtcpReader(bytes);
            while (reader.TryRead(out var packet))
            {
                _ = SenderReport.TryParse(packet, out _);
                for (var i = 0; i < 32; i++)
                {
                    _ = ReportBlock.TryParse(packet, i, out _);
                    _ = FeedbackReader.TryReadFullIntra(packet, i, out _);
                }

                _ = FeedbackReader.TryReadPictureLoss(packet, out _);
                if (FeedbackReader.TryReadNack(packet, out var nack))
                {
                    while (nack.TryRead(out _))
                    {
                    }
                }
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(5000));

    [Fact]
    public void A_packet_that_claims_more_than_there_is_ends_the_reading()
    {
        var reader = new RtcpReader([0x80, 201, 0, 9, 0, 0, 0, 1]);
        Assert.False(reader.TryRead(out _));
    }
}
