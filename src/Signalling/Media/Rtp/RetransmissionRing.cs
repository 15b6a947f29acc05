namespace Telemedicine.Media.Rtp;

/// <summary>
/// The last packets of one producer as they were forwarded, in clear, under the producer's own numbers. One ring serves all its
/// consumers: each knows how its numbers differ. The ring owns its buffers: rented when a packet is kept, returned when it is too old to be asked for. How old
/// that is follows the receivers: these buffers are most of what a participant costs in memory, and on a good network nothing is asked for after half a second.
/// </summary>
internal sealed class RetransmissionRing(PacketPool pool)
{
    /// <summary>About 1.5 s of 720p video.</summary>
    public const int Capacity = 512;

    /// <summary>Microseconds. A receiver 300 ms away asks within it.</summary>
    public const long FirstLifetime = 500_000;

    public const long LongestLifetime = 1_000_000;

    private readonly Slot[] _slots = new Slot[Capacity];

    private long _lifetime = FirstLifetime;

    /// <summary>No packet below it is kept.</summary>
    private long _oldest = long.MaxValue;
    private long _highest = -1;

    private struct Slot
    {
        public byte[]? Buffer;
        public int Length;
        public long Number;
        public long KeptAt;
    }

    /// <param name="number">Unwrapped sequence number.</param>
    public void Keep(long number, ReadOnlySpan<byte> packet, long now)
    {
        if (packet.Length > PacketPool.BufferSize)
            return;
        ref var slot = ref _slots[number & (Capacity - 1)];
        if (slot.Buffer is not null && slot.Number > number)
            return;
        slot.Buffer ??= pool.Rent();
        packet.CopyTo(slot.Buffer);
        slot.Length = packet.Length;
        slot.Number = number;
        slot.KeptAt = now;
        _highest = Math.Max(_highest, number);
        _oldest = Math.Max(Math.Min(_oldest, number), _highest - Capacity + 1);
        ReturnOld(now - _lifetime);
    }

    /// <returns>Empty when the packet is not kept (any more).</returns>
    public ReadOnlySpan<byte> Find(long number)
    {
        ref var slot = ref _slots[number & (Capacity - 1)];
        if (slot.Buffer is not null && slot.Number == number)
            return slot.Buffer.AsSpan(0, slot.Length);
        // Asked for too late: this receiver is farther away, so keep packets longer.
        if (number < _oldest && number > _highest - Capacity)
            _lifetime = Math.Min(_lifetime * 2, LongestLifetime);
        return default;
    }

    /// <summary>Returns the buffers of packets kept before <paramref name="before"/> (microseconds).</summary>
    public void Trim(long before)
    {
        foreach (ref var slot in _slots.AsSpan())
        {
            if (slot.Buffer is null || slot.KeptAt >= before)
                continue;
            pool.Return(slot.Buffer);
            slot.Buffer = null;
        }
    }

    public void Clear()
    {
        Trim(long.MaxValue);
        _oldest = long.MaxValue;
        _highest = -1;
    }

    /// <summary>Each packet kept pushes out those that became too old in the meantime.</summary>
    private void ReturnOld(long before)
    {
        for (; _oldest < _highest; _oldest++)
        {
            ref var slot = ref _slots[_oldest & (Capacity - 1)];
            if (slot.Buffer is null || slot.Number != _oldest)
                continue;
            if (slot.KeptAt >= before)
                return;
            pool.Return(slot.Buffer);
            slot.Buffer = null;
        }
    }
}
