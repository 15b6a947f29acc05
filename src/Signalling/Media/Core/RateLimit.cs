namespace Telemedicine.Media.Core;

/// <summary>A token bucket: so much work a second, and a burst of it at once. Full at first.</summary>
/// <param name="perSecond">Tokens that come back each second.</param>
/// <param name="burst">The most that lie ready.</param>
internal struct RateLimit(int perSecond, int burst)
{
    // In microtokens, so that each microsecond brings a whole number of them.
    private const long Token = 1_000_000;

    private long _microtokens = burst * Token;
    private long _filledAt;

    /// <param name="now">Microseconds.</param>
    public bool TryTake(long now)
    {
        var passed = Math.Min(now - _filledAt, burst * Token);
        _microtokens = Math.Min(burst * Token, _microtokens + (passed * perSecond));
        _filledAt = now;
        if (_microtokens < Token)
            return false;
        _microtokens -= Token;
        return true;
    }
}
