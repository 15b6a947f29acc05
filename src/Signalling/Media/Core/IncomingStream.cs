using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>One SSRC of a producer, which is one spatial layer: what came of it, what is missing, who receives it.</summary>
internal sealed class IncomingStream
{
    /// <summary>Silence after which a layer is over, when the others go on.</summary>
    private const long DeathTime = 600_000;

    /// <summary>Frames that the other layers bring meanwhile, so that one frame a second (a covered camera) kills nobody.</summary>
    private const int DeathFrames = 8;

    /// <summary>TID has two bits (RFC 7741 §4.2).</summary>
    private const int MaximumTemporalLayers = 4;

    private readonly ArrivalWindow _arrived = new();
    private readonly RateMeter[] _rates = new RateMeter[MaximumTemporalLayers];
    private SequenceUnwrapper _sequence;
    private SequenceCompactor _compactor = new();
    private ReceptionStatistics _statistics;
    private FrameClock _frames;
    private uint _frameTimestamp;
    private long _lastAt;
    private long _framesOfTrack;

    public IncomingStream(IncomingTrack track, int encodingIndex, uint ssrc)
    {
        Track = track;
        EncodingIndex = encodingIndex;
        Ssrc = ssrc;
        _statistics = new ReceptionStatistics(track.Format.Codec.ClockRate);
        _rates[0] = new RateMeter();
        if (track.Format.Nack && track.Format.RtxPayloadType != 0)
            Missing = new NackGenerator();
        if (!track.IsVideo)
            return;
        KeyFrames = new KeyFrameRequests(track.Source == MediaSource.Screen ? KeyFrameRequests.ScreenInterval : KeyFrameRequests.Interval);
        Ring = new RetransmissionRing(track.Packets);
    }

    public IncomingTrack Track { get; }

    /// <summary>Of the producer's encodings, lowest first: the spatial layer.</summary>
    public int EncodingIndex { get; }

    public uint Ssrc { get; }

    /// <summary>Who this stream is forwarded to now.</summary>
    public List<OutgoingTrack> Receivers { get; } = [];

    /// <summary>Null when the publisher does not send again.</summary>
    public NackGenerator? Missing { get; }

    /// <summary>Null for sound.</summary>
    public KeyFrameRequests? KeyFrames { get; }

    /// <summary>What was forwarded of it, for receivers that lose some; null for sound.</summary>
    public RetransmissionRing? Ring { get; }

    /// <summary>The publisher's last report: which time its timestamps tell.</summary>
    public SenderReport? Report { get; private set; }

    public bool Started => _statistics.Started;

    /// <summary>Whether packets come; as of the last <see cref="Sample"/>.</summary>
    public bool IsAlive { get; private set; }

    /// <summary>Seen so far, at least 1.</summary>
    public int TemporalLayers { get; private set; } = 1;

    public long NacksSent { get; set; }

    public long KeyFramesRequested { get; set; }

    public ref readonly ReceptionStatistics Statistics => ref _statistics;

    public ref readonly FrameClock Frames => ref _frames;

    /// <summary>The compacted number of the next packet to come, if none is lost.</summary>
    public long NextNumber => _compactor.Compact(_sequence.Highest + 1);

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
        {
            tooManyLost = !Missing.TryAdd(highest + 1, number);
            Track.Hurry();
        }
        else if (number < highest)
        {
            Missing.OnReceived(number, now);
        }

        return true;
    }

    /// <summary>Counts one video packet with a payload.</summary>
    public void CountVideo(long now, int octets, int temporalLayer, uint timestamp, bool isNewest)
    {
        if (temporalLayer >= TemporalLayers)
            AddTemporalLayers(temporalLayer);
        _rates[temporalLayer].Add(octets);
        _lastAt = now;
        _framesOfTrack = Track.Frames;
        if (!isNewest || (timestamp == _frameTimestamp && _frames.Frames > 0))
            return;
        _frameTimestamp = timestamp;
        _frames.OnFrame(now);
        Track.Frames++;
    }

    public void CountSound(long now, int octets)
    {
        _rates[0].Add(octets);
        _lastAt = now;
    }

    /// <summary>Bits per second of RTP over the last second, of the temporal layers up to this one.</summary>
    public long BitrateUpTo(int temporalLayer)
    {
        long sum = 0;
        for (var i = 0; i <= temporalLayer && i < TemporalLayers; i++)
            sum += _rates[i].BitsPerSecond;
        return sum;
    }

    /// <summary>Every <see cref="RateMeter.Interval"/>: measures bitrates, and whether the stream is alive.</summary>
    /// <returns>True when it came to life or died.</returns>
    public bool Sample(long now)
    {
        for (var i = 0; i < TemporalLayers; i++)
            _rates[i].Sample(now);
        var wasAlive = IsAlive;
        IsAlive = _lastAt != 0 && (now - _lastAt < DeathTime || Track.Frames - _framesOfTrack < DeathFrames);
        return IsAlive != wasAlive;
    }

    /// <summary>The publisher was paused, or has said goodbye: what is missing will not come, and the silence is no freeze.</summary>
    public void Interrupt()
    {
        Missing?.Clear();
        _frames.Restart();
    }

    /// <summary>The newest packet is not forwarded; the ones after it close up.</summary>
    public void Remove(long number) => _compactor.Remove(number);

    /// <summary>The number under which consumers know this packet.</summary>
    public long Compact(long number) => _compactor.Compact(number);

    public void OnSenderReport(in SenderReport report, long now)
    {
        Report = report;
        _statistics.OnSenderReport(report.NtpTime, now);
    }

    public ReportBlock TakeReport(long now) => _statistics.TakeReport(Ssrc, now);

    private void AddTemporalLayers(int highest)
    {
        for (; TemporalLayers <= highest; TemporalLayers++)
            _rates[TemporalLayers] = new RateMeter();
    }
}
