using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;

namespace Telemedicine.Media.Core;

/// <summary>The RTP side of a receive transport: its consumers, and what the receiver says about them.</summary>
internal sealed class OutgoingMedia(Transport transport)
{
    /// <summary>mediasoup-client's probator receives under it.</summary>
    private const uint ReservedSsrc = 1234;

    private readonly Dictionary<uint, OutgoingTrack> _tracks = [];
    private readonly HashSet<uint> _usedSsrcs = [0, ReservedSsrc];
    private int _nextMid;

    public Transport Transport { get; } = transport;

    /// <summary>Makes a paused track.</summary>
    public OutgoingTrack AddTrack(long now, IncomingTrack source, ConsumerFormat format)
    {
        var mid = _nextMid++.ToString(CultureInfo.InvariantCulture);
        var ssrc = NewSsrc();
        var rtxSsrc = format.Rtx ? NewSsrc() : 0;
        var track = new OutgoingTrack(this, source, format, mid, ssrc, rtxSsrc);
        _tracks.Add(ssrc, track);
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
    }

    public void OnConnected(long now)
    {
        foreach (var (ssrc, track) in _tracks)
        {
            if (ssrc == track.Ssrc)
                track.OnConnected(now);
        }
    }

    /// <summary>Bandwidth estimates (REMB) and reports ask for nothing: there is one encoding to forward.</summary>
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
            else if (FeedbackReader.TryReadPictureLoss(packet, out var lost))
            {
                RequestKeyFrame(now, lost);
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
        while (_tracks.Count > 0)
            _tracks.Values.First().Close();
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
