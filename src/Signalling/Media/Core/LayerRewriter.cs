using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>A packet's numbers as one receiver knows them.</summary>
/// <param name="IsFiller">The packet itself is not for the receiver; its sequence number, already promised, goes out empty.</param>
internal readonly record struct RewrittenNumbers(long Number, uint Timestamp, int PictureId, int Tl0, int KeyIndex, bool IsFiller);

/// <summary>
/// Makes one stream, without gaps, of what a receiver gets of several layers: sequence numbers, timestamps, VP8 picture ids, TL0PICIDX and
/// KEYIDX go on over each switch and over each frame left out. It remembers what it did with the last packets, for those that come late and
/// for those that are asked for again.
/// </summary>
internal sealed class LayerRewriter
{
    /// <summary>As many packets as a ring keeps.</summary>
    private const int Window = RetransmissionRing.Capacity;

    private const int KeptRuns = 8;

    /// <summary>Between the time that reports give and the time of arrival: more is a wrong report.</summary>
    private const long MaximumClockError = 2_000_000;

    private readonly Run[] _runs = new Run[KeptRuns];
    private readonly Arrival[] _arrivals = new Arrival[Window];
    private readonly Sent[] _sent = new Sent[Window];
    private readonly int _clockRate;
    private int _run = -1;
    private long _highest;
    private uint _left;
    private ushort _framesLeft;
    private uint _frameTimestamp;
    private bool _leavesFrame;
    private uint _lastTimestamp;
    private long _lastAt;
    private int _lastPictureId = -1;
    private int _lastTl0;
    private int _lastKeyIndex;

    /// <param name="firstNumber">Of the outgoing sequence numbers.</param>
    public LayerRewriter(int clockRate, long firstNumber)
    {
        _clockRate = clockRate;
        HighestNumber = firstNumber - 1;
    }

    /// <summary>A stretch of one incoming stream, from a key frame on.</summary>
    private struct Run
    {
        public IncomingStream Stream;
        public long FirstIncoming;
        public long FirstOutgoing;
        public uint TimestampOffset;
        public int PictureOffset;
        public int Tl0Offset;
        public int KeyIndexOffset;
    }

    /// <summary>By incoming number: how much had been left out before it in this run.</summary>
    private struct Arrival
    {
        public uint Left;
        public ushort FramesLeft;
    }

    /// <summary>By outgoing number.</summary>
    private struct Sent
    {
        public uint Outgoing;
        public uint Incoming;
        public ushort FramesLeft;
        public int Run;
    }

    public long HighestNumber { get; private set; }

    /// <summary>The highest temporal layer that is forwarded.</summary>
    public int Temporal { get; private set; }

    private ref Run Current => ref _runs[_run & (KeptRuns - 1)];

    /// <summary>From this packet on, which starts a key frame, the receiver gets this stream.</summary>
    public void Begin(long now, IncomingStream stream, long number, uint timestamp, in Vp8Descriptor vp8)
    {
        var isFirst = _run < 0;
        var outgoing = isFirst ? timestamp : NextTimestamp(now, stream, timestamp);
        var run = new Run
        {
            Stream = stream,
            FirstIncoming = number,
            FirstOutgoing = HighestNumber + 1,
            TimestampOffset = timestamp - outgoing,
            PictureOffset = _lastPictureId < 0 ? 0 : vp8.PictureId - (_lastPictureId + 1),
            Tl0Offset = _lastPictureId < 0 ? 0 : vp8.Tl0 - (_lastTl0 + 1),
            KeyIndexOffset = _lastPictureId < 0 ? 0 : vp8.KeyIndex - (_lastKeyIndex + 1),
        };
        _run++;
        Current = run;
        _highest = number - 1;
        _left = 0;
        _framesLeft = 0;
        _frameTimestamp = timestamp - 1;
    }

    /// <param name="maximumTemporal">Frames of higher temporal layers are left out, from the next frame on.</param>
    /// <returns>False for a packet that the receiver does not get.</returns>
    public bool TryRewrite(long now, long number, uint timestamp, in Vp8Descriptor vp8, int maximumTemporal, out RewrittenNumbers rewritten)
    {
        rewritten = default;
        if (number < Current.FirstIncoming || number <= _highest - Window)
            return false;
        if (number <= _highest)
        {
            ref var arrival = ref _arrivals[number & (Window - 1)];
            rewritten = Rewrite(Current, number, timestamp, vp8, arrival.Left, arrival.FramesLeft, vp8.TemporalLayer > Temporal);
            Remember(rewritten.Number, number, arrival.FramesLeft);
            return true;
        }

        // What is missing before it will be forwarded when it comes.
        for (var missing = Math.Max(_highest + 1, number - Window); missing <= number; missing++)
            _arrivals[missing & (Window - 1)] = new Arrival { Left = _left, FramesLeft = _framesLeft };
        _highest = number;
        if (timestamp != _frameTimestamp)
            BeginFrame(timestamp, vp8, maximumTemporal);
        if (_leavesFrame)
        {
            _left++;
            return false;
        }

        rewritten = Rewrite(Current, number, timestamp, vp8, _left, _framesLeft, isFiller: false);
        Remember(rewritten.Number, number, _framesLeft);
        HighestNumber = rewritten.Number;
        _lastTimestamp = rewritten.Timestamp;
        _lastAt = now;
        if (vp8.PictureIdOffset != 0)
            _lastPictureId = rewritten.PictureId & 0x7FFF;
        _lastTl0 = rewritten.Tl0;
        _lastKeyIndex = rewritten.KeyIndex;
        return true;
    }

    /// <summary>Finds a packet that was sent under this number.</summary>
    /// <param name="kept">In clear, with the publisher's numbers.</param>
    /// <returns>False when it was not sent, or is not kept any more.</returns>
    public bool TryFind(ushort sequenceNumber, out ReadOnlySpan<byte> kept, out RtpHeader header, out Vp8Descriptor vp8, out RewrittenNumbers rewritten)
    {
        kept = default;
        header = default;
        vp8 = default;
        rewritten = default;
        var outgoing = SequenceUnwrapper.Nearest(HighestNumber, sequenceNumber);
        ref readonly var sent = ref _sent[outgoing & (Window - 1)];
        if (_run < 0 || outgoing < 1 || outgoing > HighestNumber || sent.Outgoing != (uint)outgoing || sent.Run <= _run - KeptRuns)
            return false;
        ref readonly var run = ref _runs[sent.Run & (KeptRuns - 1)];
        var number = run.FirstIncoming + (sent.Incoming - (uint)run.FirstIncoming);
        kept = run.Stream.Ring is { } ring ? ring.Find(number) : default;
        if (kept.IsEmpty || !RtpHeader.TryParse(kept, out header))
            return false;
        if (run.Stream.Track.IsVp8)
            _ = Vp8Descriptor.TryParse(header.Payload(kept), out vp8);
        rewritten = Rewrite(run, number, header.Timestamp, vp8, 0, sent.FramesLeft, isFiller: false) with { Number = outgoing };
        return true;
    }

    /// <summary>An instant of the current stream as the receiver is told it.</summary>
    public uint RewriteTimestamp(uint timestamp) => timestamp - Current.TimestampOffset;

    private static RewrittenNumbers Rewrite(in Run run, long number, uint timestamp, in Vp8Descriptor vp8, uint left, ushort framesLeft, bool isFiller) => new(
        number - run.FirstIncoming - left + run.FirstOutgoing,
        timestamp - run.TimestampOffset,
        vp8.PictureId - run.PictureOffset - framesLeft,
        vp8.Tl0 - run.Tl0Offset,
        vp8.KeyIndex - run.KeyIndexOffset,
        isFiller);

    /// <summary>
    /// A receiver can go up one temporal layer where a frame of it depends on layer 0 only, and at a key frame to any; down at any frame.
    /// </summary>
    private void BeginFrame(uint timestamp, in Vp8Descriptor vp8, int maximumTemporal)
    {
        _frameTimestamp = timestamp;
        if (vp8.StartsKeyFrame || Temporal > maximumTemporal)
            Temporal = maximumTemporal;
        else if (vp8.TemporalLayer == Temporal + 1 && vp8.TemporalLayer <= maximumTemporal && vp8.IsLayerSync)
            Temporal++;
        _leavesFrame = vp8.TemporalLayer > Temporal;
        if (_leavesFrame)
            _framesLeft++;
    }

    private void Remember(long outgoing, long incoming, ushort framesLeft) =>
        _sent[outgoing & (Window - 1)] = new Sent { Outgoing = (uint)outgoing, Incoming = (uint)incoming, FramesLeft = framesLeft, Run = _run };

    /// <summary>Where the next run goes on: by the publisher's reports if both streams have one, else by the time of arrival; always after what was sent.</summary>
    private uint NextTimestamp(long now, IncomingStream stream, uint timestamp)
    {
        ref readonly var run = ref Current;
        var byArrival = _lastTimestamp + (uint)((now - _lastAt) * _clockRate / 1_000_000);
        var next = byArrival;
        if (stream == run.Stream)
            next = timestamp - run.TimestampOffset;
        else if (stream.Report is { } to && run.Stream.Report is { } from)
        {
            var between = (long)(to.NtpTime - from.NtpTime) / (double)(1L << 32) * _clockRate;
            next = from.RtpTime + (uint)(long)between + (timestamp - to.RtpTime) - run.TimestampOffset;
        }

        if (Math.Abs((long)(int)(next - byArrival)) > MaximumClockError * _clockRate / 1_000_000)
            next = byArrival;
        return (int)(next - _lastTimestamp) > 0 ? next : _lastTimestamp + 1;
    }
}
