using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Telemedicine.Media.Stun;

/// <summary>Numbers of RFC 8489 (sections 5, 14 and 18) and RFC 8445 (section 16.1), and its two checksums.</summary>
internal static class StunFormat
{
    public const int HeaderLength = 20;
    public const int TransactionIdAt = 8;
    public const int TransactionIdLength = 12;
    public const uint MagicCookie = 0x2112_A442;

    public const ushort MappedAddress = 0x0001;
    public const ushort Username = 0x0006;
    public const ushort MessageIntegrity = 0x0008;
    public const ushort ErrorCode = 0x0009;
    public const ushort UnknownAttributes = 0x000A;
    public const ushort Realm = 0x0014;
    public const ushort Nonce = 0x0015;
    public const ushort XorMappedAddress = 0x0020;
    public const ushort Priority = 0x0024;
    public const ushort UseCandidate = 0x0025;

    /// <summary>From here on, attributes may be ignored by who does not know them (RFC 8489, section 14).</summary>
    public const ushort FirstOptional = 0x8000;
    public const ushort Fingerprint = 0x8028;
    public const ushort IceControlled = 0x8029;

    public const int IntegrityLength = 20;
    private const uint FingerprintXor = 0x5354_554E;

    private static readonly uint[] Crc32Table = MakeCrc32Table();

    /// <summary>Attributes that must be understood and that this side understands or may ignore in a binding request.</summary>
    public static bool IsKnown(ushort type) =>
        type is Username or MessageIntegrity or Priority or UseCandidate or MappedAddress or XorMappedAddress or ErrorCode or UnknownAttributes or Realm or Nonce;

    /// <summary>HMAC-SHA1 over what stands before the attribute, under a header that counts the attribute in (RFC 8489, section 14.5).</summary>
    public static void ComputeIntegrity(ReadOnlySpan<byte> before, ReadOnlySpan<byte> key, Span<byte> mac)
    {
        Span<byte> covered = stackalloc byte[StunMessage.MaxLength];
        covered = covered[..before.Length];
        before.CopyTo(covered);
        WriteLength(covered, before.Length + 4 + IntegrityLength);
#pragma warning disable CA5350 // STUN's algorithm for ICE
        HMACSHA1.HashData(key, covered, mac);
#pragma warning restore CA5350
    }

    /// <summary>CRC-32 over what stands before the attribute, whose header must already count it in (RFC 8489, section 14.7).</summary>
    public static uint ComputeFingerprint(ReadOnlySpan<byte> before)
    {
        uint crc = uint.MaxValue;
        foreach (byte octet in before)
            crc = Crc32Table[(byte)(crc ^ octet)] ^ (crc >> 8);
        return ~crc ^ FingerprintXor;
    }

    /// <param name="total">The length of the whole message.</param>
    public static void WriteLength(Span<byte> message, int total) =>
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], (ushort)(total - HeaderLength));

    private static uint[] MakeCrc32Table()
    {
        uint[] table = new uint[256];
        for (uint n = 0; n < table.Length; n++)
        {
            uint crc = n;
            for (int bit = 0; bit < 8; bit++)
                crc = (crc & 1) != 0 ? 0xEDB8_8320 ^ (crc >> 1) : crc >> 1;
            table[n] = crc;
        }

        return table;
    }
}
