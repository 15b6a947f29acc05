using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.Rooms;

/// <summary>
/// The messages of one session, numbered from 1, kept until the client acknowledges them so that they can be sent again on its next
/// connection. Bounded: over the limit it has overflowed for good, and the session is over.
/// </summary>
internal sealed class Outbox
{
    public const int MaxMessages = 500;
    public const int MaxBytes = 1024 * 1024;

    private readonly Queue<QueuedMessage> _unacknowledged = [];
    private ClientConnection? _connection;
    private long _acknowledged;
    private int _bytes;

    /// <summary>The number of the last message.</summary>
    public long Sequence { get; private set; }

    public bool Overflowed { get; private set; }

    public int Unacknowledged => _unacknowledged.Count;

    public void Push(RoomMessage message)
    {
        if (Overflowed)
            return;
        var queued = HubJson.Serialize(message with { Sequence = ++Sequence });
        _unacknowledged.Enqueue(queued);
        _bytes += queued.Json.Length;
        Overflowed = _unacknowledged.Count > MaxMessages || _bytes > MaxBytes;
        if (!Overflowed)
            _connection?.Send(queued);
    }

    /// <summary>Every message after <paramref name="lastSequence"/> is still here.</summary>
    public bool CanResumeAfter(long lastSequence) => !Overflowed && lastSequence >= _acknowledged && lastSequence <= Sequence;

    /// <summary>Sends everything after <paramref name="lastSequence"/>, and whatever follows, to this connection.</summary>
    public void Attach(ClientConnection connection, long lastSequence)
    {
        Free(lastSequence);
        _connection = connection;
        connection.Attach(lastSequence);
        foreach (var queued in _unacknowledged)
            connection.Send(queued);
    }

    /// <summary>Keeps what follows for the next connection, unless that has taken over already.</summary>
    public void Detach(ClientConnection connection)
    {
        if (_connection == connection)
            _connection = null;
    }

    /// <summary>The client has dealt with everything up to <paramref name="sequence"/>. False: it cannot have.</summary>
    public bool Acknowledge(long sequence)
    {
        if (sequence < 0 || sequence > Sequence)
            return false;
        // What is not on the socket yet stays counted, or a client that acknowledges without reading would fill the memory.
        Free(Math.Min(sequence, _connection?.LastSent ?? sequence));
        return true;
    }

    private void Free(long sequence)
    {
        while (_unacknowledged.TryPeek(out var oldest) && oldest.Sequence <= sequence)
        {
            _unacknowledged.Dequeue();
            _bytes -= oldest.Json.Length;
        }
        _acknowledged = Math.Max(_acknowledged, sequence);
    }
}
