using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>A producer's core: takes its packets in and forwards them to its consumers.</summary>
internal sealed class IncomingTrack
{
    private readonly IncomingMedia _media;
    private readonly KeyFrameRequests? _keyFrames;
    private readonly RetransmissionRing? _ring;
    private readonly List<OutgoingTrack> _consumers = [];
    private IncomingStream? _forwarded;
    private byte _fullIntraCommand;

    public IncomingTrack(IncomingMedia media, ProducerFormat format, bool paused)
    {
        _media = media;
        Format = format;
        Paused = paused;
        if (format.Codec.Kind != MediaKind.Video)
            return;
        _keyFrames = new KeyFrameRequests();
        _ring = new RetransmissionRing(media.Transport.Engine.Packets);
    }

    public ProducerFormat Format { get; }

    public bool Paused { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Called on the engine's thread.</summary>
    public Action? Closed { get; set; }

    /// <summary>The same for all tracks of one publisher.</summary>
    public string CanonicalName => _media.CanonicalName;

    public Counters Counters => _media.Transport.Counters;

    public bool IsVideo => _keyFrames is not null;

    /// <summary>Adds a stream once its SSRC is known; the first one is forwarded.</summary>
    public IncomingStream AddStream(uint ssrc, int encodingIndex)
    {
        var stream = new IncomingStream(this, encodingIndex, ssrc, Format.Codec.ClockRate, Format.Nack && Format.RtxPayloadType != 0);
        if (encodingIndex != 0)
            return stream;
        if (_forwarded is not null)
            Interrupt();
        _forwarded = stream;
        return stream;
    }

    /// <summary>Forwards one packet of this track, changing its header in place. Retransmissions come unwrapped.</summary>
    public void Receive(long now, Span<byte> packet, in RtpHeader header, IncomingStream stream, bool isRetransmission)
    {
        if (!stream.TryReceive(now, header, isRetransmission, out var number, out var isNewest, out var tooManyLost))
        {
            Counters.DroppedDuplicate++;
            return;
        }

        if (tooManyLost)
            RequestKeyFrame(now, false);
        if (header.PayloadLength == 0 && isNewest)
        {
            stream.Remove(number);
            Counters.DroppedDuplicate++;
            return;
        }

        if (stream != _forwarded)
            return;
        var startsKeyFrame = IsVideo && KeyFrames.StartsAt(Format.Codec.Codec, header.Payload(packet));
        if (startsKeyFrame)
            _keyFrames?.OnKeyFrame();
        if (Paused || _consumers.Count == 0)
            return;

        Format.Extensions.Rewrite(packet, header, now);
        RtpHeader.WritePayloadType(packet, Format.Codec.PayloadType);
        RtpHeader.ClearPaddingBit(packet);
        packet = packet[..(header.HeaderLength + header.PayloadLength)];
        number = stream.Compact(number);
        _ring?.Keep(number, packet, now);
        foreach (var consumer in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_consumers))
            consumer.Forward(packet, header, number, startsKeyFrame);
    }

    public void OnSenderReport(in SenderReport report)
    {
        if (Paused || _forwarded?.Ssrc != report.Ssrc)
            return;
        foreach (var consumer in _consumers)
            consumer.SendReport(report);
    }

    public void HandleTimeout(long now)
    {
        if (_keyFrames is not null && !Paused && _consumers.Count > 0 && _keyFrames.IsDue(now))
            SendKeyFrameRequest();
    }

    /// <summary>Every second.</summary>
    public void TrimRing(long before) => _ring?.Trim(before);

    /// <param name="forced">A receiver that starts now.</param>
    public void RequestKeyFrame(long now, bool forced)
    {
        if (_keyFrames is null || IsClosed || Paused)
            return;
        if (_keyFrames.Request(now, forced))
            SendKeyFrameRequest();
    }

    /// <summary>The packet that consumers know under this number, in clear; empty when it is not kept (any more).</summary>
    public ReadOnlySpan<byte> FindKept(long number) => _ring is null ? default : _ring.Find(number);

    public void Pause()
    {
        Paused = true;
        Interrupt();
    }

    public void Resume(long now)
    {
        if (!Paused)
            return;
        Paused = false;
        if (_consumers.Exists(consumer => !consumer.Paused))
            RequestKeyFrame(now, true);
    }

    public void Add(OutgoingTrack consumer) => _consumers.Add(consumer);

    public void Remove(OutgoingTrack consumer) => _consumers.Remove(consumer);

    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        while (_consumers.Count > 0)
            _consumers[^1].Close();
        _ring?.Clear();
        _media.Remove(this);
        Closed?.Invoke();
    }

    /// <summary>What comes next does not continue what was forwarded.</summary>
    private void Interrupt()
    {
        _ring?.Clear();
        foreach (var consumer in _consumers)
            consumer.OnInterrupted();
    }

    private void SendKeyFrameRequest()
    {
        if (_forwarded is null || !_media.Transport.TryBeginRtcp(out var buffer))
            return;
        var rtcp = new RtcpBuilder(buffer);
        if (Format.PictureLoss)
            rtcp.PictureLoss(_media.Ssrc, _forwarded.Ssrc);
        else
            rtcp.FullIntra(_media.Ssrc, _forwarded.Ssrc, _fullIntraCommand++);
        _media.Transport.SendRtcp(buffer, rtcp);
        Counters.KeyFramesRequested++;
    }
}
