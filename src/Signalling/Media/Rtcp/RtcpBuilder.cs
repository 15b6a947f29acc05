using System.Buffers.Binary;

namespace Telemedicine.Media.Rtcp;

/// <summary>Writes a compound or reduced-size RTCP datagram. The destination must have room: 1,200 bytes hold all this SFU sends at once.</summary>
internal ref struct RtcpBuilder(Span<byte> destination)
{
    /// <summary>The report count is five bits.</summary>
    public const int MaximumReportBlocks = 31;

    private const int HeaderLength = 4;
    private const byte CnameItem = 1;

    private readonly Span<byte> _destination = destination;

    public int Length { get; private set; }

    public void SenderReport(in SenderReport report)
    {
        var body = Begin(RtcpType.SenderReport, 0, Rtcp.SenderReport.Length);
        report.Write(body);
    }

    /// <param name="senderSsrc">Ours.</param>
    public void ReceiverReport(uint senderSsrc, scoped ReadOnlySpan<ReportBlock> blocks)
    {
        var body = Begin(RtcpType.ReceiverReport, blocks.Length, sizeof(uint) + blocks.Length * ReportBlock.Length);
        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        for (var i = 0; i < blocks.Length; i++)
            blocks[i].Write(body[(sizeof(uint) + i * ReportBlock.Length)..]);
    }

    /// <summary>One chunk with the canonical name (RFC 3550 §6.5.1).</summary>
    /// <param name="cname">At most 255 bytes of UTF-8.</param>
    public void CanonicalName(uint ssrc, scoped ReadOnlySpan<byte> cname)
    {
        // At least one zero ends the chunk, and zeros fill it to a multiple of four.
        var length = sizeof(uint) + (2 + cname.Length + 1 + 3) / 4 * 4;
        var body = Begin(RtcpType.SourceDescription, 1, length);
        body.Clear();
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
        body[4] = CnameItem;
        body[5] = (byte)cname.Length;
        cname.CopyTo(body[6..]);
    }

    public void Goodbye(uint ssrc)
    {
        var body = Begin(RtcpType.Goodbye, 1, sizeof(uint));
        BinaryPrimitives.WriteUInt32BigEndian(body, ssrc);
    }

    public void PictureLoss(uint senderSsrc, uint mediaSsrc) =>
        BeginFeedback(RtcpType.PayloadFeedback, RtcpFeedbackFormat.PictureLoss, senderSsrc, mediaSsrc, 0);

    /// <param name="command">A repeat of the same request has the same number (RFC 5104 §4.3.1.1).</param>
    public void FullIntra(uint senderSsrc, uint mediaSsrc, byte command)
    {
        var entry = BeginFeedback(RtcpType.PayloadFeedback, RtcpFeedbackFormat.FullIntra, senderSsrc, 0, 8);
        BinaryPrimitives.WriteUInt32BigEndian(entry, mediaSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(entry[4..], (uint)command << 24);
    }

    /// <param name="numbers">At least one, in rising order (modulo 2^16).</param>
    public void Nack(uint senderSsrc, uint mediaSsrc, scoped ReadOnlySpan<ushort> numbers)
    {
        var entries = 0;
        for (var i = 0; i < numbers.Length; entries++)
            i = EndOfEntry(numbers, i);
        var information = BeginFeedback(RtcpType.TransportFeedback, RtcpFeedbackFormat.Nack, senderSsrc, mediaSsrc, entries * 4);
        for (var i = 0; i < numbers.Length; information = information[4..])
        {
            var end = EndOfEntry(numbers, i);
            var mask = 0;
            for (var following = i + 1; following < end; following++)
                mask |= 1 << ((ushort)(numbers[following] - numbers[i]) - 1);
            BinaryPrimitives.WriteUInt16BigEndian(information, numbers[i]);
            BinaryPrimitives.WriteUInt16BigEndian(information[2..], (ushort)mask);
            i = end;
        }
    }

    /// <summary>The room for feedback control information of a feedback message of type 205.</summary>
    public Span<byte> TransportFeedback(byte format, uint senderSsrc, uint mediaSsrc, int length) =>
        BeginFeedback(RtcpType.TransportFeedback, format, senderSsrc, mediaSsrc, length);

    /// <summary>One NACK entry covers a number and the 16 after it.</summary>
    private static int EndOfEntry(ReadOnlySpan<ushort> numbers, int start)
    {
        var end = start + 1;
        while (end < numbers.Length && (ushort)(numbers[end] - numbers[start]) <= 16)
            end++;
        return end;
    }

    private Span<byte> BeginFeedback(byte type, byte format, uint senderSsrc, uint mediaSsrc, int informationLength)
    {
        var body = Begin(type, format, 8 + informationLength);
        BinaryPrimitives.WriteUInt32BigEndian(body, senderSsrc);
        BinaryPrimitives.WriteUInt32BigEndian(body[4..], mediaSsrc);
        return body[8..];
    }

    /// <param name="bodyLength">A multiple of four.</param>
    private Span<byte> Begin(byte type, int count, int bodyLength)
    {
        var packet = _destination.Slice(Length, HeaderLength + bodyLength);
        packet[0] = (byte)(0x80 | count);
        packet[1] = type;
        BinaryPrimitives.WriteUInt16BigEndian(packet[2..], (ushort)(bodyLength / 4));
        Length += packet.Length;
        return packet[HeaderLength..];
    }
}
