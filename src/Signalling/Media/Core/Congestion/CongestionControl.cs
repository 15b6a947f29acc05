using Telemedicine.Media.Rtcp;

namespace Telemedicine.Media.Core.Congestion;

/// <summary>
/// How much one receiver's path carries, from its reports on when each packet arrived, or, without those, on how many were lost
/// (Google congestion control, draft-ietf-rmcat-gcc-02). Times are microseconds, rates bits per second of RTP.
/// </summary>
internal sealed class CongestionControl
{
    public const long Minimum = 30_000;
    public const long Maximum = 50_000_000;

    /// <summary>Before anything is known: a picture of middle size.</summary>
    public const long First = 600_000;

    // A browser reports every 50 to 250 ms, and each report speaks of many packets.
    private const int ReportsPerSecond = 100;
    private const int ReportsAtOnce = 200;

    private const long FirstRoundTrip = 100_000;
    private const long LongestRoundTrip = 1_000_000;
    private const long SilenceTime = 1_000_000;
    private const long HalvingInterval = 500_000;

    /// <summary>Reports of the other kind count when those on each packet have stayed out so long.</summary>
    private const long ReportLifetime = 5_000_000;

    private const long FirstProbeWait = 500_000, LongestProbeWait = 2_000_000;
    private const long LowBitrate = 250_000;

    /// <summary>Of a probe's rate, what must come through for the next step to follow at once.</summary>
    private const double ProbeSuccess = 0.7;

    private readonly SentPackets _sent = new();
    private readonly ReceivedRate _received = new();
    private readonly DelayTrend _trend = new();
    private readonly RateControl _rate = new(First);
    private readonly LossControl _loss = new();
    private readonly Probe _probe = new();
    private RateLimit _reports = new(ReportsPerSecond, ReportsAtOnce);
    private long _arrivalBase = 1L << 40;
    private int _reference;
    private long _highestReported;
    private long _reportedAt = long.MinValue;
    private long _unreportedSince;
    private long _halvedAt;
    private long _nextProbeAt;
    private long _probeWait = FirstProbeWait;

    /// <summary>What the receiver's path carries; null until the receiver has said anything about it.</summary>
    public long? Bitrate => HasReports ? Math.Min(_rate.Bitrate, _loss.Bitrate) : _loss.Bitrate < Maximum ? _loss.Bitrate : null;

    /// <summary>
    /// The path was seen to carry no more: by a queue that grew, by loss, or by a probe that did not come through. False while it has only not been tried.
    /// </summary>
    public bool IsLimited { get; private set; }

    /// <summary>What the media would need at its best: more than <see cref="Bitrate"/> is probed for.</summary>
    public long Wanted { get; set; }

    /// <summary>Smoothed, as seen from packet to report.</summary>
    public long RoundTrip { get; private set; } = FirstRoundTrip;

    /// <summary>Padding may be due at each tick.</summary>
    public bool IsProbing => _probe.Current != 0;

    private bool HasReports => _reportedAt != long.MinValue;

    /// <returns>The number that the packet goes out with.</returns>
    public ushort OnSent(long now, int octets)
    {
        if (_unreportedSince == 0)
            _unreportedSince = now;
        var probe = _probe.Current;
        if (probe != 0)
            _probe.OnSent(now, _sent.Next, octets);
        return _sent.Add(now, octets, probe, HasReports);
    }

    /// <summary>A report on each of some packets. What it says of packets never sent, or long forgotten, is not read.</summary>
    public void OnFeedback(long now, TransportFeedbackReader feedback)
    {
        var number = _sent.Unwrap(feedback.First);
        if (number < 1 || number + feedback.Count > _sent.Next || number < _sent.Next - SentPackets.Largest || !_reports.TryTake(now))
            return;
        if (HasReports)
            _arrivalBase += TransportFeedbackReader.Between(_reference, feedback.Reference);
        _reference = feedback.Reference;

        int lost = 0, total = 0;
        long newestSentAt = 0;
        for (; feedback.TryRead(out var received); number++)
        {
            if (number < _sent.Oldest)
                continue;
            ref var packet = ref _sent[number];
            if (packet.IsReported || (packet.IsMissing && !received))
                continue;
            if (!received)
            {
                packet.IsMissing = true;
                lost++;
                total++;
                continue;
            }

            // Reported as missing before: it only came out of order.
            if (packet.IsMissing)
                lost--;
            else
                total++;
            packet.IsReported = true;
            newestSentAt = packet.SentAt;
            OnReceived(packet, _arrivalBase + feedback.Arrival);
        }

        _highestReported = Math.Max(_highestReported, number - 1);
        if (newestSentAt == 0)
            return;
        _reportedAt = now;
        _unreportedSince = 0;
        RoundTrip += (Math.Clamp(now - newestSentAt, 0, LongestRoundTrip) - RoundTrip) / 8;
        Update(now, lost, total);
    }

    /// <summary>A receiver report on video, which counts where there is no report on each packet.</summary>
    /// <param name="sent">Bits per second that are sent now.</param>
    public void OnLossReport(long now, double fraction, long sent)
    {
        if (HasReports && now - _reportedAt < ReportLifetime)
            return;
        var before = _loss.Bitrate;
        _loss.OnReport(now, fraction, sent);
        IsLimited |= _loss.Bitrate < before;
    }

    /// <summary>Every now and then; at each tick while <see cref="IsProbing"/>.</summary>
    /// <param name="canPad">Whether there is a stream for padding.</param>
    /// <returns>How many octets of padding to send now.</returns>
    public int HandleTimeout(long now, bool canPad)
    {
        if (!HasReports)
            return 0;
        var isSilent = _unreportedSince != 0 && now - _unreportedSince > SilenceTime + RoundTrip;
        if (isSilent && now - _halvedAt > HalvingInterval)
        {
            _halvedAt = now;
            _rate.Halve();
            IsLimited = true;
        }

        Conclude(now);
        // While nothing else is numbered, which sound is not, only a probe can tell that the path is free again.
        if (_trend.Use != PathUse.Normal && now - _reportedAt > SilenceTime + RoundTrip)
            _trend.Reset();
        if (canPad && !_probe.IsUnderWay && now >= _nextProbeAt && _trend.Use == PathUse.Normal)
            TryProbe(now);
        return _probe.PaddingDue(now);
    }

    /// <summary>The receiver is on another path now: what was known of the former one is no help.</summary>
    public void OnPathChanged(long now)
    {
        _trend.Reset();
        _nextProbeAt = now;
        _probeWait = FirstProbeWait;
    }

    private void OnReceived(in SentPackets.Packet packet, long arrivedAt)
    {
        _received.Add(arrivedAt, packet.Octets);
        if (packet.Probe != 0)
            _probe.OnReceived(packet.Probe, packet.SentAt, arrivedAt, packet.Octets);
        else
            _trend.OnPacket(packet.SentAt, arrivedAt);
    }

    private void Update(long now, int lost, int total)
    {
        var received = _received.BitsPerSecond;
        long delayBased = _rate.Bitrate, lossBased = _loss.Bitrate;
        _rate.Update(now, _trend.Use, received, RoundTrip);
        _loss.OnPackets(now, lost, total, received, RoundTrip);
        if (_rate.Bitrate < delayBased || _loss.Bitrate < lossBased)
        {
            IsLimited = true;
            _nextProbeAt = Math.Max(_nextProbeAt, now + FirstProbeWait);
        }

        Conclude(now);
    }

    private void TryProbe(long now)
    {
        if (Bitrate is not { } bitrate || Wanted <= bitrate * 105 / 100)
            return;
        _probe.Begin(now, Math.Min(bitrate * (bitrate < LowBitrate ? 3 : 2), Math.Max(Wanted * 5 / 4, bitrate * 3 / 2)));
    }

    private void Conclude(long now)
    {
        if (!_probe.TryConclude(now, _highestReported, RoundTrip, out var shown))
            return;
        if (_trend.Use != PathUse.Over && shown > 0)
        {
            _rate.Raise(shown);
            _loss.Raise(shown);
        }

        if (shown >= _probe.Rate * ProbeSuccess)
        {
            IsLimited = false;
            _probeWait = FirstProbeWait;
            _nextProbeAt = now;
            return;
        }

        IsLimited = true;
        _nextProbeAt = now + _probeWait;
        _probeWait = Math.Min(_probeWait * 2, LongestProbeWait);
    }
}
