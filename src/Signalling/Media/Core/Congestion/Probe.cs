namespace Telemedicine.Media.Core.Congestion;

/// <summary>
/// Sends more than is needed for a moment, to learn whether the path carries it: all packets of 50 ms, filled up with padding to the rate that is tried.
/// One at a time.
/// </summary>
internal sealed class Probe
{
    // Microseconds.
    private const long Duration = 45_000;
    private const long ShortestMeasured = 20_000;
    private const long LongestGap = 30_000;
    private const long Patience = 500_000;

    /// <summary>Less than this part of what was sent comes through as fast as it was sent: the path is full.</summary>
    private const double FullPath = 0.9;

    private const double LeastReceived = 0.9;

    private long _rate;
    private long _startedAt;
    private long _lastSentAt;
    private long _last;
    private int _octets;
    private int _packets;
    private int _octetsAfterFirst;
    private int _packetsReceived;
    private int _receivedAfterFirst;
    private long _firstArrival;
    private long _lastArrival;
    private short _id;
    private State _state;

    private enum State
    {
        Idle,
        Sending,
        Waiting,
    }

    public bool IsUnderWay => _state != State.Idle;

    /// <summary>Of the packets that are sent now; 0: none.</summary>
    public short Current => _state == State.Sending ? _id : (short)0;

    public long Rate => _rate;

    public void Begin(long now, long rate)
    {
        _id = (short)(_id % short.MaxValue + 1);
        _state = State.Sending;
        _rate = rate;
        _startedAt = _lastSentAt = now;
        _octets = _packets = _octetsAfterFirst = _packetsReceived = _receivedAfterFirst = 0;
        _firstArrival = long.MinValue;
        _lastArrival = long.MinValue;
    }

    /// <summary>How much padding is due now. Call at each tick.</summary>
    public int PaddingDue(long now)
    {
        if (_state != State.Sending)
            return 0;
        var elapsed = now - _startedAt;
        if (elapsed >= Duration)
        {
            _state = State.Waiting;
            return 0;
        }

        var due = _rate * (elapsed + Engine.TickInterval) / 8_000_000 - _octets;
        return (int)Math.Clamp(due, 0, _rate * LongestGap / 8_000_000);
    }

    public void OnSent(long now, long number, int octets)
    {
        _octets += octets;
        _packets++;
        _last = number;
        _lastSentAt = now;
        if (now > _startedAt)
            _octetsAfterFirst += octets;
    }

    /// <summary>The receiver got a packet of probe <paramref name="id"/>.</summary>
    public void OnReceived(short id, long sentAt, long arrivedAt, int octets)
    {
        if (id != _id || _state == State.Idle)
            return;
        _packetsReceived++;
        // The first burst only marks where the time begins: how long it took to send is not known.
        if (sentAt == _startedAt)
        {
            _firstArrival = Math.Max(_firstArrival, arrivedAt);
            return;
        }

        _receivedAfterFirst += octets;
        _lastArrival = Math.Max(_lastArrival, arrivedAt);
    }

    /// <param name="reported">The highest number that the receiver has reported on.</param>
    /// <param name="roundTrip">Microseconds.</param>
    /// <param name="shown">Bits per second that the path carries at least; 0 when that is less than was tried, or not known.</param>
    /// <returns>True when the probe is over.</returns>
    public bool TryConclude(long now, long reported, long roundTrip, out long shown)
    {
        shown = 0;
        if (_state != State.Waiting)
            return false;
        if (reported < _last && now - _lastSentAt < Patience + 2 * roundTrip)
            return false;
        _state = State.Idle;
        var sending = _lastSentAt - _startedAt;
        if (_firstArrival == long.MinValue || _packetsReceived < _packets * LeastReceived || sending < ShortestMeasured)
            return true;
        // On a wireless link all can come at once: that says nothing more than how fast it was sent.
        var receiving = Math.Max(_lastArrival - _firstArrival, 1);
        var sent = _octetsAfterFirst * 8_000_000L / sending;
        var received = _receivedAfterFirst * 8_000_000L / receiving;
        shown = received < sent * FullPath ? received * 95 / 100 : Math.Min(sent, received);
        return true;
    }
}
