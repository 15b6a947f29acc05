using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Telemedicine.Media.Core.Congestion;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>The RTP side of a receive transport: its consumers, and what the receiver says about them.</summary>
internal sealed class OutgoingMedia
{
    /// <summary>mediasoup-client's probator receives under it.</summary>
    private const uint ReservedSsrc = 1234;

    private readonly Dictionary<uint, OutgoingTrack> _tracks = [];
    private readonly List<OutgoingTrack> _list = [];
    private readonly HashSet<uint> _usedSsrcs = [0, ReservedSsrc];
    private readonly Allocation _allocation;
    private int _nextMid;
    private long _sampledAt;

    public OutgoingMedia(Transport transport)
    {
        Transport = transport;
        _allocation = new Allocation(Congestion);
    }

    public Transport Transport { get; }

    /// <summary>Microseconds, smoothed; null until a report has told it.</summary>
    public long? RoundTrip { get; private set; }

    /// <summary>Bits per second that the receiver can take; null until it is estimated.</summary>
    public long? AvailableBitrate => Congestion.Bitrate;

    public CongestionControl Congestion { get; } = new();

    public IReadOnlyList<OutgoingTrack> Tracks => _list;

    /// <summary>Makes a paused track.</summary>
    public OutgoingTrack AddTrack(long now, IncomingTrack source, ConsumerFormat format)
    {
        var mid = _nextMid++.ToString(CultureInfo.InvariantCulture);
        var ssrc = NewSsrc();
        var rtxSsrc = format.Rtx ? NewSsrc() : 0;
        var track = new OutgoingTrack(this, source, format, mid, ssrc, rtxSsrc);
        _tracks.Add(ssrc, track);
        _list.Add(track);
        _allocation.Add(track);
        if (rtxSsrc != 0)
            _tracks.Add(rtxSsrc, track);
        if (Transport.IsConnected)
            track.OnConnected(now);
        return track;
    }

    public void Remove(OutgoingTrack track)
    {
        _tracks.Remove(track.Ssrc);
        _tracks.Remove(track.RtxSsrc);
        _list.Remove(track);
        _allocation.Remove(track);
    }

    /// <summary>Gives each track the layers that it is to get: what its receiver wishes, of what there is and what its path carries.</summary>
    public void Allocate(long now) => _allocation.Allocate(now);

    /// <summary>Gives a packet that goes out now its number among all of this transport, and remembers it for the receiver's report.</summary>
    public void WriteTransportSequence(long now, Span<byte> packet, int offset) =>
        BinaryPrimitives.WriteUInt16BigEndian(packet[offset..], Congestion.OnSent(now, packet.Length));

    /// <returns>When to call again.</returns>
    public long HandleTimeout(long now)
    {
        SendPadding(now);
        if (now - _sampledAt >= RateMeter.Interval)
        {
            _sampledAt = now;
            foreach (var track in CollectionsMarshal.AsSpan(_list))
                track.Statistics.Sample(now);
            Allocate(now);
        }

        return Congestion.IsProbing ? now : _sampledAt + RateMeter.Interval;
    }

    public void OnConnected(long now)
    {
        foreach (var track in _list)
            track.OnConnected(now);
    }

    public void HandleRtcp(long now, ReadOnlySpan<byte> compound)
    {
        var reader = new RtcpReader(compound);
        while (reader.TryRead(out var packet))
        {
            if (FeedbackReader.TryReadNack(packet, out var nack))
            {
                if (!_tracks.TryGetValue(nack.MediaSsrc, out var track) || nack.MediaSsrc != track.Ssrc)
                    continue;
                while (nack.TryRead(out var sequenceNumber))
                    track.Retransmit(now, sequenceNumber);
            }
            else if (TransportFeedbackReader.TryParse(packet, out var feedback))
            {
                Congestion.OnFeedback(now, feedback);
                Transport.Hurry(); // perhaps the next probe begins
            }
            else if (FeedbackReader.TryReadPictureLoss(packet, out var lost))
            {
                RequestKeyFrame(now, lost);
            }
            else if (packet.Type is RtcpType.ReceiverReport or RtcpType.SenderReport)
            {
                for (var i = 0; ReportBlock.TryParse(packet, i, out var block); i++)
                    TakeReport(now, block);
            }
            else
            {
                for (var i = 0; FeedbackReader.TryReadFullIntra(packet, i, out var wanted); i++)
                    RequestKeyFrame(now, wanted);
            }
        }
    }

    public void Close()
    {
        while (_list.Count > 0)
            _list[^1].Close();
    }

    /// <summary>Probes: packets that mean nothing, on any stream that has room for them.</summary>
    private void SendPadding(long now)
    {
        OutgoingTrack? carrier = null;
        foreach (var track in CollectionsMarshal.AsSpan(_list))
        {
            if (track.CanPad)
                carrier = track;
        }

        var due = Congestion.HandleTimeout(now, carrier is not null);
        while (due > 0 && carrier is not null)
            due -= carrier.SendPadding(now, due);
    }

    private void TakeReport(long now, in ReportBlock block)
    {
        if (!_tracks.TryGetValue(block.Ssrc, out var track) || block.Ssrc != track.Ssrc)
            return;
        var isTimed = track.Statistics.OnReport(block, now, out var roundTrip);
        if (track.Source.IsVideo)
            Congestion.OnLossReport(now, track.Statistics.FractionLost, track.Statistics.Bitrate);
        if (!isTimed)
            return;
        RoundTrip = RoundTrip is { } smoothed ? smoothed + (roundTrip - smoothed) / 8 : roundTrip;
    }

    private void RequestKeyFrame(long now, uint ssrc)
    {
        if (_tracks.TryGetValue(ssrc, out var track))
            track.RequestKeyFrame(now);
    }

    /// <summary>Never one that this transport had before: SRTP must not see its packet indexes again.</summary>
    private uint NewSsrc()
    {
        Span<byte> random = stackalloc byte[sizeof(uint)];
        uint ssrc;
        do
        {
            RandomNumberGenerator.Fill(random);
            ssrc = BinaryPrimitives.ReadUInt32BigEndian(random);
        }
        while (!_usedSsrcs.Add(ssrc));
        return ssrc;
    }
}
