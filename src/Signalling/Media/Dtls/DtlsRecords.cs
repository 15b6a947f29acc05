using System.Buffers.Binary;

namespace Telemedicine.Media.Dtls;

/// <summary>The frame of DTLS 1.2 records (RFC 6347, section 4.1): type, version, epoch, sequence number, length.</summary>
internal static class DtlsRecords
{
    public const byte Handshake = 22;

    private const int HeaderLength = 13;
    private const int EpochAt = 3;
    private const int LengthAt = 11;

    // RFC 5288, section 3: 8 bytes of explicit nonce and 16 of tag.
    private const int GcmOverhead = 24;

    /// <summary>
    /// Whether a datagram is nothing but whole records that may go to OpenSSL: RFC 7983's range of types, a DTLS version, and if encrypted then long enough to
    /// be. OpenSSL ends the association over an encrypted record that is shorter than its cipher's overhead, so anyone could end it with one forged datagram.
    /// </summary>
    public static bool AreWhole(ReadOnlySpan<byte> datagram)
    {
        if (datagram.IsEmpty)
            return false;
        while (!datagram.IsEmpty)
        {
            if (!TryMeasure(datagram, out int length) || datagram[0] is < 20 or > 63 || datagram[1] != 0xFE)
                return false;
            bool encrypted = BinaryPrimitives.ReadUInt16BigEndian(datagram[EpochAt..]) != 0;
            if (encrypted && length < HeaderLength + GcmOverhead)
                return false;
            datagram = datagram[length..];
        }

        return true;
    }

    /// <param name="length">Of the first record, with its header.</param>
    public static bool TryMeasure(ReadOnlySpan<byte> records, out int length)
    {
        length = 0;
        if (records.Length < HeaderLength)
            return false;
        length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(records[LengthAt..]);
        return length <= records.Length;
    }
}
