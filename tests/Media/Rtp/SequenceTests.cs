using FsCheck;
using FsCheck.Fluent;
using Telemedicine.Media.Rtp;
using Xunit;

namespace Telemedicine.Media.Tests;

public class SequenceTests
{
    [Fact]
    public void Numbers_go_on_rising_when_they_wrap()
    {
        var unwrapper = default(SequenceUnwrapper);
        var first = unwrapper.Unwrap(65534);

        Assert.Equal(first + 3, unwrapper.Unwrap(1));
        Assert.Equal(first + 1, unwrapper.Unwrap(65535));
        Assert.Equal(first + 3, unwrapper.Highest);
    }

    [Fact]
    public void Each_number_is_taken_once_whatever_the_order() =>
        Prop.ForAll<byte[]>(steps =>
        {
            var window = new ArrivalWindow();
            var seen = new HashSet<long>();
            long position = 5000;
            foreach (var step in steps)
            {
                position += step - 100;
                if (position < 0)
                    position = 0;
                var highest = seen.Count == 0 ? position : Math.Max(seen.Max(), position);
                var expected = position > highest - ArrivalWindow.Size && seen.Add(position);
                if (window.TryAdd(position) != expected)
                    return false;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void A_leap_over_the_whole_window_forgets_what_was_before()
    {
        var window = new ArrivalWindow();
        window.TryAdd(10);

        Assert.True(window.TryAdd(10 + 10 * ArrivalWindow.Size));
        Assert.True(window.TryAdd(9 + 10 * ArrivalWindow.Size));
        Assert.False(window.TryAdd(11));
    }

    [Fact]
    public void Removed_packets_leave_no_gap()
    {
        var compactor = new SequenceCompactor();
        compactor.Remove(103);
        compactor.Remove(105);

        Assert.Equal([101, 102, 103, 104], [compactor.Compact(101), compactor.Compact(102), compactor.Compact(104), compactor.Compact(106)]);
    }

    [Fact]
    public void Many_removed_packets_are_still_counted()
    {
        var compactor = new SequenceCompactor();
        for (var number = 0; number < 1000; number++)
            compactor.Remove(1000 + number);

        Assert.Equal(1000, compactor.Compact(2000));
    }
}
