namespace Telemedicine.Media;

/// <summary>What a producer shows.</summary>
public enum MediaSource
{
    Microphone,
    Camera,

    /// <summary>Detail matters more than motion.</summary>
    Screen,
}

/// <param name="Spatial">0 is the smallest picture.</param>
/// <param name="Temporal">0 is the fewest frames a second.</param>
public readonly record struct ConsumerLayers(int Spatial, int Temporal);

/// <summary>One connection's figures at one moment. Counts are since its start; what is recent is over about a second.</summary>
public sealed record TransportStatistics
{
    /// <summary>Between this server and the peer; null until it is known.</summary>
    public required TimeSpan? RoundTripTime { get; init; }

    /// <summary>Bits per second that the peer can receive, as estimated; null until it is known, and for a connection that the peer sends on.</summary>
    public required long? AvailableOutgoingBitrate { get; init; }

    public required IReadOnlyList<ProducerStatistics> Producers { get; init; }

    public required IReadOnlyList<ConsumerStatistics> Consumers { get; init; }
}

public sealed record ProducerStatistics
{
    public required Guid ProducerId { get; init; }

    public required MediaKind Kind { get; init; }

    /// <summary>Bits per second that come in, all layers together.</summary>
    public required long Bitrate { get; init; }

    public required long Packets { get; init; }

    public required long PacketsLost { get; init; }

    /// <summary>0 to 1, recent; of the layer that loses most.</summary>
    public required double FractionLost { get; init; }

    /// <summary>RFC 3550 §6.4.1; of the layer with most.</summary>
    public required TimeSpan Jitter { get; init; }

    /// <summary>Packets that the publisher was asked to send again.</summary>
    public required long Nacks { get; init; }

    public required long KeyFrameRequests { get; init; }

    /// <summary>How often the video stood still as it came in (webrtc-stats, freezeCount); of the layer where it did most.</summary>
    public required int Freezes { get; init; }

    /// <summary>Packets of sound that were louder than digital silence (RFC 6464); null for video, and while none has said how loud it is.</summary>
    public long? AudiblePackets { get; init; }

    /// <summary>Lowest first; those that have come so far.</summary>
    public required IReadOnlyList<LayerStatistics> Layers { get; init; }
}

/// <param name="Bitrate">Bits per second.</param>
/// <param name="Alive">Whether packets come.</param>
public sealed record LayerStatistics(int Spatial, int TemporalLayers, long Bitrate, bool Alive);

public sealed record ConsumerStatistics
{
    public required Guid ConsumerId { get; init; }

    public required Guid ProducerId { get; init; }

    public required MediaKind Kind { get; init; }

    /// <summary>Bits per second that go out, without retransmissions.</summary>
    public required long Bitrate { get; init; }

    public required long Packets { get; init; }

    /// <summary>As the receiver reports.</summary>
    public required long PacketsLost { get; init; }

    /// <summary>0 to 1, as in the receiver's last report.</summary>
    public required double FractionLost { get; init; }

    public required TimeSpan Jitter { get; init; }

    /// <summary>Packets that the receiver asked for again.</summary>
    public required long Nacks { get; init; }

    /// <summary>Key frames that the receiver asked for.</summary>
    public required long KeyFrameRequests { get; init; }

    public required long Retransmitted { get; init; }

    /// <summary>How often the video that was forwarded stood still.</summary>
    public required int Freezes { get; init; }

    /// <summary>What is forwarded; null for nothing.</summary>
    public required ConsumerLayers? Layers { get; init; }

    /// <summary>What the receiver's bandwidth and wish allow; null when video is paused for want of bandwidth.</summary>
    public required ConsumerLayers? TargetLayers { get; init; }
}
