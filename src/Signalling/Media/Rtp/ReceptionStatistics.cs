namespace Telemedicine.Media.Rtp;

/// <summary>What a receiver report says about one incoming stream (RFC 3550 §6.4.1, A.3, A.8).</summary>
internal struct ReceptionStatistics(int clockRate)
{
    private long _first = -1;
    private long _highest;
    private long _received;
    private long _expectedAtLastReport;
    private long _receivedAtLastReport;
    private long _lastTransit;
    private double _jitter;
    private uint _lastSenderReport;
    private long _lastSenderReportAt = -1;

    public readonly bool Started => _first >= 0;

    public readonly long Received => _received;

    /// <summary>Expected less received, over the whole stream; copies make it less.</summary>
    public readonly long Lost => Started ? Math.Max(0, _highest - _first + 1 - _received) : 0;

    /// <summary>In the second before the last report, 0 to 1.</summary>
    public double FractionLost { get; private set; }

    /// <summary>Microseconds.</summary>
    public readonly double Jitter => _jitter * 1_000_000 / clockRate;

    /// <param name="number">Unwrapped sequence number.</param>
    /// <param name="now">Microseconds.</param>
    public void OnPacket(long number, uint timestamp, long now)
    {
        var transit = now * clockRate / 1_000_000 - timestamp;
        if (_first < 0)
        {
            _first = number;
            _highest = number;
        }
        else
        {
            var difference = Math.Abs((double)(int)(transit - _lastTransit));
            _jitter += (difference - _jitter) / 16;
        }

        _lastTransit = transit;
        _received++;
        if (number > _highest)
            _highest = number;
    }

    public void OnSenderReport(ulong ntpTime, long now)
    {
        _lastSenderReport = (uint)(ntpTime >> 16);
        _lastSenderReportAt = now;
    }

    public Rtcp.ReportBlock TakeReport(uint ssrc, long now)
    {
        var expected = _highest - _first + 1;
        var lost = Math.Clamp(expected - _received, -0x800000, 0x7FFFFF);
        var expectedSince = expected - _expectedAtLastReport;
        var lostSince = expectedSince - (_received - _receivedAtLastReport);
        _expectedAtLastReport = expected;
        _receivedAtLastReport = _received;
        FractionLost = expectedSince <= 0 || lostSince <= 0 ? 0 : (double)lostSince / expectedSince;
        return new Rtcp.ReportBlock(
            ssrc,
            expectedSince <= 0 || lostSince <= 0 ? (byte)0 : (byte)Math.Min(255, lostSince * 256 / expectedSince),
            (int)lost,
            (uint)(_highest - SequenceUnwrapper.FirstTurn),
            (uint)_jitter,
            _lastSenderReport,
            _lastSenderReportAt < 0 ? 0 : (uint)((now - _lastSenderReportAt) * 65536 / 1_000_000));
    }
}
