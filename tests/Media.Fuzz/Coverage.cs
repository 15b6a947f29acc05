namespace Telemedicine.Media.Fuzz;

/// <summary>How often each block of the media library's code ran; the counters that <see cref="InstrumentedMedia"/> puts in call it.</summary>
public static class Coverage
{
    private const int Capacity = 1 << 15;

    private static readonly byte[] Counts = new byte[Capacity];

    /// <summary>What any input so far has shown of each block: a bit for each order of magnitude of its count.</summary>
    private static readonly byte[] Seen = new byte[Capacity];

    /// <summary>Blocks that have counters.</summary>
    public static int Blocks { get; set; }

    /// <summary>Blocks that ran at all.</summary>
    public static int BlocksSeen => Seen.Count(seen => seen != 0);

    public static void Hit(int block)
    {
        ref var count = ref Counts[block & (Capacity - 1)];
        if (count < byte.MaxValue)
            count++;
    }

    public static void Begin() => Array.Clear(Counts, 0, Blocks);

    /// <returns>True when the input ran a block, or ran one about so often, for the first time.</returns>
    public static bool TakeNew()
    {
        var found = false;
        for (var block = 0; block < Blocks; block++)
        {
            if (Counts[block] == 0)
                continue;
            var order = (byte)(1 << Math.Min(7, System.Numerics.BitOperations.Log2(Counts[block])));
            if ((Seen[block] & order) != 0)
                continue;
            Seen[block] |= order;
            found = true;
        }

        return found;
    }
}
