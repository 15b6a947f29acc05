namespace Telemedicine.Media.Core;

/// <summary>Bounds what one receiver can have sent again: a lossy network stays well below it, a hostile NACK flood gains nothing.</summary>
internal sealed class RetransmissionBudget
{
    public const int Burst = 256;

    /// <summary>Microseconds a packet: 500 a second.</summary>
    private const long Refill = 2_000;

    private long _spentUntil;

    /// <param name="now">Microseconds.</param>
    public bool TrySpend(long now)
    {
        var spent = Math.Max(_spentUntil, now) + Refill;
        if (spent - now > Burst * Refill)
            return false;
        _spentUntil = spent;
        return true;
    }
}
