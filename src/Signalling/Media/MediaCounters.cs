namespace Telemedicine.Media;

/// <summary>What a node's packets came to, since it started. Each is a number of packets; a datagram that is not used is in exactly one of the Dropped counts.</summary>
public readonly record struct MediaCounters
{
    /// <summary>Datagrams of any kind.</summary>
    public long Received { get; init; }

    /// <summary>RTP packets sent to consumers, without retransmissions.</summary>
    public long Forwarded { get; init; }

    /// <summary>Packets sent again because a receiver asked.</summary>
    public long Retransmitted { get; init; }

    /// <summary>Packets that publishers were asked to send again.</summary>
    public long NacksSent { get; init; }

    public long KeyFramesRequested { get; init; }

    /// <summary>Neither STUN, DTLS, RTP nor RTCP, or cut short.</summary>
    public long DroppedMalformed { get; init; }

    /// <summary>STUN for no transport of this node, or without valid integrity.</summary>
    public long DroppedStun { get; init; }

    /// <summary>From an address that passed no ICE check.</summary>
    public long DroppedUnknownAddress { get; init; }

    /// <summary>Before DTLS was connected.</summary>
    public long DroppedNotConnected { get; init; }

    /// <summary>SRTP or SRTCP with a wrong tag, or a replay.</summary>
    public long DroppedUnauthenticated { get; init; }

    /// <summary>RTP of no producer: unknown ssrc or payload type.</summary>
    public long DroppedUnknownStream { get; init; }

    /// <summary>RTP that came already, or is too old, or is padding only.</summary>
    public long DroppedDuplicate { get; init; }

    /// <summary>Retransmissions refused to a receiver that asks for too many.</summary>
    public long DroppedRetransmissions { get; init; }
}
