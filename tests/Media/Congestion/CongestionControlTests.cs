using FsCheck;
using FsCheck.Fluent;
using Telemedicine.Media.Core.Congestion;
using Telemedicine.Media.Rtcp;
using Xunit;

namespace Telemedicine.Media.Tests.Congestion;

/// <summary>The estimate finds what a path carries, and follows it down at once and up within seconds.</summary>
public class CongestionControlTests
{
    private readonly Path _path = new();

    [Fact]
    public void Nothing_is_known_before_the_receiver_reports()
    {
        Assert.Null(_path.Control.Bitrate);
        _path.Run(50);
        Assert.Null(_path.Control.Bitrate);
        _path.Run(200);
        Assert.NotNull(_path.Control.Bitrate);
    }

    [Fact]
    public void On_a_wide_path_all_that_is_wanted_is_there_within_two_seconds()
    {
        _path.Control.Wanted = _path.Media = 2_500_000;

        Assert.InRange(_path.RunUntil(2_500_000, 2_000), 0, 1_999);
        _path.Run(10_000);

        Assert.All(_path.Estimates, estimate => Assert.True(estimate >= 2_000_000, $"{estimate}"));
        Assert.False(_path.Control.IsLimited);
    }

    [Theory]
    [InlineData(300_000)]
    [InlineData(1_000_000)]
    public void The_estimate_settles_below_what_the_path_carries(long rate)
    {
        _path.Control.Wanted = _path.Media = 2_500_000;
        _path.Link.Rate = rate;
        _path.Run(5_000);
        _path.Run(20_000);

        Assert.InRange(_path.Estimates.Average(), rate * 0.6, rate);
        Assert.InRange(_path.Estimates.Count(estimate => estimate > rate), 0, _path.Estimates.Count / 10);
        Assert.True(_path.Control.IsLimited);
    }

    [Fact]
    public void A_path_that_becomes_narrow_is_followed_down_and_up_again()
    {
        _path.Control.Wanted = _path.Media = 2_000_000;
        _path.Run(4_000);
        _path.Link.Rate = 300_000;
        _path.Run(3_000);
        _path.Run(5_000);
        Assert.InRange(_path.Estimates.Average(), 150_000, 300_000);

        _path.Link.Rate = 100_000_000;
        Assert.InRange(_path.RunUntil(1_500_000, 5_000), 0, 4_999);
    }

    [Fact]
    public void Sound_alone_goes_on_over_almost_nothing_and_probes_find_the_path_wide_again()
    {
        _path.Control.Wanted = 1_500_000;
        _path.Media = 32_000;
        _path.IsStubborn = true;
        _path.Link.Rate = 50_000;
        _path.Run(10_000);
        Assert.InRange(_path.Estimates[^1], CongestionControl.Minimum, 80_000);

        _path.Link.Rate = 100_000_000;
        Assert.InRange(_path.RunUntil(500_000, 5_000), 0, 4_999);
    }

    [Fact]
    public void Without_need_nothing_is_probed()
    {
        _path.Control.Wanted = _path.Media = 200_000;
        _path.Run(10_000);

        Assert.Equal(0, _path.PaddingSent);
    }

    [Fact]
    public void Loss_without_a_queue_leaves_a_small_picture_and_is_over_soon_after_it_ends()
    {
        _path.Control.Wanted = _path.Media = 1_500_000;
        _path.Run(4_000);
        _path.Link.Loss = 0.2;
        _path.Run(10_000);
        Assert.InRange(_path.Estimates[^1], 150_000, 400_000);

        _path.Link.Loss = 0;
        Assert.InRange(_path.RunUntil(1_200_000, 5_000), 0, 4_999);
    }

    [Fact]
    public void A_long_way_with_jitter_is_not_taken_for_a_queue()
    {
        _path.Control.Wanted = _path.Media = 1_000_000;
        _path.Link.Delay = 300_000;
        _path.Link.Jitter = 20_000;
        _path.Run(5_000);
        _path.Run(20_000);

        Assert.InRange(_path.Estimates.Average(), 600_000, 3_000_000);
    }

    [Fact]
    public void Half_of_the_reports_are_enough()
    {
        _path.Control.Wanted = _path.Media = 2_500_000;
        _path.Link.Rate = 1_000_000;
        _path.ReportLoss = 0.5;
        _path.Run(5_000);
        _path.Run(20_000);

        Assert.InRange(_path.Estimates.Average(), 500_000, 1_050_000);
    }

    [Fact]
    public void A_receiver_that_falls_silent_is_sent_less_and_less()
    {
        _path.Control.Wanted = _path.Media = 1_000_000;
        _path.Run(3_000);
        _path.ReportLoss = 1;
        _path.Run(5_000);
        Assert.InRange(_path.Estimates[^1], CongestionControl.Minimum, 60_000);

        _path.ReportLoss = 0;
        Assert.InRange(_path.RunUntil(900_000, 5_000), 0, 4_999);
    }

    [Fact]
    public void Where_there_are_only_receiver_reports_their_loss_counts()
    {
        var control = new CongestionControl();
        control.OnLossReport(1_000_000, 0, 800_000);
        Assert.Null(control.Bitrate);
        for (var second = 2; second < 8; second++)
            control.OnLossReport(second * 1_000_000L, 0.5, 800_000);
        Assert.InRange(control.Bitrate ?? 0, CongestionControl.Minimum, 250_000);

        var low = control.Bitrate;
        for (var second = 8; second < 20; second++)
            control.OnLossReport(second * 1_000_000L, 0, 100_000);
        Assert.True(control.Bitrate > low * 2);
    }

    [Fact]
    public void Reports_that_no_receiver_would_send_are_harmless() =>
        Prop.ForAll<byte[], ushort>((noise, first) =>
        {
            var control = new CongestionControl();
            for (var i = 0; i < 200; i++)
                control.OnSent(1_000_000 + i * 1_000, 1_000);
            var now = 2_000_000L;
            for (var start = 0; start < noise.Length; start++)
            {
                byte[] packet =
                [
                    0x8F, 205, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, (byte)(first >> 8), (byte)first, 0, (byte)(noise[start] % 200), .. noise[start..],
                ];
                packet = [.. packet, .. new byte[(4 - packet.Length % 4) % 4]];
                packet[3] = (byte)(packet.Length / 4 - 1);
                var reader = new RtcpReader(packet);
                if (reader.TryRead(out var rtcp) && TransportFeedbackReader.TryParse(rtcp, out var feedback))
                    control.OnFeedback(now += 10_000, feedback);
                control.HandleTimeout(now, canPad: true);
            }

            return control.Bitrate is null or (>= CongestionControl.Minimum and <= CongestionControl.Maximum);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void What_was_never_sent_cannot_be_reported()
    {
        var control = new CongestionControl();
        control.OnSent(1_000_000, 1_000);
        var receiver = new TransportFeedback();
        receiver.OnPacket(2, 1_010_000);
        Span<byte> buffer = stackalloc byte[100];
        var rtcp = new RtcpBuilder(buffer);
        receiver.Write(ref rtcp, 1, 2);
        var reader = new RtcpReader(buffer[..rtcp.Length]);
        Assert.True(reader.TryRead(out var packet));
        Assert.True(TransportFeedbackReader.TryParse(packet, out var feedback));

        control.OnFeedback(1_020_000, feedback);

        Assert.Null(control.Bitrate);
    }
}
