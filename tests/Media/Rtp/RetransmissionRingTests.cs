using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class RetransmissionRingTests
{
    private readonly RetransmissionRing _ring = new(new PacketPool());

    [Fact]
    public void A_kept_packet_is_found_until_its_place_is_taken()
    {
        _ring.Keep(7, [1, 2, 3], 0);
        Assert.Equal([1, 2, 3], _ring.Find(7).ToArray());

        _ring.Keep(7 + RetransmissionRing.Capacity, [4], 0);
        Assert.True(_ring.Find(7).IsEmpty);
        Assert.Equal([4], _ring.Find(7 + RetransmissionRing.Capacity).ToArray());
    }

    [Fact]
    public void A_late_packet_does_not_push_out_a_newer_one()
    {
        _ring.Keep(7 + RetransmissionRing.Capacity, [4], 0);
        _ring.Keep(7, [1], 0);

        Assert.Equal([4], _ring.Find(7 + RetransmissionRing.Capacity).ToArray());
    }

    [Fact]
    public void Old_packets_go_back_to_the_pool()
    {
        _ring.Keep(1, [1], 100);
        _ring.Keep(2, [2], 200);

        _ring.Trim(150);

        Assert.True(_ring.Find(1).IsEmpty);
        Assert.Equal([2], _ring.Find(2).ToArray());
    }

    [Fact]
    public void Keeping_a_packet_returns_those_too_old_to_be_asked_for()
    {
        _ring.Keep(1, [1], 0);
        _ring.Keep(2, [2], 10_000);
        _ring.Keep(4, [4], RetransmissionRing.FirstLifetime + 5_000);

        Assert.True(_ring.Find(1).IsEmpty);
        Assert.Equal([2], _ring.Find(2).ToArray());
        Assert.Equal([4], _ring.Find(4).ToArray());
    }

    [Fact]
    public void A_request_that_came_too_late_makes_packets_stay_longer()
    {
        _ring.Keep(1, [1], 0);
        _ring.Keep(2, [2], RetransmissionRing.FirstLifetime + 1);
        Assert.True(_ring.Find(1).IsEmpty);

        _ring.Keep(3, [3], RetransmissionRing.FirstLifetime * 2);

        Assert.Equal([2], _ring.Find(2).ToArray());
        _ring.Keep(4, [4], RetransmissionRing.FirstLifetime * 3);
        Assert.Equal([2], _ring.Find(2).ToArray());
        _ring.Keep(5, [5], RetransmissionRing.FirstLifetime * 3 + 2);
        Assert.True(_ring.Find(2).IsEmpty);
    }

    [Fact]
    public void Packets_stay_until_a_receiver_far_away_has_been_able_to_ask_twice()
    {
        _ring.KeepFor(200_000);
        _ring.KeepFor(0);
        _ring.Keep(1, [1], 0);

        _ring.Keep(2, [2], RetransmissionRing.FirstLifetime + 400_000);
        Assert.Equal([1], _ring.Find(1).ToArray());

        _ring.Keep(3, [3], RetransmissionRing.FirstLifetime + 400_001);
        Assert.True(_ring.Find(1).IsEmpty);
    }

    [Fact]
    public void As_many_young_packets_are_kept_as_there_are_places_at_most()
    {
        for (var number = 0; number < RetransmissionRing.Capacity * 2; number++)
            _ring.Keep(number, [(byte)number], 0);

        for (var number = 0; number < RetransmissionRing.Capacity * 2; number++)
            Assert.Equal(number < RetransmissionRing.Capacity ? [] : [(byte)number], _ring.Find(number).ToArray());
    }

    [Fact]
    public void A_request_for_what_never_was_changes_nothing()
    {
        _ring.Keep(1000, [1], 0);
        Assert.True(_ring.Find(1).IsEmpty);
        Assert.True(_ring.Find(2000).IsEmpty);

        _ring.Keep(1001, [2], RetransmissionRing.FirstLifetime + 1);

        Assert.True(_ring.Find(1000).IsEmpty);
    }

    [Fact]
    public void A_packet_larger_than_a_buffer_is_not_kept()
    {
        _ring.Keep(1, new byte[PacketPool.BufferSize + 1], 0);
        Assert.True(_ring.Find(1).IsEmpty);
    }
}
