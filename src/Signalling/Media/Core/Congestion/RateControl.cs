namespace Telemedicine.Media.Core.Congestion;

/// <summary>
/// The delay-based bitrate: up by a part while the path is free, up by little near what it carried before, down below what arrives when a queue grows
/// (draft-ietf-rmcat-gcc-02 §5.5).
/// </summary>
internal sealed class RateControl(long first)
{
    private const double Decrease = 0.85;
    private const double IncreasePerSecond = 1.08;

    /// <summary>A packet, which the additive increase adds each round trip.</summary>
    private const long PacketBits = 1200 * 8;

    // Microseconds.
    private const long ShortestRound = 100_000;

    private bool _isHeld;
    private double _capacity;
    private long _updatedAt;
    private long _decreasedAt = long.MinValue / 2;

    public long Bitrate { get; private set; } = first;

    /// <param name="received">Bits per second; 0: not known.</param>
    /// <param name="roundTrip">Microseconds.</param>
    public void Update(long now, PathUse use, long received, long roundTrip)
    {
        var elapsed = Math.Clamp(now - _updatedAt, 0, 1_000_000) / 1e6;
        _updatedAt = now;
        switch (use)
        {
            case PathUse.Over:
                OnOverUse(now, received, roundTrip);
                break;
            case PathUse.Under:
                // The queue is to drain before more is tried.
                _isHeld = true;
                break;
            default:
                if (_isHeld)
                    _isHeld = false;
                else
                    Increase(elapsed, received, roundTrip);
                break;
        }
    }

    /// <summary>A probe has shown that the path carries this much.</summary>
    public void Raise(long bitrate)
    {
        if (bitrate <= Bitrate)
            return;
        Bitrate = Limit(bitrate);
        if (bitrate > _capacity * 1.2)
            _capacity = 0;
    }

    /// <summary>No word from the receiver for too long.</summary>
    public void Halve() => Bitrate = Limit(Bitrate / 2);

    private static long Limit(double bitrate) => Math.Clamp((long)bitrate, CongestionControl.Minimum, CongestionControl.Maximum);

    private void OnOverUse(long now, long received, long roundTrip)
    {
        _isHeld = true;
        if (received == 0)
            return;
        // What was sent before the last decrease still arrives; but far too much is cut at once.
        if (now - _decreasedAt < Math.Max(ShortestRound, roundTrip) + ShortestRound && received > Bitrate / 2)
            return;
        _capacity = _capacity == 0 || received < _capacity / 2 ? received : _capacity + 0.3 * (received - _capacity);
        if (received * Decrease >= Bitrate)
            return;
        Bitrate = Limit(received * Decrease);
        _decreasedAt = now;
    }

    private void Increase(double elapsed, long received, long roundTrip)
    {
        // Who sends less than it may learns nothing about the rest: that takes probes.
        var limit = received * 1.5 + 10_000;
        if (Bitrate >= limit)
            return;
        if (received > _capacity * 1.3)
            _capacity = 0;
        var increased = _capacity > 0
            ? Bitrate + Math.Max(4_000, PacketBits * 1e6 / (roundTrip + ShortestRound)) * elapsed
            : Bitrate * Math.Pow(IncreasePerSecond, elapsed) + 1_000 * elapsed;
        Bitrate = Limit(Math.Min(increased, limit));
    }
}
