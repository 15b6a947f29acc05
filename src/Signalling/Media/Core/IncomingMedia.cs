using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>The RTP side of a send transport: sorts packets to tracks, reports on them, asks again for what is missing.</summary>
internal sealed class IncomingMedia(Transport transport)
{
    private const long Interval = 100_000;
    private const long ReportInterval = 1_000_000;
    private const int RetransmissionPrefix = 2;

    private readonly List<IncomingTrack> _tracks = [];
    private readonly List<IncomingStream> _streams = [];
    private readonly Dictionary<uint, Route> _routes = [];
    private readonly TransportFeedback _feedback = new();
    private readonly StreamLatch _latch = new();
    private byte _transportSequence;
    private long _regularAt;
    private long _reportAt;

    private readonly record struct Route(IncomingStream Stream, bool IsRetransmission);

    public Transport Transport { get; } = transport;

    /// <summary>Ours, in reports and requests.</summary>
    public uint Ssrc { get; } = BinaryPrimitives.ReadUInt32BigEndian(RandomNumberGenerator.GetBytes(sizeof(uint)));

    /// <summary>Who speaks in the router that this transport belongs to; null without a router.</summary>
    public ActiveSpeaker? Speakers { get; set; }

    /// <summary>Of all in the router its voice was the last.</summary>
    public bool SpokeLast => Speakers?.Latest is { } latest && _tracks.Contains(latest);

    public string CanonicalName { get; } = RandomNumberGenerator.GetHexString(16, lowercase: true);

    public IReadOnlyList<IncomingTrack> Tracks => _tracks;

    /// <exception cref="MediaException">A mid or ssrc is in use on this transport.</exception>
    public IncomingTrack AddTrack(ProducerFormat format, bool paused, MediaSource source = MediaSource.Camera)
    {
        foreach (var track in _tracks)
        {
            if (format.Mid is not null && track.Format.Mid == format.Mid)
                throw new MediaException("The media parameters' mid is in use.");
        }

        foreach (var encoding in format.Encodings)
        {
            if (_routes.ContainsKey(encoding.Ssrc) || _routes.ContainsKey(encoding.RtxSsrc))
                throw new MediaException("The media parameters' ssrc is in use.");
        }

        var added = new IncomingTrack(this, format, source, paused);
        _tracks.Add(added);
        for (var i = 0; i < format.Encodings.Count; i++)
        {
            var encoding = format.Encodings[i];
            if (encoding.Ssrc != 0)
                AddStream(added, i, encoding.Ssrc, encoding.RtxSsrc);
        }

        if (format.Extensions.TransportSequence != 0)
            _transportSequence = format.Extensions.TransportSequence;
        _latch.Update(_tracks);
        return added;
    }

    public void Remove(IncomingTrack track)
    {
        _tracks.Remove(track);
        _streams.RemoveAll(stream => stream.Track == track);
        RemoveRoutes(route => route.Stream.Track == track);
        _latch.Update(_tracks);
    }

    public void HandleRtp(long now, Span<byte> packet)
    {
        if (!RtpHeader.TryParse(packet, out var header))
        {
            Transport.Counters.DroppedMalformed++;
            return;
        }

        RecordArrival(now, packet, header);
        ref readonly var route = ref CollectionsMarshal.GetValueRefOrNullRef(_routes, header.Ssrc);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(in route))
        {
            if (!TryLatch(packet, header))
            {
                Transport.Counters.DroppedUnknownStream++;
                return;
            }

            route = ref CollectionsMarshal.GetValueRefOrNullRef(_routes, header.Ssrc);
        }

        var stream = route.Stream;
        var format = stream.Track.Format;
        if (header.PayloadType != (route.IsRetransmission ? format.RtxPayloadType : format.PayloadType))
        {
            Transport.Counters.DroppedUnknownStream++;
            return;
        }

        if (!route.IsRetransmission)
            stream.Track.Receive(now, packet, header, stream, isRetransmission: false);
        else
            ReceiveRetransmission(now, packet, header, stream);
    }

    public void HandleRtcp(long now, ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryRead(out var packet))
        {
            if (SenderReport.TryParse(packet, out var report) && _routes.TryGetValue(report.Ssrc, out var route) && !route.IsRetransmission)
            {
                route.Stream.Track.OnSenderReport(route.Stream, report, now);
            }
            else if (packet.Type == RtcpType.Goodbye)
            {
                HandleGoodbye(packet);
            }
        }
    }

    /// <returns>When to call again.</returns>
    public long HandleTimeout(long now)
    {
        if (now >= _regularAt)
        {
            _regularAt = now + Interval;
            SendFeedback();
            Speakers?.HandleTimeout(now);
        }

        var isUrgent = false;
        foreach (var stream in CollectionsMarshal.AsSpan(_streams))
            isUrgent |= SendNacks(now, stream);
        foreach (var track in CollectionsMarshal.AsSpan(_tracks))
            isUrgent |= track.HandleTimeout(now);
        if (now - _reportAt >= ReportInterval)
        {
            _reportAt = now;
            SendReports(now);
            foreach (var track in CollectionsMarshal.AsSpan(_tracks))
                track.TrimRings(now - ReportInterval);
        }

        return isUrgent ? now : _regularAt;
    }

    public void Close()
    {
        while (_tracks.Count > 0)
            _tracks[^1].Close();
    }

    /// <summary>Every packet counts, also one that no track takes: the sender's estimate goes by them all.</summary>
    private void RecordArrival(long now, ReadOnlySpan<byte> packet, in RtpHeader header)
    {
        if (_transportSequence == 0 || header.ExtensionLength == 0)
            return;
        var elements = new HeaderExtensionReader(packet, header);
        while (elements.MoveNext())
        {
            if (elements.Id != _transportSequence || elements.DataLength != 2)
                continue;
            _feedback.OnPacket(BinaryPrimitives.ReadUInt16BigEndian(elements.Data), now);
            return;
        }
    }

    /// <summary>RFC 4588 §4: the payload begins with the number of the packet that it repeats.</summary>
    private void ReceiveRetransmission(long now, Span<byte> packet, in RtpHeader header, IncomingStream stream)
    {
        // Only a prefix, or nothing: a probe of the sender's, made of padding.
        if (header.PayloadLength <= RetransmissionPrefix)
        {
            Transport.Counters.DroppedDuplicate++;
            return;
        }

        var original = BinaryPrimitives.ReadUInt16BigEndian(packet[header.HeaderLength..]);
        packet = packet[..(header.HeaderLength + header.PayloadLength)];
        packet[..header.HeaderLength].CopyTo(packet[RetransmissionPrefix..]);
        packet = packet[RetransmissionPrefix..];
        RtpHeader.ClearPaddingBit(packet);
        RtpHeader.WritePayloadType(packet, stream.Track.Format.PayloadType);
        RtpHeader.WriteSequenceNumber(packet, original);
        RtpHeader.WriteSsrc(packet, stream.Ssrc);
        if (RtpHeader.TryParse(packet, out var unwrapped))
            stream.Track.Receive(now, packet, unwrapped, stream, isRetransmission: true);
    }

    private bool TryLatch(ReadOnlySpan<byte> packet, in RtpHeader header) =>
        _latch.TryMatch(packet, header, out var track, out var encoding, out var isRetransmission)
        && TryAddLatched(track, encoding, isRetransmission, header.Ssrc);

    /// <summary>The publisher may change its mind about the ssrc; the former one is then over.</summary>
    private bool TryAddLatched(IncomingTrack track, int encoding, bool isRetransmission, uint ssrc)
    {
        var known = _streams.Find(stream => stream.Track == track && stream.EncodingIndex == encoding);
        if (isRetransmission)
        {
            if (known is null)
                return false;
            RemoveRoutes(route => route.Stream == known && route.IsRetransmission);
            _routes.Add(ssrc, new Route(known, true));
            return true;
        }

        if (known is not null)
        {
            RemoveRoutes(route => route.Stream == known);
            _streams.Remove(known);
        }

        AddStream(track, encoding, ssrc, 0);
        return true;
    }

    private void AddStream(IncomingTrack track, int encoding, uint ssrc, uint rtxSsrc)
    {
        var stream = track.AddStream(ssrc, encoding);
        _streams.Add(stream);
        _routes.Add(ssrc, new Route(stream, false));
        if (rtxSsrc != 0)
            _routes.Add(rtxSsrc, new Route(stream, true));
    }

    private void RemoveRoutes(Predicate<Route> over)
    {
        foreach (var (ssrc, route) in _routes)
        {
            if (over(route))
                _routes.Remove(ssrc);
        }
    }

    private void HandleGoodbye(in RtcpPacket packet)
    {
        for (var i = 0; i < packet.Count && packet.Body.Length >= (i + 1) * sizeof(uint); i++)
        {
            if (_routes.TryGetValue(BinaryPrimitives.ReadUInt32BigEndian(packet.Body[(i * sizeof(uint))..]), out var route))
                route.Stream.Interrupt();
        }
    }

    private void SendFeedback()
    {
        while (_feedback.HasPending && Transport.TryBeginRtcp(out var buffer))
        {
            var rtcp = new RtcpBuilder(buffer);
            // The media ssrc is any stream of the transport.
            _feedback.Write(ref rtcp, Ssrc, _streams.Count > 0 ? _streams[0].Ssrc : 0);
            Transport.SendRtcp(buffer, rtcp);
        }
    }

    /// <returns>Whether packets are missing (still).</returns>
    private bool SendNacks(long now, IncomingStream stream)
    {
        if (stream.Missing is not { Count: > 0 } missing)
            return false;
        Span<ushort> numbers = stackalloc ushort[NackGenerator.Capacity];
        var due = missing.TakeDue(now, numbers, out var gaveUp);
        if (gaveUp)
            stream.Track.RequestKeyFrame(now, stream, false);
        if (due == 0 || !Transport.TryBeginRtcp(out var buffer))
            return missing.Count > 0;
        var rtcp = new RtcpBuilder(buffer);
        rtcp.Nack(Ssrc, stream.Ssrc, numbers[..due]);
        Transport.SendRtcp(buffer, rtcp);
        stream.NacksSent += due;
        Transport.Counters.NacksSent += due;
        return true;
    }

    private void SendReports(long now)
    {
        Span<ReportBlock> blocks = stackalloc ReportBlock[RtcpBuilder.MaximumReportBlocks];
        var count = 0;
        foreach (var stream in _streams)
        {
            if (stream.Started && count < blocks.Length)
                blocks[count++] = stream.TakeReport(now);
        }

        if (count == 0 || !Transport.TryBeginRtcp(out var buffer))
            return;
        var rtcp = new RtcpBuilder(buffer);
        rtcp.ReceiverReport(Ssrc, blocks[..count]);
        Transport.SendRtcp(buffer, rtcp);
    }
}
