using System.Runtime.InteropServices;
using Telemedicine.Media.Ortc;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Core;

/// <summary>A producer's core: takes its packets in and forwards them to its consumers, each from the layer that it receives.</summary>
internal sealed class IncomingTrack
{
    private readonly IncomingMedia _media;
    private readonly IncomingStream?[] _layers;
    private readonly List<OutgoingTrack> _consumers = [];
    private readonly RtpCodec _codec;
    private bool _hasStarters;
    private byte _fullIntraCommand;
    private long _sampledAt;
    private int _freezesTaken;

    public IncomingTrack(IncomingMedia media, ProducerFormat format, MediaSource source, bool paused)
    {
        _media = media;
        _layers = new IncomingStream?[format.Encodings.Count];
        _codec = format.Codec.Codec;
        Format = format;
        Source = source;
        Paused = paused;
        if (!paused)
            StartListening();
    }

    public Guid Id { get; } = Guid.NewGuid();

    public ProducerFormat Format { get; }

    /// <summary>What it shows: a screen's detail matters more than its motion, so its allocation differs from a camera's.</summary>
    public MediaSource Source { get; }

    /// <summary>
    /// What gets bandwidth first: the higher. Sound, then a screen, then the picture of who speaks or spoke last, then the others.
    /// </summary>
    public int Priority => Source switch
    {
        MediaSource.Microphone => 3,
        MediaSource.Screen => 2,
        _ => _media.SpokeLast ? 1 : 0,
    };

    public bool Paused { get; private set; }

    public bool IsClosed { get; private set; }

    /// <summary>Called on the engine's thread.</summary>
    public Action? Closed { get; set; }

    /// <summary>The same for all tracks of one publisher.</summary>
    public string CanonicalName => _media.CanonicalName;

    public Counters Counters => _media.Transport.Counters;

    public PacketPool Packets => _media.Transport.Engine.Packets;

    public bool IsVp8 => _codec == RtpCodec.Vp8;

    public bool IsVideo => Format.Codec.Kind == MediaKind.Video;

    /// <summary>How many spatial layers consumers choose from; 1 without simulcast.</summary>
    public int SpatialLayers => Format.IsLayered ? _layers.Length : 1;

    /// <summary>Packets of sound that were louder than digital silence; null while none has said how loud it is (RFC 6464).</summary>
    public long? Audible { get; private set; }

    /// <summary>Of all layers together; each stream notes when it last brought one.</summary>
    public long Frames { get; set; }

    /// <summary>Whether packets of this spatial layer come.</summary>
    public bool IsAlive(int spatial) => _layers[spatial] is { IsAlive: true };

    /// <summary>Temporal layers seen in this spatial layer, at least 1.</summary>
    public int TemporalLayers(int spatial) => _layers[spatial]?.TemporalLayers ?? 1;

    /// <summary>Bits per second over the last second that forwarding these layers takes (RTP, without what SRTP and UDP add).</summary>
    public long Bitrate(ConsumerLayers layers) => _layers[layers.Spatial]?.BitrateUpTo(layers.Temporal) ?? 0;

    /// <summary>The wish, with the highest living spatial layer that it allows; if there is none, with the lowest living one.</summary>
    public ConsumerLayers CapToAlive(ConsumerLayers wish)
    {
        for (var spatial = wish.Spatial; spatial >= 0; spatial--)
        {
            if (IsAlive(spatial))
                return wish with { Spatial = spatial };
        }

        for (var spatial = wish.Spatial + 1; spatial < SpatialLayers; spatial++)
        {
            if (IsAlive(spatial))
                return wish with { Spatial = spatial };
        }

        return wish with { Spatial = 0 };
    }

    public IncomingStream? Layer(int spatial) => _layers[spatial];

    /// <returns>How many of these freezes are new since the last call.</returns>
    public int TakeNewFreezes(int freezes)
    {
        var more = freezes - _freezesTaken;
        _freezesTaken = freezes;
        return more;
    }

    /// <summary>Adds a stream once its SSRC is known.</summary>
    public IncomingStream AddStream(uint ssrc, int encodingIndex)
    {
        if (_layers[encodingIndex] is { } former)
            Interrupt(former);
        var stream = new IncomingStream(this, encodingIndex, ssrc);
        _layers[encodingIndex] = stream;
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
            RequestKeyFrame(now, stream, false);
        if (header.PayloadLength == 0 && isNewest)
        {
            stream.Remove(number);
            Counters.DroppedDuplicate++;
            return;
        }

        Vp8Descriptor vp8 = default;
        var starts = _hasStarters;
        if (IsVideo)
        {
            starts = StartsKeyFrame(header.Payload(packet), out vp8);
            stream.CountVideo(now, packet.Length, vp8.TemporalLayer, header.Timestamp, isNewest);
        }
        else
        {
            stream.CountSound(now, packet.Length);
            Hear(now, packet, header);
        }

        if (Paused || _consumers.Count == 0)
            return;
        var isAwaited = stream.KeyFrames is { Wanted: true };
        number = stream.Compact(number);
        if (starts)
            Start(now, stream, number, header.Timestamp, vp8);
        if (stream.Receivers.Count == 0 && !isAwaited)
            return;

        var outgoing = header with { TransportSequenceOffset = Format.Extensions.Rewrite(packet, header, now) };
        RtpHeader.WritePayloadType(packet, Format.Codec.PayloadType);
        RtpHeader.ClearPaddingBit(packet);
        packet = packet[..(header.HeaderLength + header.PayloadLength)];
        stream.Ring?.Keep(number, packet, now);
        foreach (var consumer in CollectionsMarshal.AsSpan(stream.Receivers))
            consumer.Forward(now, packet, outgoing, number, vp8);
    }

    public void OnSenderReport(IncomingStream stream, in SenderReport report, long now)
    {
        stream.OnSenderReport(report, now);
        if (Paused)
            return;
        foreach (var consumer in CollectionsMarshal.AsSpan(stream.Receivers))
            consumer.SendReport(now, report);
    }

    /// <returns>Whether a key frame is awaited (still).</returns>
    public bool HandleTimeout(long now)
    {
        if (now - _sampledAt >= RateMeter.Interval)
            Sample(now);
        if (Paused || _consumers.Count == 0)
            return false;
        var isAwaited = false;
        foreach (var stream in _layers)
        {
            if (stream?.KeyFrames is not { Wanted: true } wanted)
                continue;
            isAwaited = true;
            if (wanted.IsDue(now))
                SendKeyFrameRequest(stream);
        }

        return isAwaited;
    }

    /// <summary>Something is missing that has to be asked for.</summary>
    public void Hurry() => _media.Transport.Hurry();

    /// <summary>Every second.</summary>
    public void TrimRings(long before)
    {
        long farthest = 0;
        foreach (var consumer in CollectionsMarshal.AsSpan(_consumers))
            farthest = Math.Max(farthest, consumer.RoundTrip);
        foreach (var stream in _layers)
        {
            stream?.Ring?.KeepFor(farthest);
            stream?.Ring?.Trim(before);
        }
    }

    /// <param name="forced">A receiver that starts now.</param>
    public void RequestKeyFrame(long now, int spatial, bool forced)
    {
        if (_layers[spatial] is { } stream)
            RequestKeyFrame(now, stream, forced);
    }

    public void RequestKeyFrame(long now, IncomingStream stream, bool forced)
    {
        if (stream.KeyFrames is null || IsClosed || Paused)
            return;
        if (stream.KeyFrames.Request(now, forced))
            SendKeyFrameRequest(stream);
        Hurry();
    }

    /// <summary>A sound consumer begins with the next packet.</summary>
    public void AwaitStart() => _hasStarters = !IsVideo;

    public void Pause()
    {
        Paused = true;
        _media.Speakers?.Remove(this);
        foreach (var stream in _layers)
        {
            if (stream is not null)
                Interrupt(stream);
        }
    }

    public void Resume(long now)
    {
        if (!Paused)
            return;
        Paused = false;
        StartListening();
        foreach (var consumer in _consumers)
            consumer.Pursue(now);
    }

    public void Add(OutgoingTrack consumer) => _consumers.Add(consumer);

    public void Remove(OutgoingTrack consumer) => _consumers.Remove(consumer);

    public void Close()
    {
        if (IsClosed)
            return;
        IsClosed = true;
        _media.Speakers?.Remove(this);
        while (_consumers.Count > 0)
            _consumers[^1].Close();
        foreach (var stream in _layers)
            stream?.Ring?.Clear();
        _media.Remove(this);
        Closed?.Invoke();
    }

    private void StartListening()
    {
        if (!IsVideo && !IsClosed)
            _media.Speakers?.Add(this);
    }

    /// <summary>RFC 6464: the level is in the low 7 bits. The voice activity bit is optional, and browsers differ on it.</summary>
    private void Hear(long now, ReadOnlySpan<byte> packet, in RtpHeader header)
    {
        if (Paused || _media.Speakers is not { } speakers || Format.Extensions.AudioLevel == 0 || header.ExtensionLength == 0)
            return;
        var elements = new HeaderExtensionReader(packet, header);
        while (elements.MoveNext())
        {
            if (elements.Id != Format.Extensions.AudioLevel || elements.DataLength == 0)
                continue;
            var level = elements.Data[0] & 0x7F;
            Audible = (Audible ?? 0) + (level < Voice.Silence ? 1 : 0);
            speakers.Hear(now, this, level);
            return;
        }
    }

    private bool StartsKeyFrame(ReadOnlySpan<byte> payload, out Vp8Descriptor vp8)
    {
        vp8 = default;
        return _codec == RtpCodec.Vp8
            ? Vp8Descriptor.TryParse(payload, out vp8) && vp8.StartsKeyFrame
            : KeyFrames.StartsAt(_codec, payload);
    }

    /// <summary>A decoder can begin with this packet: consumers that wait for it do.</summary>
    private void Start(long now, IncomingStream stream, long number, uint timestamp, in Vp8Descriptor vp8)
    {
        _hasStarters = false;
        stream.KeyFrames?.OnKeyFrame();
        if (stream.EncodingIndex >= SpatialLayers)
            return;
        foreach (var consumer in CollectionsMarshal.AsSpan(_consumers))
            consumer.OnStart(now, stream, number, timestamp, vp8);
    }

    private void Sample(long now)
    {
        _sampledAt = now;
        var changed = false;
        foreach (var stream in _layers)
            changed |= stream is not null && stream.Sample(now);
        if (!changed)
            return;
        foreach (var consumer in _consumers)
            consumer.Retarget(now);
    }

    /// <summary>What comes next of this stream does not continue what was forwarded.</summary>
    private void Interrupt(IncomingStream stream)
    {
        stream.Interrupt();
        stream.Ring?.Clear();
        while (stream.Receivers.Count > 0)
            stream.Receivers[^1].Detach();
    }

    private void SendKeyFrameRequest(IncomingStream stream)
    {
        if (!_media.Transport.TryBeginRtcp(out var buffer))
            return;
        var rtcp = new RtcpBuilder(buffer);
        if (Format.PictureLoss)
            rtcp.PictureLoss(_media.Ssrc, stream.Ssrc);
        else
            rtcp.FullIntra(_media.Ssrc, stream.Ssrc, _fullIntraCommand++);
        _media.Transport.SendRtcp(buffer, rtcp);
        stream.KeyFramesRequested++;
        Counters.KeyFramesRequested++;
    }
}
