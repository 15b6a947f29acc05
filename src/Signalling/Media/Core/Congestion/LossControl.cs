namespace Telemedicine.Media.Core.Congestion;

/// <summary>
/// The loss-based bitrate (draft-ietf-rmcat-gcc-02 §6): down with much loss, up with little. It bounds nothing until there was loss. Loss alone, which a bad
/// radio has at any rate, does not take it below what a small picture needs.
/// </summary>
internal sealed class LossControl
{
    private const double HighLoss = 0.10, LowLoss = 0.02, HopelessLoss = 0.40;
    private const long Floor = 200_000;
    private const double IncreasePerSecond = 1.08;
    private const int FewestPackets = 20;

    /// <summary>Microseconds, and a round trip more.</summary>
    private const long Interval = 300_000;

    private int _lost;
    private int _total;
    private long _decidedAt;

    public long Bitrate { get; private set; } = CongestionControl.Maximum;

    /// <summary>0 to 1, when last decided.</summary>
    public double Fraction { get; private set; }

    public bool IsHigh => Fraction > HighLoss;

    /// <summary>From reports on each packet.</summary>
    /// <param name="sent">Bits per second that are sent now.</param>
    /// <param name="roundTrip">Microseconds.</param>
    public void OnPackets(long now, int lost, int total, long sent, long roundTrip)
    {
        _lost += lost;
        _total += total;
        if (_total < FewestPackets || now - _decidedAt < Interval + roundTrip)
            return;
        Decide(now, (double)_lost / _total, sent);
        _lost = _total = 0;
    }

    /// <summary>From receiver reports, one a second or so.</summary>
    public void OnReport(long now, double fraction, long sent)
    {
        if (now - _decidedAt >= Interval)
            Decide(now, fraction, sent);
    }

    /// <summary>A probe has shown that the path carries this much.</summary>
    public void Raise(long bitrate)
    {
        if (!IsHigh)
            Bitrate = Math.Max(Bitrate, bitrate);
    }

    private void Decide(long now, double fraction, long sent)
    {
        var elapsed = Math.Clamp(now - _decidedAt, 0, 1_000_000) / 1e6;
        _decidedAt = now;
        Fraction = fraction;
        if (fraction > HighLoss)
        {
            var floor = fraction < HopelessLoss ? Floor : CongestionControl.Minimum;
            var from = Math.Min(Bitrate, Math.Max(sent, floor));
            Bitrate = Math.Min(Bitrate, Math.Max(floor, (long)(from * (1 - 0.5 * fraction))));
        }
        else if (fraction < LowLoss)
        {
            Bitrate = Math.Min(CongestionControl.Maximum, (long)(Bitrate * Math.Pow(IncreasePerSecond, elapsed) + 1_000));
        }
    }
}
