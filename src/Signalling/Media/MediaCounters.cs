namespace Telemedicine.Media;

/// <summary>What a node's packets came to, since it started. Each is a number of packets; a received datagram that is not used is in exactly one of the Dropped counts.</summary>
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

    /// <summary>Datagrams that came to one worker's socket and belonged to another: each cost a copy.</summary>
    public long HandedOver { get; init; }

    /// <summary>To be handed over to a worker that had no room for them.</summary>
    public long DroppedHandOver { get; init; }

    /// <summary>What the system did not take to send, and what receivers over TCP were too slow for.</summary>
    public long DroppedSends { get; init; }

    /// <summary>STUN or DTLS beyond what may be worked on in a second before anybody has proved anything.</summary>
    public long DroppedTooMany { get; init; }

    public static MediaCounters operator +(MediaCounters left, MediaCounters right) => new()
    {
        Received = left.Received + right.Received,
        Forwarded = left.Forwarded + right.Forwarded,
        Retransmitted = left.Retransmitted + right.Retransmitted,
        NacksSent = left.NacksSent + right.NacksSent,
        KeyFramesRequested = left.KeyFramesRequested + right.KeyFramesRequested,
        DroppedMalformed = left.DroppedMalformed + right.DroppedMalformed,
        DroppedStun = left.DroppedStun + right.DroppedStun,
        DroppedUnknownAddress = left.DroppedUnknownAddress + right.DroppedUnknownAddress,
        DroppedNotConnected = left.DroppedNotConnected + right.DroppedNotConnected,
        DroppedUnauthenticated = left.DroppedUnauthenticated + right.DroppedUnauthenticated,
        DroppedUnknownStream = left.DroppedUnknownStream + right.DroppedUnknownStream,
        DroppedDuplicate = left.DroppedDuplicate + right.DroppedDuplicate,
        DroppedRetransmissions = left.DroppedRetransmissions + right.DroppedRetransmissions,
        HandedOver = left.HandedOver + right.HandedOver,
        DroppedHandOver = left.DroppedHandOver + right.DroppedHandOver,
        DroppedSends = left.DroppedSends + right.DroppedSends,
        DroppedTooMany = left.DroppedTooMany + right.DroppedTooMany,
    };
}
