using System.Buffers.Binary;

namespace Telemedicine.Media.Rtp;

/// <summary>The VP8 payload descriptor of one packet (RFC 7741 §4.2). Offsets are bytes from the payload's start; 0: the field is not there.</summary>
internal readonly struct Vp8Descriptor
{
    private const int Extended = 0x80, StartOfPartition = 0x10, PartitionIndex = 0x07;
    private const int HasPictureId = 0x80, HasTl0 = 0x40, HasTemporal = 0x20, HasKeyIndex = 0x10;
    private const int LongForm = 0x80;
    private const int SyncBit = 0x20, KeyIndexMask = 0x1F;

    /// <summary>The payload header's P bit is 0 in a key frame (§4.3), and this is its first packet.</summary>
    public bool StartsKeyFrame { get; private init; }

    public byte PictureIdOffset { get; private init; }

    public bool HasLongPictureId { get; private init; }

    /// <summary>7 or 15 bits.</summary>
    public ushort PictureId { get; private init; }

    public byte Tl0Offset { get; private init; }

    /// <summary>TL0PICIDX: counts the frames of temporal layer 0.</summary>
    public byte Tl0 { get; private init; }

    /// <summary>Of the octet with TID, Y and KEYIDX, when it has a KEYIDX.</summary>
    public byte KeyIndexOffset { get; private init; }

    /// <summary>KEYIDX, 5 bits: counts the key frames.</summary>
    public byte KeyIndex { get; private init; }

    /// <summary>TID, 0 to 3.</summary>
    public byte TemporalLayer { get; private init; }

    /// <summary>Y: the frame depends on temporal layer 0 only, so a receiver can take its layer up from here.</summary>
    public bool IsLayerSync { get; private init; }

    /// <returns>False for a descriptor cut short.</returns>
    public static bool TryParse(ReadOnlySpan<byte> payload, out Vp8Descriptor descriptor)
    {
        descriptor = default;
        if (payload.IsEmpty)
            return false;
        var offset = 1;
        var extension = 0;
        if ((payload[0] & Extended) != 0)
        {
            if (payload.Length < 2)
                return false;
            extension = payload[1];
            offset = 2;
        }

        int pictureIdOffset = 0, tl0Offset = 0, temporalOffset = 0;
        var isLong = false;
        if ((extension & HasPictureId) != 0)
        {
            if (payload.Length <= offset)
                return false;
            pictureIdOffset = offset;
            isLong = (payload[offset] & LongForm) != 0;
            offset += isLong ? 2 : 1;
        }

        if ((extension & HasTl0) != 0)
            tl0Offset = offset++;
        if ((extension & (HasTemporal | HasKeyIndex)) != 0)
            temporalOffset = offset++;
        if (payload.Length < offset)
            return false;
        var startsFrame = (payload[0] & StartOfPartition) != 0 && (payload[0] & PartitionIndex) == 0;
        var hasTemporal = (extension & HasTemporal) != 0;
        var hasKeyIndex = (extension & HasKeyIndex) != 0;
        descriptor = new Vp8Descriptor
        {
            StartsKeyFrame = startsFrame && payload.Length > offset && (payload[offset] & 0x01) == 0,
            PictureIdOffset = (byte)pictureIdOffset,
            HasLongPictureId = isLong,
            PictureId = pictureIdOffset == 0 ? (ushort)0
                : isLong ? (ushort)(BinaryPrimitives.ReadUInt16BigEndian(payload[pictureIdOffset..]) & 0x7FFF)
                : payload[pictureIdOffset],
            Tl0Offset = (byte)tl0Offset,
            Tl0 = tl0Offset == 0 ? (byte)0 : payload[tl0Offset],
            KeyIndexOffset = hasKeyIndex ? (byte)temporalOffset : (byte)0,
            KeyIndex = hasKeyIndex ? (byte)(payload[temporalOffset] & KeyIndexMask) : (byte)0,
            TemporalLayer = hasTemporal ? (byte)(payload[temporalOffset] >> 6) : (byte)0,
            IsLayerSync = hasTemporal && (payload[temporalOffset] & SyncBit) != 0,
        };
        return true;
    }

    /// <summary>Writes other numbers into the payload that this descriptor was read from, or a copy of it. Each keeps its width.</summary>
    public void Write(Span<byte> payload, int pictureId, int tl0, int keyIndex)
    {
        if (PictureIdOffset != 0)
        {
            if (HasLongPictureId)
                BinaryPrimitives.WriteUInt16BigEndian(payload[PictureIdOffset..], (ushort)(pictureId | 0x8000));
            else
                payload[PictureIdOffset] = (byte)(pictureId & 0x7F);
        }

        if (Tl0Offset != 0)
            payload[Tl0Offset] = (byte)tl0;
        if (KeyIndexOffset != 0)
            payload[KeyIndexOffset] = (byte)((payload[KeyIndexOffset] & ~KeyIndexMask) | (keyIndex & KeyIndexMask));
    }
}
