using System.Buffers.Binary;

namespace Telemedicine.Media.Rtcp;

/// <summary>RTCP packet types (RFC 3550 §12.1, RFC 4585 §6.1).</summary>
internal static class RtcpType
{
    public const byte SenderReport = 200;
    public const byte ReceiverReport = 201;
    public const byte SourceDescription = 202;
    public const byte Goodbye = 203;
    public const byte TransportFeedback = 205;
    public const byte PayloadFeedback = 206;
}

/// <summary>Feedback message types: the count field of packet types 205 and 206.</summary>
internal static class RtcpFeedbackFormat
{
    /// <summary>Generic NACK, type 205 (RFC 4585 §6.2.1).</summary>
    public const byte Nack = 1;

    /// <summary>Transport-wide congestion control, type 205 (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1).</summary>
    public const byte TransportWide = 15;

    /// <summary>Picture loss indication, type 206 (RFC 4585 §6.3.1).</summary>
    public const byte PictureLoss = 1;

    /// <summary>Full intra request, type 206 (RFC 5104 §4.3.1).</summary>
    public const byte FullIntra = 4;
}

/// <summary>One packet of a compound.</summary>
internal readonly ref struct RtcpPacket(byte type, byte count, ReadOnlySpan<byte> body)
{
    public byte Type { get; } = type;

    /// <summary>Report, source or chunk count; for feedback the message type.</summary>
    public byte Count { get; } = count;

    /// <summary>After the first four bytes, without padding.</summary>
    public ReadOnlySpan<byte> Body { get; } = body;
}

/// <summary>Walks the packets of a compound (RFC 3550 §6.1) or reduced-size (RFC 5506) RTCP datagram.</summary>
internal ref struct RtcpReader(ReadOnlySpan<byte> datagram)
{
    private const int HeaderLength = 4;

    private ReadOnlySpan<byte> _rest = datagram;

    /// <returns>False at the end, and at a packet that is malformed or cut short.</returns>
    public bool TryRead(out RtcpPacket packet)
    {
        packet = default;
        if (_rest.Length < HeaderLength || (_rest[0] & 0xC0) != 0x80)
            return false;
        var length = HeaderLength + BinaryPrimitives.ReadUInt16BigEndian(_rest[2..]) * 4;
        if (length > _rest.Length)
            return false;
        var body = _rest[HeaderLength..length];
        if ((_rest[0] & 0x20) != 0)
        {
            if (body.IsEmpty || body[^1] == 0 || body[^1] > body.Length)
                return false;
            body = body[..^body[^1]];
        }

        packet = new RtcpPacket(_rest[1], (byte)(_rest[0] & 0x1F), body);
        _rest = _rest[length..];
        return true;
    }
}
