using System.Buffers.Binary;

namespace Telemedicine.Media.Rtcp;

/// <summary>What a receiver says about one stream (RFC 3550 §6.4.1).</summary>
/// <param name="FractionLost">Since the report before, in 256ths.</param>
/// <param name="CumulativeLost">24 bits, signed.</param>
/// <param name="Jitter">In units of the RTP clock.</param>
/// <param name="LastSenderReport">Middle 32 bits of the last SR's NTP time; 0 without one.</param>
/// <param name="DelaySinceLastSenderReport">In 65,536ths of a second.</param>
internal readonly record struct ReportBlock(
    uint Ssrc,
    byte FractionLost,
    int CumulativeLost,
    uint HighestSequenceNumber,
    uint Jitter,
    uint LastSenderReport,
    uint DelaySinceLastSenderReport)
{
    public const int Length = 24;

    /// <param name="index">Which block of the SR or RR, from 0.</param>
    public static bool TryParse(in RtcpPacket packet, int index, out ReportBlock block)
    {
        block = default;
        var first = packet.Type switch
        {
            RtcpType.SenderReport => SenderReport.Length,
            RtcpType.ReceiverReport => sizeof(uint),
            _ => packet.Body.Length,
        };
        var offset = first + index * Length;
        if (index >= packet.Count || offset + Length > packet.Body.Length)
            return false;
        var body = packet.Body[offset..];
        block = new ReportBlock(
            BinaryPrimitives.ReadUInt32BigEndian(body),
            body[4],
            BinaryPrimitives.ReadInt32BigEndian(body[4..]) << 8 >> 8,
            BinaryPrimitives.ReadUInt32BigEndian(body[8..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[12..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[16..]),
            BinaryPrimitives.ReadUInt32BigEndian(body[20..]));
        return true;
    }

    public void Write(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt32BigEndian(destination, Ssrc);
        BinaryPrimitives.WriteUInt32BigEndian(destination[4..], ((uint)FractionLost << 24) | ((uint)CumulativeLost & 0xFFFFFF));
        BinaryPrimitives.WriteUInt32BigEndian(destination[8..], HighestSequenceNumber);
        BinaryPrimitives.WriteUInt32BigEndian(destination[12..], Jitter);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], LastSenderReport);
        BinaryPrimitives.WriteUInt32BigEndian(destination[20..], DelaySinceLastSenderReport);
    }
}
