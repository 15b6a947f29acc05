using System.Buffers.Binary;

namespace Telemedicine.Media.Net;

/// <summary>RFC 4571, section 2: each datagram in a stream behind 16 bits of its length.</summary>
internal static class TcpFraming
{
    public const int HeaderLength = 2;

    public static void WriteHeader(Span<byte> frame, int length) => BinaryPrimitives.WriteUInt16BigEndian(frame, (ushort)length);

    /// <summary>Looks for the first frame of what was received.</summary>
    /// <param name="frame">Without its header; empty when it is not yet complete, or carries nothing.</param>
    /// <param name="consumed">How many bytes it took; 0 when it is not yet complete.</param>
    /// <returns>False for a frame that is longer than any datagram of ours: the stream is none of this protocol.</returns>
    public static bool TryRead(Span<byte> received, out Span<byte> frame, out int consumed)
    {
        frame = default;
        consumed = 0;
        if (received.Length < HeaderLength)
            return true;
        int length = BinaryPrimitives.ReadUInt16BigEndian(received);
        if (length > UdpLayer.MaxDatagram)
            return false;
        if (received.Length < HeaderLength + length)
            return true;
        frame = received.Slice(HeaderLength, length);
        consumed = HeaderLength + length;
        return true;
    }
}
