namespace Telemedicine.Media.Rtp;

/// <summary>
/// The last packets of one producer as they were forwarded, in clear, under the producer's own numbers. One ring serves all its
/// consumers: each knows how its numbers differ. The ring owns its buffers: rented when a packet is kept, returned by Trim and Clear.
/// </summary>
internal sealed class RetransmissionRing(PacketPool pool)
{
    /// <summary>About 1.5 s of 720p video.</summary>
    public const int Capacity = 512;

    private readonly Slot[] _slots = new Slot[Capacity];

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
    }

    /// <returns>Empty when the packet is not kept (any more).</returns>
    public ReadOnlySpan<byte> Find(long number)
    {
        ref var slot = ref _slots[number & (Capacity - 1)];
        return slot.Buffer is null || slot.Number != number ? default : slot.Buffer.AsSpan(0, slot.Length);
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

    public void Clear() => Trim(long.MaxValue);
}
