namespace Telemedicine.Media.Rtp;

/// <summary>
/// The last packets of one producer as they were forwarded, in clear, under the producer's own numbers. One ring serves all its
/// consumers: each knows how its numbers differ. The ring owns its buffers: rented when a packet is kept, returned when it is too old to be asked for. How old
/// that is follows the receivers: these buffers are most of what a participant costs in memory, and on a good network nothing is asked for after half a second.
/// </summary>
internal sealed class RetransmissionRing(PacketPool pool)
{
    /// <summary>The most that are kept: about 1.5 s of 720p video.</summary>
    public const int Capacity = 512;

    /// <summary>Microseconds. A receiver 100 ms away asks within it twice.</summary>
    public const long FirstLifetime = 250_000;

    public const long LongestLifetime = 1_000_000;

    private const int FirstCapacity = 64;

    private Slot[] _slots = new Slot[FirstCapacity];

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
        // What pushes out must not be young itself: then there is more under way than there are places.
        while (_slots.Length < Capacity && SlotOf(number) is { Buffer: not null } taken && taken.Number != number && now - taken.KeptAt < _lifetime)
            Grow();
        ref var slot = ref SlotOf(number);
        if (slot.Buffer is not null && slot.Number > number)
            return;
        slot.Buffer ??= pool.Rent();
        packet.CopyTo(slot.Buffer);
        slot.Length = packet.Length;
        slot.Number = number;
        slot.KeptAt = now;
        _highest = Math.Max(_highest, number);
        _oldest = Math.Max(Math.Min(_oldest, number), _highest - _slots.Length + 1);
        ReturnOld(now - _lifetime);
    }

    /// <returns>Empty when the packet is not kept (any more).</returns>
    public ReadOnlySpan<byte> Find(long number)
    {
        ref var slot = ref SlotOf(number);
        if (slot.Buffer is not null && slot.Number == number)
            return slot.Buffer.AsSpan(0, slot.Length);
        // Asked for too late: this receiver is farther away, so keep packets longer.
        if (number < _oldest && number > _highest - Capacity)
            _lifetime = Math.Min(_lifetime * 2, LongestLifetime);
        return default;
    }

    /// <summary>The receivers are this far away: keep packets until they have been able to ask twice.</summary>
    /// <param name="roundTrip">Microseconds, of the farthest.</param>
    public void KeepFor(long roundTrip) => _lifetime = Math.Max(_lifetime, Math.Min(FirstLifetime + roundTrip * 2, LongestLifetime));

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

    private ref Slot SlotOf(long number) => ref _slots[number & (_slots.Length - 1)];

    private void Grow()
    {
        var before = _slots;
        _slots = new Slot[before.Length * 2];
        foreach (ref var slot in before.AsSpan())
        {
            if (slot.Buffer is not null)
                SlotOf(slot.Number) = slot;
        }
    }

    /// <summary>Each packet kept pushes out those that became too old in the meantime.</summary>
    private void ReturnOld(long before)
    {
        for (; _oldest < _highest; _oldest++)
        {
            ref var slot = ref SlotOf(_oldest);
            if (slot.Buffer is null || slot.Number != _oldest)
                continue;
            if (slot.KeptAt >= before)
                return;
            pool.Return(slot.Buffer);
            slot.Buffer = null;
        }
    }
}
