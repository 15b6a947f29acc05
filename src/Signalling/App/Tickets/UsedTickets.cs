namespace Telemedicine.Signalling.Tickets;

/// <summary>Remembers which tickets were used, each until it has expired, so that none is used twice on this node.</summary>
public sealed class UsedTickets(TimeProvider time)
{
    /// <summary>Only tickets that Web signed get here, and each stays for about two minutes.</summary>
    public const int Capacity = 100_000;

    private readonly Lock _gate = new();
    private readonly HashSet<Guid> _used = [];
    private readonly PriorityQueue<Guid, DateTimeOffset> _byExpiry = new();

    /// <summary>Uses a ticket up. Null: it is new; else why it is refused.</summary>
    public TicketRefusal? TryUse(Guid id, DateTimeOffset expires)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            while (_byExpiry.TryPeek(out var oldest, out var forgetAt) && forgetAt <= now)
            {
                _byExpiry.Dequeue();
                _used.Remove(oldest);
            }
            if (_used.Contains(id))
                return TicketRefusal.Used;
            if (_used.Count >= Capacity)
                return TicketRefusal.Full;
            _used.Add(id);
            _byExpiry.Enqueue(id, expires + TicketReader.ClockSkew);
            return null;
        }
    }
}
