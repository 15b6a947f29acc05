using System.Buffers.Binary;
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

    private const int MaximumTemporal = 3;

    /// <summary>In <see cref="PaddingHeader"/>.</summary>
    private const int PaddingSequenceOffset = RtpHeader.FixedLength + 5;

    private readonly OutgoingMedia _media;
    private readonly byte[] _canonicalName;
    private readonly bool _rtx;
    private readonly RetransmissionBudget _budget = new();

    /// <summary>Null when there is one layer, whose numbers only move by a distance.</summary>
    private readonly LayerRewriter? _rewriter;

    private SrtpStream? _stream;
    private SrtpStream? _rtxStream;
    private ushort _rtxNumber = (ushort)FirstNumber;

    /// <summary>What is forwarded; null until the next packet that can be started with.</summary>
    private IncomingStream? _attached;
    private long _firstIncoming;
    private long _firstOutgoing = FirstNumber;
    private long _highestOutgoing = FirstNumber - 1;
    private ConsumerLayers? _reported;
    private bool _hasReported;
    private int _freezesTaken;

    public OutgoingTrack(OutgoingMedia media, IncomingTrack source, ConsumerFormat format, string mid, uint ssrc, uint rtxSsrc)
    {
        _media = media;
        Source = source;
        _rtx = format.Rtx;
        _rewriter = source.Format.IsLayered ? new LayerRewriter(source.Format.Codec.ClockRate, FirstNumber) : null;
        _canonicalName = Encoding.ASCII.GetBytes(source.CanonicalName);
        Ssrc = ssrc;
        RtxSsrc = rtxSsrc;
        Preferred = new ConsumerLayers(source.SpatialLayers - 1, MaximumTemporal);
        Target = source.CapToAlive(Preferred);
        Parameters = format.ToParameters(mid, ssrc, rtxSsrc, source.CanonicalName);
        source.Add(this);
    }

    /// <summary>Version 2 with padding and an extension of one word in the one-byte form: the transport sequence number.</summary>
    private static ReadOnlySpan<byte> PaddingHeader =>
        [0xB0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0xDE, 0, 1, RouterCapabilities.TransportSequenceId << 4 | 1, 0, 0, 0];

    public IncomingTrack Source { get; }

    public uint Ssrc { get; }

    public uint RtxSsrc { get; }

    public RtpParameters Parameters { get; }

    public bool Paused { get; private set; } = true;

    public bool IsClosed { get; private set; }

    /// <summary>The most that the receiver wishes.</summary>
    public ConsumerLayers Preferred { get; private set; }

    /// <summary>What the allocation remembers of it.</summary>
    public AllocationShare Share { get; } = new();

    /// <summary>What the allocation gives; null: nothing, because the receiver's bandwidth does not carry it. The switch comes with the layer's next key frame.</summary>
    public ConsumerLayers? Target { get; private set; }

    /// <summary>What is forwarded; null: nothing (yet).</summary>
    public ConsumerLayers? Current => _attached is null
        ? null
        : new ConsumerLayers(_attached.EncodingIndex, Math.Min(_rewriter?.Temporal ?? MaximumTemporal, _attached.TemporalLayers - 1));

    public OutgoingStatistics Statistics { get; } = new();

    /// <summary>To the receiver and back, microseconds; 0 until it is known.</summary>
    public long RoundTrip => _media.RoundTrip ?? 0;

    /// <summary>How often the video that was forwarded stood still.</summary>
    public int Freezes => Statistics.Freezes(_attached);

    /// <returns>How many freezes are new since the last call.</returns>
    public int TakeNewFreezes()
    {
        var more = Freezes - _freezesTaken;
        _freezesTaken = Freezes;
        return more;
    }

    /// <summary>Called on the engine's thread.</summary>
    public Action? Closed { get; set; }

    /// <summary>Called on the engine's thread with the layers now forwarded; null when the allocation pauses the video.</summary>
    public Action<ConsumerLayers?>? LayersChanged { get; set; }

    public void SetPreferred(long now, ConsumerLayers preferred)
    {
        Preferred = new ConsumerLayers(Math.Clamp(preferred.Spatial, 0, Source.SpatialLayers - 1), Math.Clamp(preferred.Temporal, 0, MaximumTemporal));
        Retarget(now);
    }

    /// <summary>The allocation's decision.</summary>
    public void SetTarget(long now, ConsumerLayers? target)
    {
        if (Target == target)
            return;
        Target = target;
        if (target is null)
        {
            Detach();
            Report(null);
            return;
        }

        Pursue(now);
    }

    /// <summary>The wish or the source's layers changed: allocate anew.</summary>
    public void Retarget(long now)
    {
        _media.Allocate(now);
        if (_attached is null)
            Pursue(now);
    }

    /// <summary>Asks for what it takes to get to the target.</summary>
    public void Pursue(long now)
    {
        if (Paused || _stream is null || Target is not { } target)
            return;
        if (_attached is not null)
        {
            if (_attached.EncodingIndex != target.Spatial)
                Source.RequestKeyFrame(now, target.Spatial, false);
            return;
        }

        Source.AwaitStart();
        Source.RequestKeyFrame(now, target.Spatial, true);
        // A low layer's key frame is small, and there soonest.
        var lowest = Source.CapToAlive(target with { Spatial = 0 }).Spatial;
        if (lowest != target.Spatial)
            Source.RequestKeyFrame(now, lowest, true);
    }

    /// <summary>A decoder can begin with this packet: start with it, or move to it when it is nearer to the target.</summary>
    public void OnStart(long now, IncomingStream stream, long number, uint timestamp, in Vp8Descriptor vp8)
    {
        if (Paused || _stream is null || Target is not { } target || _attached == stream)
            return;
        if (_attached is null ? stream.EncodingIndex > target.Spatial
            : Math.Abs(stream.EncodingIndex - target.Spatial) >= Math.Abs(_attached.EncodingIndex - target.Spatial))
            return;
        Detach();
        _attached = stream;
        stream.Receivers.Add(this);
        Statistics.OnAttached(stream);
        if (_rewriter is not null)
        {
            _rewriter.Begin(now, stream, number, timestamp, vp8);
            return;
        }

        _firstIncoming = number;
        _firstOutgoing = _highestOutgoing + 1;
        Report(Current);
    }

    /// <summary>Sends one packet on.</summary>
    /// <param name="packet">Clear, with its extensions mapped; its SSRC and numbers are overwritten.</param>
    /// <param name="number">The producer's number of it, unwrapped and without holes.</param>
    public void Forward(long now, Span<byte> packet, in RtpHeader header, long number, in Vp8Descriptor vp8)
    {
        if (_rewriter is not null)
        {
            ForwardLayered(now, packet, header, number, vp8);
            return;
        }

        // From before the start: its number would be one already used.
        if (number < _firstIncoming)
            return;
        var outgoing = number - _firstIncoming + _firstOutgoing;
        if (outgoing > _highestOutgoing)
            _highestOutgoing = outgoing;
        Send(now, packet, header, outgoing);
    }

    /// <summary>Forwards the publisher's report: its clock, our counts. Sound and video of one publisher stay in step by it.</summary>
    public void SendReport(long now, in SenderReport report)
    {
        if (Statistics.Packets == 0 || !_media.Transport.TryBeginRtcp(out var buffer))
            return;
        Statistics.OnReportSent(report.NtpTime, now);
        var rtcp = new RtcpBuilder(buffer);
        rtcp.SenderReport(report with
        {
            Ssrc = Ssrc,
            RtpTime = _rewriter?.RewriteTimestamp(report.RtpTime) ?? report.RtpTime,
            PacketCount = (uint)Statistics.Packets,
            OctetCount = (uint)Statistics.PayloadOctets,
        });
        rtcp.CanonicalName(Ssrc, _canonicalName);
        _media.Transport.SendRtcp(buffer, rtcp);
    }

    /// <summary>Sends a packet again that the receiver misses (RFC 4588 §4), if it is still kept.</summary>
    public void Retransmit(long now, ushort sequenceNumber)
    {
        Statistics.Nacks++;
        if (Paused || _rtxStream is null)
            return;
        if (_rewriter is not null)
        {
            if (_rewriter.TryFind(sequenceNumber, out var packet, out var layeredHeader, out var vp8, out var rewritten))
                SendAgain(now, packet, layeredHeader, sequenceNumber, vp8, rewritten);
            return;
        }

        var outgoing = SequenceUnwrapper.Nearest(_highestOutgoing, sequenceNumber);
        if (_attached?.Ring is not { } ring || outgoing < _firstOutgoing || outgoing > _highestOutgoing)
            return;
        var kept = ring.Find(outgoing - _firstOutgoing + _firstIncoming);
        if (!kept.IsEmpty && RtpHeader.TryParse(kept, out var header))
            SendAgain(now, kept, header, sequenceNumber, default, new RewrittenNumbers(outgoing, header.Timestamp, 0, 0, 0, false));
    }

    /// <summary>Whether there is a stream for padding: one that the receiver plays, with retransmissions.</summary>
    public bool CanPad => !Paused && _rtxStream is not null;

    /// <summary>
    /// Sends up to this many octets that mean nothing, under the number of retransmissions, where a gap or an empty packet disturbs nobody (RFC 4588 §4).
    /// </summary>
    /// <returns>How many it came to; 0: none can be sent.</returns>
    public int SendPadding(long now, int octets)
    {
        if (_rtxStream is null)
            return 0;
        var length = Math.Clamp(octets, PaddingHeader.Length + 1, PaddingHeader.Length + byte.MaxValue);
        Span<byte> packet = stackalloc byte[PaddingHeader.Length + byte.MaxValue];
        packet = packet[..length];
        PaddingHeader.CopyTo(packet);
        packet[PaddingHeader.Length..].Clear();
        packet[^1] = (byte)(length - PaddingHeader.Length);
        RtpHeader.WritePayloadType(packet, Source.Format.Codec.RtxPayloadType);
        RtpHeader.WriteSequenceNumber(packet, _rtxNumber++);
        RtpHeader.WriteSsrc(packet, RtxSsrc);
        _media.WriteTransportSequence(now, packet, PaddingSequenceOffset);
        _media.Transport.SendRtp(_rtxStream, packet, PaddingHeader.Length);
        return length;
    }

    public void RequestKeyFrame(long now)
    {
        Statistics.PictureLosses++;
        if (Paused)
            return;
        if (_attached is not null)
            Source.RequestKeyFrame(now, _attached, false);
        else
            Pursue(now);
    }

    public void OnConnected(long now)
    {
        _stream = _media.Transport.OpenStream(Ssrc);
        if (_rtx)
            _rtxStream = _media.Transport.OpenStream(RtxSsrc);
        Pursue(now);
    }

    public void Pause()
    {
        Paused = true;
        Detach();
    }

    public void Resume(long now)
    {
        if (!Paused || IsClosed)
            return;
        Paused = false;
        Pursue(now);
    }

    /// <summary>What comes next does not follow what came before: begin anew, video with a key frame.</summary>
    public void Detach()
    {
        if (_attached is null)
            return;
        Statistics.OnDetached(_attached);
        _attached.Receivers.Remove(this);
        _attached = null;
    }

    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        Pause();
        Source.Remove(this);
        _media.Remove(this);
        SendGoodbye();
        Closed?.Invoke();
    }

    private void ForwardLayered(long now, Span<byte> packet, in RtpHeader header, long number, in Vp8Descriptor vp8)
    {
        if (_rewriter is null || Target is not { } target
            || !_rewriter.TryRewrite(now, number, header.Timestamp, vp8, target.Temporal, out var rewritten))
            return;
        RtpHeader.WriteTimestamp(packet, rewritten.Timestamp);
        if (rewritten.IsFiller)
        {
            Send(now, packet[..header.HeaderLength], header, rewritten.Number);
        }
        else
        {
            vp8.Write(packet[header.HeaderLength..], rewritten.PictureId, rewritten.Tl0, rewritten.KeyIndex);
            Send(now, packet, header, rewritten.Number);
        }

        if (Current != _reported)
            Report(Current);
    }

    private void Send(long now, Span<byte> packet, in RtpHeader header, long number)
    {
        if (_stream is null)
            return;
        RtpHeader.WriteSequenceNumber(packet, (ushort)number);
        RtpHeader.WriteSsrc(packet, Ssrc);
        if (header.TransportSequenceOffset != 0)
            _media.WriteTransportSequence(now, packet, header.TransportSequenceOffset);
        Statistics.OnSent(packet.Length, packet.Length - header.HeaderLength);
        Source.Counters.Forwarded++;
        _media.Transport.SendRtp(_stream, packet, header.HeaderLength);
    }

    private void SendAgain(long now, ReadOnlySpan<byte> kept, in RtpHeader header, ushort sequenceNumber, in Vp8Descriptor vp8, in RewrittenNumbers rewritten)
    {
        if (_rtxStream is null)
            return;
        if (!_budget.TrySpend(now))
        {
            Source.Counters.DroppedRetransmissions++;
            return;
        }

        Span<byte> packet = stackalloc byte[PacketPool.BufferSize + sizeof(ushort)];
        packet = packet[..(kept.Length + sizeof(ushort))];
        kept[..header.HeaderLength].CopyTo(packet);
        var payload = packet[(header.HeaderLength + sizeof(ushort))..];
        BinaryPrimitives.WriteUInt16BigEndian(packet[header.HeaderLength..], sequenceNumber);
        kept[header.HeaderLength..].CopyTo(payload);
        vp8.Write(payload, rewritten.PictureId, rewritten.Tl0, rewritten.KeyIndex);
        RtpHeader.WritePayloadType(packet, Source.Format.Codec.RtxPayloadType);
        RtpHeader.WriteSequenceNumber(packet, _rtxNumber++);
        RtpHeader.WriteTimestamp(packet, rewritten.Timestamp);
        RtpHeader.WriteSsrc(packet, RtxSsrc);
        if (HeaderExtensionReader.FindTransportSequence(packet, header) is var offset and not 0)
            _media.WriteTransportSequence(now, packet, offset);
        Statistics.Retransmitted++;
        Source.Counters.Retransmitted++;
        _media.Transport.SendRtp(_rtxStream, packet, header.HeaderLength);
    }

    private void Report(ConsumerLayers? layers)
    {
        if ((_hasReported && layers == _reported) || !Source.IsVideo)
            return;
        _hasReported = true;
        _reported = layers;
        LayersChanged?.Invoke(layers);
    }

    private void SendGoodbye()
    {
        if (Statistics.Packets == 0 || !_media.Transport.TryBeginRtcp(out var buffer))
            return;
        var rtcp = new RtcpBuilder(buffer);
        rtcp.Goodbye(Ssrc);
        _media.Transport.SendRtcp(buffer, rtcp);
    }
}
