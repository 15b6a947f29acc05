using System.Buffers.Binary;

namespace Telemedicine.Media.Rtcp;

/// <summary>
/// Reads what a receiver says about the packets sent to it, one status after another in the order of their numbers
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §3.1). It reads as far as the packet goes, whatever the packet promises.
/// </summary>
internal ref struct TransportFeedbackReader
{
    private const int CommonLength = 8;
    private const int FixedLength = 8;
    private const int ChunkLength = 2;

    // Microseconds.
    private const long Tick = 250;
    private const long ReferenceUnit = 64_000;

    private const int SmallDelta = 1, LargeDelta = 2;

    private ReadOnlySpan<byte> _chunks;
    private ReadOnlySpan<byte> _deltas;
    private int _left;
    private int _chunk;
    private int _leftInChunk;
    private int _bitsPerStatus;

    /// <summary>The number of the first packet that it speaks of.</summary>
    public ushort First { get; private init; }

    /// <summary>How many packets it speaks of: as many times <see cref="TryRead"/> may succeed.</summary>
    public readonly int Count => _left;

    /// <summary>On the receiver's clock, in units of 64 ms; 24 bits, so it wraps.</summary>
    public int Reference { get; private init; }

    /// <summary>When the last packet read arrived: microseconds after <see cref="Reference"/>.</summary>
    public long Arrival { get; private set; }

    public static bool TryParse(in RtcpPacket packet, out TransportFeedbackReader reader)
    {
        reader = default;
        if (packet.Type != RtcpType.TransportFeedback || packet.Count != RtcpFeedbackFormat.TransportWide || packet.Body.Length < CommonLength + FixedLength + ChunkLength)
            return false;
        var information = packet.Body[CommonLength..];
        var count = BinaryPrimitives.ReadUInt16BigEndian(information[2..]);
        var chunks = ChunksLength(information[FixedLength..], count);
        if (chunks < 0)
            return false;
        reader = new TransportFeedbackReader
        {
            First = BinaryPrimitives.ReadUInt16BigEndian(information),
            Reference = (int)(BinaryPrimitives.ReadUInt32BigEndian(information[4..]) >> 8),
            _left = count,
            _chunks = information.Slice(FixedLength, chunks),
            _deltas = information[(FixedLength + chunks)..],
        };
        return true;
    }

    /// <summary>The next packet's status; <see cref="Arrival"/> is then of it, if it was received.</summary>
    /// <returns>False at the end.</returns>
    public bool TryRead(out bool received)
    {
        received = false;
        if (_left == 0)
            return false;
        if (_leftInChunk == 0)
            BeginChunk();
        _left--;
        var status = _bitsPerStatus == 0 ? _chunk : _chunk >> (_leftInChunk - 1) * _bitsPerStatus & (1 << _bitsPerStatus) - 1;
        _leftInChunk--;
        if (status is not (SmallDelta or LargeDelta))
            return true;
        // As many bytes as the status's own value.
        if (_deltas.Length < status)
        {
            _left = 0;
            return false;
        }

        Arrival += Tick * (status == SmallDelta ? _deltas[0] : BinaryPrimitives.ReadInt16BigEndian(_deltas));
        _deltas = _deltas[status..];
        received = true;
        return true;
    }

    /// <summary>Microseconds from one reference to a later one, which may have wrapped; negative when it is an earlier one.</summary>
    public static long Between(int reference, int later) => ((later - reference) << 8 >> 8) * ReferenceUnit;

    /// <returns>How many bytes the chunks of this many statuses take; negative when they are cut short or empty.</returns>
    private static int ChunksLength(ReadOnlySpan<byte> chunks, int statuses)
    {
        var length = 0;
        for (; statuses > 0; length += ChunkLength)
        {
            if (chunks.Length < length + ChunkLength)
                return -1;
            var covered = Statuses(BinaryPrimitives.ReadUInt16BigEndian(chunks[length..]));
            if (covered == 0)
                return -1;
            statuses -= covered;
        }

        return length;
    }

    /// <summary>§3.1.3 and §3.1.4: a run's length, or 14 of one bit, or 7 of two.</summary>
    private static int Statuses(int chunk) => (chunk & 0x8000) == 0 ? chunk & 0x1FFF : (chunk & 0x4000) == 0 ? 14 : 7;

    private void BeginChunk()
    {
        var chunk = BinaryPrimitives.ReadUInt16BigEndian(_chunks);
        _chunks = _chunks[ChunkLength..];
        _leftInChunk = Statuses(chunk);
        _bitsPerStatus = (chunk & 0x8000) == 0 ? 0 : (chunk & 0x4000) == 0 ? 1 : 2;
        _chunk = _bitsPerStatus == 0 ? chunk >> 13 & 3 : chunk;
    }
}
