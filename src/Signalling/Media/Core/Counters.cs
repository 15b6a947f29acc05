namespace Telemedicine.Media.Core;

/// <summary>The running counts of one worker; see <see cref="MediaCounters"/>. Only the worker's thread touches them.</summary>
internal sealed class Counters
{
    public long Received;
    public long Forwarded;
    public long Retransmitted;
    public long NacksSent;
    public long KeyFramesRequested;
    public long HandedOver;
    public long DroppedMalformed;
    public long DroppedStun;
    public long DroppedUnknownAddress;
    public long DroppedNotConnected;
    public long DroppedUnauthenticated;
    public long DroppedUnknownStream;
    public long DroppedDuplicate;
    public long DroppedRetransmissions;
    public long DroppedTooMany;
    public long DroppedHandOver;

    public MediaCounters Read() => new()
    {
        Received = Received,
        Forwarded = Forwarded,
        Retransmitted = Retransmitted,
        NacksSent = NacksSent,
        KeyFramesRequested = KeyFramesRequested,
        DroppedMalformed = DroppedMalformed,
        DroppedStun = DroppedStun,
        DroppedUnknownAddress = DroppedUnknownAddress,
        DroppedNotConnected = DroppedNotConnected,
        DroppedUnauthenticated = DroppedUnauthenticated,
        DroppedUnknownStream = DroppedUnknownStream,
        DroppedDuplicate = DroppedDuplicate,
        DroppedRetransmissions = DroppedRetransmissions,
        DroppedTooMany = DroppedTooMany,
        DroppedHandOver = DroppedHandOver,
        HandedOver = HandedOver,
    };
}
