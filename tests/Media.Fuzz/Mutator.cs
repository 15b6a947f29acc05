using System.Buffers.Binary;

namespace Telemedicine.Media.Fuzz;

/// <summary>Makes new inputs of known ones, in the ways that break parsers: bits, lengths, limits, pieces left out, doubled or taken from elsewhere.</summary>
internal sealed class Mutator(Random random)
{
    private const int MaximumLength = 4096;

    private static readonly byte[] Limits = [0, 1, 0x0F, 0x10, 0x7F, 0x80, 0x90, 0xBE, 0xC0, 0xFE, 0xFF];
    private static readonly ushort[] WideLimits = [0, 1, 3, 4, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xBEDE, 0x1000, 0xFFFF];

    public byte[] Mutate(byte[] input, IReadOnlyList<byte[]> others)
    {
        var mutant = new List<byte>(input);
        for (var times = 1 << random.Next(4); times > 0; times--)
            Change(mutant, others);
        if (mutant.Count > MaximumLength)
            mutant.RemoveRange(MaximumLength, mutant.Count - MaximumLength);
        return [.. mutant];
    }

    private void Change(List<byte> bytes, IReadOnlyList<byte[]> others)
    {
        if (bytes.Count == 0)
        {
            bytes.Add((byte)random.Next(256));
            return;
        }

        var at = random.Next(bytes.Count);
        switch (random.Next(9))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes[at] = Limits[random.Next(Limits.Length)];
                break;
            case 3:
                bytes[at] += (byte)random.Next(-4, 5);
                break;
            case 4 when at + 1 < bytes.Count:
                Span<byte> wide = stackalloc byte[2];
                BinaryPrimitives.WriteUInt16BigEndian(wide, random.Next(2) == 0 ? WideLimits[random.Next(WideLimits.Length)] : (ushort)random.Next(bytes.Count + 2));
                (bytes[at], bytes[at + 1]) = (wide[0], wide[1]);
                break;
            case 5:
                bytes.RemoveRange(at, random.Next(Math.Min(32, bytes.Count - at) + 1));
                break;
            case 6:
                bytes.InsertRange(random.Next(bytes.Count + 1), bytes.GetRange(at, random.Next(Math.Min(32, bytes.Count - at) + 1)));
                break;
            case 7:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            default:
                Splice(bytes, at, others[random.Next(others.Count)]);
                break;
        }
    }

    private void Splice(List<byte> bytes, int at, byte[] other)
    {
        if (other.Length == 0)
            return;
        var from = random.Next(other.Length);
        var piece = other.AsSpan(from, random.Next(other.Length - from) + 1).ToArray();
        if (random.Next(2) == 0)
            bytes.RemoveRange(at, bytes.Count - at);
        bytes.InsertRange(Math.Min(at, bytes.Count), piece);
    }
}
