using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class NackGeneratorTests
{
    private readonly NackGenerator _missing = new();
    private readonly ushort[] _numbers = new ushort[NackGenerator.Capacity];

    [Fact]
    public void A_missing_packet_is_asked_for_at_once_and_again_after_a_while()
    {
        _missing.TryAdd(70_000, 70_002);

        Assert.Equal(2, _missing.TakeDue(0, _numbers, out _));
        Assert.Equal([(ushort)4464, (ushort)4465], _numbers[..2]);
        Assert.Equal(0, _missing.TakeDue(10_000, _numbers, out _));
        Assert.Equal(2, _missing.TakeDue(250_000, _numbers, out _));
    }

    [Fact]
    public void What_came_is_not_asked_for_again()
    {
        _missing.TryAdd(100, 103);
        _missing.OnReceived(101, 0);

        Assert.Equal(2, _missing.TakeDue(0, _numbers, out _));
        Assert.Equal([(ushort)100, (ushort)102], _numbers[..2]);
    }

    [Fact]
    public void Repeats_follow_the_time_that_answers_take()
    {
        for (var round = 0; round < 20; round++)
        {
            _missing.TryAdd(round, round + 1);
            _missing.TakeDue(round * 1_000_000, _numbers, out _);
            _missing.OnReceived(round, round * 1_000_000 + 15_000);
        }

        _missing.TryAdd(1000, 1001);
        _missing.TakeDue(100_000_000, _numbers, out _);

        Assert.Equal(0, _missing.TakeDue(100_020_000, _numbers, out _));
        Assert.Equal(1, _missing.TakeDue(100_040_000, _numbers, out _));
    }

    [Fact]
    public void After_ten_requests_it_gives_up()
    {
        _missing.TryAdd(1, 2);
        var gaveUp = false;
        var asked = 0;
        for (var now = 0L; now < 5_000_000 && !gaveUp; now += 10_000)
            asked += _missing.TakeDue(now, _numbers, out gaveUp);

        Assert.True(gaveUp);
        Assert.Equal(NackGenerator.MaximumTries, asked);
        Assert.Equal(0, _missing.Count);
    }

    [Fact]
    public void A_gap_too_large_to_repair_is_given_up_whole()
    {
        Assert.True(_missing.TryAdd(0, 10));
        Assert.False(_missing.TryAdd(10, 10 + NackGenerator.Capacity));
        Assert.Equal(0, _missing.Count);
    }
}
