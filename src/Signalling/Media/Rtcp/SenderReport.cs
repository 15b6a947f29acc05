using System.Buffers.Binary;

namespace Telemedicine.Media.Rtcp;

/// <summary>The sender's part of an SR (RFC 3550 §6.4.1).</summary>
/// <param name="NtpTime">Seconds since 1900 in 32.32 fixed point, on the sender's clock.</param>
/// <param name="RtpTime">The same instant as an RTP timestamp.</param>
internal readonly record struct SenderReport(uint Ssrc, ulong NtpTime, uint RtpTime, uint PacketCount, uint OctetCount)
{
    public const int Length = 24;

    public static bool TryParse(in RtcpPacket packet, out SenderReport report)
    {
        report = default;
        var body = packet.Body;
        if (packet.Type != RtcpType.SenderReport || body.Length < Length)
            return false;
        report = new SenderReport(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            BinaryPrimitives.ReadUInt64BigEndian(body[4..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..]));
        return true;
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Ssrc);
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], NtpTime);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], RtpTime);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], PacketCount);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], OctetCount);
    }
}
