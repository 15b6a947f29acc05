using Microsoft.Extensions.Time.Testing;
using Telemedicine.Media.Net;
using Xunit;

namespace Telemedicine.Media.Tests.Net;

public sealed class MediaClockTests
{
    [Fact]
    public void The_clock_counts_microseconds_from_its_making()
    {
        FakeTimeProvider time = new();
        time.Advance(TimeSpan.FromHours(1));
        MediaClock clock = new(time);

        long start = clock.Now;
        time.Advance(TimeSpan.FromMicroseconds(1_234_567));

        Assert.Equal(0, start);
        Assert.Equal(1_234_567, clock.Now);
    }
}
