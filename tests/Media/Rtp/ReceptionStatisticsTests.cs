using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class ReceptionStatisticsTests
{
    private const long First = SequenceUnwrapper.FirstTurn + 100;

    [Fact]
    public void Loss_is_told_since_the_report_before_and_in_all()
    {
        var statistics = new ReceptionStatistics(90000);
        for (var i = 0; i < 100; i++)
        {
            if (i % 4 != 1)
                statistics.OnPacket(First + i, 0, 0);
        }

        var first = statistics.TakeReport(7, 0);
        statistics.OnPacket(First + 100, 0, 0);
        var second = statistics.TakeReport(7, 0);

        Assert.Equal((7u, 64, 25, 199u), (first.Ssrc, first.FractionLost, first.CumulativeLost, first.HighestSequenceNumber));
        Assert.Equal((0, 25), (second.FractionLost, second.CumulativeLost));
    }

    [Fact]
    public void Even_spacing_has_no_jitter_and_uneven_spacing_has()
    {
        var even = new ReceptionStatistics(90000);
        var uneven = new ReceptionStatistics(90000);
        for (var i = 0; i < 200; i++)
        {
            even.OnPacket(First + i, (uint)(i * 1800), i * 20_000);
            uneven.OnPacket(First + i, (uint)(i * 1800), i * 20_000 + (i % 2) * 10_000);
        }

        Assert.Equal(0u, even.TakeReport(1, 0).Jitter);
        // 10 ms either way: 900 ticks.
        Assert.InRange(uneven.TakeReport(1, 0).Jitter, 880u, 920u);
    }

    [Fact]
    public void The_last_sender_report_is_named_with_its_age()
    {
        var statistics = new ReceptionStatistics(90000);
        statistics.OnPacket(First, 0, 0);
        statistics.OnSenderReport(0x1122334455667788, 1_000_000);

        var report = statistics.TakeReport(1, 1_500_000);

        Assert.Equal((0x33445566u, 32768u), (report.LastSenderReport, report.DelaySinceLastSenderReport));
    }
}
