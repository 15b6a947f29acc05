using System.Buffers.Binary;

namespace Telemedicine.Media.Tests;

/// <summary>Builds RTP packets byte by byte, so that tests do not check the parser against itself.</summary>
internal static class TestPackets
{
    /// <param name="extension">The whole extension: profile, length and elements; a multiple of four bytes.</param>
    /// <param name="padding">Bytes of padding, its own length included; 0: none.</param>
    public static byte[] Rtp(
        byte payloadType, ushort sequenceNumber, uint timestamp, uint ssrc, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> extension = default, byte padding = 0, bool marker = false)
    {
        var packet = new byte[12 + extension.Length + payload.Length + padding];
        packet[0] = (byte)(0x80 | (padding > 0 ? 0x20 : 0) | (extension.IsEmpty ? 0 : 0x10));
        packet[1] = (byte)(payloadType | (marker ? 0x80 : 0));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), timestamp);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        extension.CopyTo(packet.AsSpan(12));
        payload.CopyTo(packet.AsSpan(12 + extension.Length));
        if (padding > 0)
            packet[^1] = padding;
        return packet;
    }

    /// <summary>A one-byte-form extension (RFC 8285 §4.2), padded to a multiple of four.</summary>
    public static byte[] OneByteExtension(params (byte Id, byte[] Data)[] elements)
    {
        var body = elements.SelectMany(element => (byte[])[(byte)((element.Id << 4) | (element.Data.Length - 1)), .. element.Data]);
        return Extension(0xBEDE, [.. body]);
    }

    /// <summary>A two-byte-form extension (RFC 8285 §4.3).</summary>
    public static byte[] TwoByteExtension(params (byte Id, byte[] Data)[] elements)
    {
        var body = elements.SelectMany(element => (byte[])[element.Id, (byte)element.Data.Length, .. element.Data]);
        return Extension(0x1000, [.. body]);
    }

    private static byte[] Extension(ushort profile, byte[] body)
    {
        var words = (body.Length + 3) / 4;
        var extension = new byte[4 + words * 4];
        BinaryPrimitives.WriteUInt16BigEndian(extension, profile);
        BinaryPrimitives.WriteUInt16BigEndian(extension.AsSpan(2), (ushort)words);
        body.CopyTo(extension, 4);
        return extension;
    }
}
