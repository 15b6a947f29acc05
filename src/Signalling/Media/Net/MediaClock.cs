namespace Telemedicine.Media.Net;

/// <summary>The core's time: whole microseconds since this clock was made, never going back.</summary>
internal sealed class MediaClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public long Now => time.GetElapsedTime(_start).Ticks / TimeSpan.TicksPerMicrosecond;
}
