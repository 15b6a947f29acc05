using System.Buffers.Binary;

namespace Telemedicine.Media.Rtcp;

/// <summary>Reads feedback messages (RFC 4585 §6.1): sender SSRC, media SSRC, feedback control information.</summary>
internal static class FeedbackReader
{
    private const int CommonLength = 8;
    private const int NackEntryLength = 4;
    private const int FullIntraEntryLength = 8;

    /// <returns>True for a PLI, with the stream it is about.</returns>
    public static bool TryReadPictureLoss(in RtcpPacket packet, out uint mediaSsrc)
    {
        mediaSsrc = 0;
        if (packet.Type != RtcpType.PayloadFeedback || packet.Count != RtcpFeedbackFormat.PictureLoss || packet.Body.Length < CommonLength)
            return false;
        mediaSsrc = BinaryPrimitives.ReadUInt32BigEndian(packet.Body[4..]);
        return true;
    }

    /// <param name="index">Which entry of the FIR, from 0.</param>
    /// <returns>True for a FIR that has such an entry, with the stream it is about.</returns>
    public static bool TryReadFullIntra(in RtcpPacket packet, int index, out uint mediaSsrc)
    {
        mediaSsrc = 0;
        var offset = CommonLength + index * FullIntraEntryLength;
        if (packet.Type != RtcpType.PayloadFeedback || packet.Count != RtcpFeedbackFormat.FullIntra || packet.Body.Length < offset + FullIntraEntryLength)
            return false;
        mediaSsrc = BinaryPrimitives.ReadUInt32BigEndian(packet.Body[offset..]);
        return true;
    }

    public static bool TryReadNack(in RtcpPacket packet, out NackReader nack)
    {
        nack = default;
        if (packet.Type != RtcpType.TransportFeedback || packet.Count != RtcpFeedbackFormat.Nack || packet.Body.Length < CommonLength + NackEntryLength)
            return false;
        nack = new NackReader(BinaryPrimitives.ReadUInt32BigEndian(packet.Body[4..]), packet.Body[CommonLength..]);
        return true;
    }

    /// <summary>The sequence numbers of one generic NACK (RFC 4585 §6.2.1).</summary>
    public ref struct NackReader(uint mediaSsrc, ReadOnlySpan<byte> entries)
    {
        private ReadOnlySpan<byte> _rest = entries;
        private ushort _base;
        private uint _following;

        public uint MediaSsrc { get; } = mediaSsrc;

        public bool TryRead(out ushort sequenceNumber)
        {
            if (_following == 0)
            {
                sequenceNumber = 0;
                if (_rest.Length < NackEntryLength)
                    return false;
                _base = BinaryPrimitives.ReadUInt16BigEndian(_rest);
                _following = BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]);
                _rest = _rest[NackEntryLength..];
                sequenceNumber = _base;
                return true;
            }

            var bit = System.Numerics.BitOperations.TrailingZeroCount(_following);
            _following &= _following - 1;
            sequenceNumber = (ushort)(_base + 1 + bit);
            return true;
        }
    }
}
