using System.Text;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Srtp;

namespace Telemedicine.Media.Core;

/// <summary>A consumer's core: forwards one producer to one transport under its own SSRC and sequence numbers, without gaps.</summary>
internal sealed class OutgoingTrack
{
    /// <summary>Numbers start low, so that both sides' rollover counters start at 0 whatever is lost at first (RFC 3711 §3.3.1).</summary>
    private const long FirstNumber = 1;

    private readonly OutgoingMedia _media;
    private readonly IncomingTrack _source;
    private readonly RetransmissionBudget _budget = new();
    private readonly byte[] _canonicalName;
    private readonly bool _rtx;
    private SrtpStream? _stream;
    private SrtpStream? _rtxStream;
    private ushort _rtxNumber = (ushort)FirstNumber;

    /// <summary>The next packet that can be started with begins a new run of numbers.</summary>
    private bool _starting = true;
    private long _firstIncoming;
    private long _firstOutgoing = FirstNumber;
    private long _highestOutgoing = FirstNumber - 1;
    private uint _packetCount;
    private uint _octetCount;

    public OutgoingTrack(OutgoingMedia media, IncomingTrack source, ConsumerFormat format, string mid, uint ssrc, uint rtxSsrc)
    {
        _media = media;
        _source = source;
        _rtx = format.Rtx;
        _canonicalName = Encoding.ASCII.GetBytes(source.CanonicalName);
        Ssrc = ssrc;
        RtxSsrc = rtxSsrc;
        Parameters = format.ToParameters(mid, ssrc, rtxSsrc, source.CanonicalName);
        source.Add(this);
    }

    public uint Ssrc { get; }

    public uint RtxSsrc { get; }

    public RtpParameters Parameters { get; }

    public bool Paused { get; private set; } = true;

    public bool IsClosed { get; private set; }

    /// <summary>Called on the engine's thread.</summary>
    public Action? Closed { get; set; }

    /// <summary>Sends one packet on.</summary>
    /// <param name="packet">Clear, with its extensions mapped; its SSRC and number are overwritten.</param>
    /// <param name="number">The producer's number of it, unwrapped and without holes.</param>
    public void Forward(Span<byte> packet, in RtpHeader header, long number, bool startsKeyFrame)
    {
        if (Paused || _stream is null)
            return;
        if (_starting)
        {
            if (_source.IsVideo && !startsKeyFrame)
                return;
            _starting = false;
            _firstIncoming = number;
            _firstOutgoing = _highestOutgoing + 1;
        }

        // From before the start: its number would be one already used.
        if (number < _firstIncoming)
            return;
        var outgoing = number - _firstIncoming + _firstOutgoing;
        if (outgoing > _highestOutgoing)
            _highestOutgoing = outgoing;
        RtpHeader.WriteSequenceNumber(packet, (ushort)outgoing);
        RtpHeader.WriteSsrc(packet, Ssrc);
        _packetCount++;
        _octetCount += (uint)header.PayloadLength;
        _source.Counters.Forwarded++;
        _media.Transport.SendRtp(_stream, packet, header.HeaderLength);
    }

    /// <summary>Forwards the publisher's report: its clock, our counts. Sound and video of one publisher stay in step by it.</summary>
    public void SendReport(in SenderReport report)
    {
        if (Paused || _packetCount == 0 || !_media.Transport.TryBeginRtcp(out var buffer))
            return;
        var rtcp = new RtcpBuilder(buffer);
        rtcp.SenderReport(report with { Ssrc = Ssrc, PacketCount = _packetCount, OctetCount = _octetCount });
        rtcp.CanonicalName(Ssrc, _canonicalName);
        _media.Transport.SendRtcp(buffer, rtcp);
    }

    /// <summary>Sends a packet again that the receiver misses (RFC 4588 §4), if it is still kept.</summary>
    public void Retransmit(long now, ushort sequenceNumber)
    {
        var outgoing = SequenceUnwrapper.Nearest(_highestOutgoing, sequenceNumber);
        if (Paused || _rtxStream is null || outgoing < _firstOutgoing || outgoing > _highestOutgoing)
            return;
        var kept = _source.FindKept(outgoing - _firstOutgoing + _firstIncoming);
        if (kept.IsEmpty || !RtpHeader.TryParse(kept, out var header))
            return;
        if (!_budget.TrySpend(now))
        {
            _source.Counters.DroppedRetransmissions++;
            return;
        }

        Span<byte> packet = stackalloc byte[PacketPool.BufferSize + sizeof(ushort)];
        packet = packet[..(kept.Length + sizeof(ushort))];
        kept[..header.HeaderLength].CopyTo(packet);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(packet[header.HeaderLength..], sequenceNumber);
        kept[header.HeaderLength..].CopyTo(packet[(header.HeaderLength + sizeof(ushort))..]);
        RtpHeader.WritePayloadType(packet, _source.Format.Codec.RtxPayloadType);
        RtpHeader.WriteSequenceNumber(packet, _rtxNumber++);
        RtpHeader.WriteSsrc(packet, RtxSsrc);
        _source.Counters.Retransmitted++;
        _media.Transport.SendRtp(_rtxStream, packet, header.HeaderLength);
    }

    public void RequestKeyFrame(long now)
    {
        if (!Paused)
            _source.RequestKeyFrame(now, false);
    }

    public void OnConnected(long now)
    {
        _stream = _media.Transport.OpenStream(Ssrc);
        if (_rtx)
            _rtxStream = _media.Transport.OpenStream(RtxSsrc);
        if (!Paused)
            _source.RequestKeyFrame(now, true);
    }

    public void Pause()
    {
        Paused = true;
        OnInterrupted();
    }

    public void Resume(long now)
    {
        if (!Paused || IsClosed)
            return;
        Paused = false;
        if (_stream is not null)
            _source.RequestKeyFrame(now, true);
    }

    /// <summary>What comes next does not follow what came before: begin anew, video with a key frame.</summary>
    public void OnInterrupted() => _starting = true;

    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Paused = true;
        _source.Remove(this);
        _media.Remove(this);
        SendGoodbye();
        Closed?.Invoke();
    }

    private void SendGoodbye()
    {
        if (_packetCount == 0 || !_media.Transport.TryBeginRtcp(out var buffer))
            return;
        var rtcp = new RtcpBuilder(buffer);
        rtcp.Goodbye(Ssrc);
        _media.Transport.SendRtcp(buffer, rtcp);
    }
}
