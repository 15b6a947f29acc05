namespace Telemedicine.Media.Core;

/// <summary>When to ask a publisher for a key frame: not too often, and again until one comes. Times are microseconds.</summary>
/// <param name="interval">Between a request that was answered and the next; <see cref="Interval"/> or <see cref="ScreenInterval"/>.</param>
internal sealed class KeyFrameRequests(long interval)
{
    public const long Interval = 300_000;

    /// <summary>A screen's key frame is large, and until it comes the last picture is still right.</summary>
    public const long ScreenInterval = 1_000_000;

    /// <summary>After some answerless requests.</summary>
    public const long LongInterval = 1_000_000;

    /// <summary>A forced request this soon after another would be answered by the same key frame.</summary>
    private const long SameAnswer = 50_000;

    private const int QuickRequests = 5;

    private long _sentAt = -LongInterval;
    private int _unanswered;

    public bool Wanted { get; private set; }

    /// <summary>Notes that someone cannot decode without a key frame.</summary>
    /// <param name="forced">A new receiver: does not wait for the interval, since the last key frame passed before it.</param>
    /// <returns>True to send a request now.</returns>
    public bool Request(long now, bool forced)
    {
        if (!Wanted)
            _unanswered = 0;
        Wanted = true;
        return now - _sentAt >= (forced ? SameAnswer : interval) && Send(now);
    }

    /// <returns>True to send a request (again) now.</returns>
    public bool IsDue(long now) => Wanted && now - _sentAt >= (_unanswered == 0 ? interval : _unanswered < QuickRequests ? Interval : LongInterval) && Send(now);

    public void OnKeyFrame() => Wanted = false;

    private bool Send(long now)
    {
        _sentAt = now;
        _unanswered++;
        return true;
    }
}
