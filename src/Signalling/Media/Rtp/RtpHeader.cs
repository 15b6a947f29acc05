using System.Buffers.Binary;

namespace Telemedicine.Media.Rtp;

/// <summary>Where the parts of one RTP packet are (RFC 3550 §5.1). Offsets and lengths are bytes from the packet's start.</summary>
internal readonly struct RtpHeader
{
    public const int FixedLength = 12;

    private const int Version2 = 0x80;
    private const int PaddingBit = 0x20;
    private const int ExtensionBit = 0x10;

    public bool Marker { get; private init; }

    public byte PayloadType { get; private init; }

    public ushort SequenceNumber { get; private init; }

    public uint Timestamp { get; private init; }

    public uint Ssrc { get; private init; }

    /// <summary>The "defined by profile" word of the header extension; 0 without one.</summary>
    public ushort ExtensionProfile { get; private init; }

    /// <summary>Where the extension's elements start; 0 without one.</summary>
    public int ExtensionOffset { get; private init; }

    public int ExtensionLength { get; private init; }

    /// <summary>Where the transport sequence number of a packet that goes out stands; 0: nowhere. Not of parsing: <see cref="HeaderExtensionMap.Rewrite"/> finds it.</summary>
    public int TransportSequenceOffset { get; init; }

    /// <summary>Fixed header, CSRCs and header extension.</summary>
    public int HeaderLength { get; private init; }

    /// <summary>Without padding; 0 for a packet that is only padding.</summary>
    public int PayloadLength { get; private init; }

    public static bool TryParse(ReadOnlySpan<byte> packet, out RtpHeader header)
    {
        header = default;
        if (packet.Length < FixedLength || (packet[0] & 0xC0) != Version2)
            return false;
        var headerLength = FixedLength + (packet[0] & 0x0F) * 4;
        ushort profile = 0;
        var extensionOffset = 0;
        var extensionLength = 0;
        if ((packet[0] & ExtensionBit) != 0)
        {
            if (packet.Length < headerLength + 4)
                return false;
            profile = BinaryPrimitives.ReadUInt16BigEndian(packet[headerLength..]);
            extensionLength = BinaryPrimitives.ReadUInt16BigEndian(packet[(headerLength + 2)..]) * 4;
            extensionOffset = headerLength + 4;
            headerLength = extensionOffset + extensionLength;
        }

        var payloadLength = packet.Length - headerLength;
        if (payloadLength < 0)
            return false;
        if ((packet[0] & PaddingBit) != 0)
        {
            if (payloadLength == 0)
                return false;
            var padding = packet[^1];
            if (padding == 0 || padding > payloadLength)
                return false;
            payloadLength -= padding;
        }

        header = new RtpHeader
        {
            Marker = (packet[1] & 0x80) != 0,
            PayloadType = (byte)(packet[1] & 0x7F),
            SequenceNumber = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]),
            Timestamp = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]),
            Ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]),
            ExtensionProfile = profile,
            ExtensionOffset = extensionOffset,
            ExtensionLength = extensionLength,
            HeaderLength = headerLength,
            PayloadLength = payloadLength,
        };
        return true;
    }

    public ReadOnlySpan<byte> Payload(ReadOnlySpan<byte> packet) => packet.Slice(HeaderLength, PayloadLength);

    public static void WritePayloadType(Span<byte> packet, byte payloadType) => packet[1] = (byte)((packet[1] & 0x80) | payloadType);

    public static void WriteSequenceNumber(Span<byte> packet, ushort sequenceNumber) => BinaryPrimitives.WriteUInt16BigEndian(packet[2..], sequenceNumber);

    public static void WriteTimestamp(Span<byte> packet, uint timestamp) => BinaryPrimitives.WriteUInt32BigEndian(packet[4..], timestamp);

    public static void WriteSsrc(Span<byte> packet, uint ssrc) => BinaryPrimitives.WriteUInt32BigEndian(packet[8..], ssrc);

    public static void ClearPaddingBit(Span<byte> packet) => packet[0] = (byte)(packet[0] & ~PaddingBit);
}
