using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>One SSRC of a producer: what came of it, what is missing.</summary>
internal sealed class IncomingStream(IncomingTrack track, int encodingIndex, uint ssrc, int clockRate, bool nack)
{
    private readonly ArrivalWindow _arrived = new();
    private SequenceUnwrapper _sequence;
    private SequenceCompactor _compactor = new();
    private ReceptionStatistics _statistics = new(clockRate);

    public IncomingTrack Track { get; } = track;

    /// <summary>Of the producer's encodings; 0 is the one that is forwarded.</summary>
    public int EncodingIndex { get; } = encodingIndex;

    public uint Ssrc { get; } = ssrc;

    /// <summary>Null when the publisher does not send again.</summary>
    public NackGenerator? Missing { get; } = nack ? new NackGenerator() : null;

    public bool Started => _statistics.Started;

    /// <summary>Takes one packet in.</summary>
    /// <param name="number">Its unwrapped sequence number.</param>
    /// <param name="isNewest">False for a packet that came late or again.</param>
    /// <param name="tooManyLost">True when the gap before it is too large to repair.</param>
    /// <returns>False for a copy and for what is too old.</returns>
    public bool TryReceive(long now, in RtpHeader header, bool isRetransmission, out long number, out bool isNewest, out bool tooManyLost)
    {
        number = 0;
        isNewest = false;
        tooManyLost = false;
        // A copy of something old can come first; it says nothing of where the stream is.
        if (isRetransmission && !_sequence.Started)
            return false;
        var isFirst = !_sequence.Started;
        var highest = _sequence.Highest;
        number = _sequence.Unwrap(header.SequenceNumber);
        if (!_arrived.TryAdd(number))
            return false;
        if (!isRetransmission)
            _statistics.OnPacket(number, header.Timestamp, now);
        isNewest = isFirst || number > highest;
        if (Missing is null || isFirst)
            return true;
        if (number > highest + 1)
            tooManyLost = !Missing.TryAdd(highest + 1, number);
        else if (number < highest)
            Missing.OnReceived(number, now);
        return true;
    }

    /// <summary>The newest packet is not forwarded; the ones after it close up.</summary>
    public void Remove(long number) => _compactor.Remove(number);

    /// <summary>The number under which consumers know this packet.</summary>
    public long Compact(long number) => _compactor.Compact(number);

    public void OnSenderReport(ulong ntpTime, long now) => _statistics.OnSenderReport(ntpTime, now);

    public Rtcp.ReportBlock TakeReport(long now) => _statistics.TakeReport(Ssrc, now);
}
