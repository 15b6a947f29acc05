using System.Buffers.Binary;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Stun;

/// <summary>Writes one STUN message into a buffer, attribute by attribute; integrity and fingerprint come last.</summary>
internal ref struct StunWriter
{
    private readonly Span<byte> _buffer;

    public StunWriter(Span<byte> buffer, StunMessageType type, ReadOnlySpan<byte> transactionId)
    {
        _buffer = buffer;
        BinaryPrimitives.WriteUInt16BigEndian(buffer, (ushort)type);
        BinaryPrimitives.WriteUInt32BigEndian(buffer[4..], StunFormat.MagicCookie);
        transactionId.CopyTo(buffer[StunFormat.TransactionIdAt..]);
        Length = StunFormat.HeaderLength;
        StunFormat.WriteLength(buffer, Length);
    }

    /// <summary>Of the message so far.</summary>
    public int Length { get; private set; }

    public void Add(ushort type, scoped ReadOnlySpan<byte> value)
    {
        int padded = (value.Length + 3) & ~3;
        Span<byte> attribute = _buffer.Slice(Length, 4 + padded);
        attribute.Clear();
        BinaryPrimitives.WriteUInt16BigEndian(attribute, type);
        BinaryPrimitives.WriteUInt16BigEndian(attribute[2..], (ushort)value.Length);
        value.CopyTo(attribute[4..]);
        Length += attribute.Length;
        StunFormat.WriteLength(_buffer, Length);
    }

    /// <summary>RFC 8489, section 14.2.</summary>
    public void AddXorMappedAddress(PeerAddress address)
    {
        Span<byte> value = stackalloc byte[20];
        Span<byte> whole = stackalloc byte[16];
        address.WriteAddress(whole);
        ReadOnlySpan<byte> plain = address.IsIPv4 ? whole[12..] : whole;

        // The mask is magic cookie and transaction id, as they stand in the header.
        ReadOnlySpan<byte> mask = _buffer.Slice(4, 16);
        value[0] = 0;
        value[1] = (byte)(address.IsIPv4 ? 1 : 2);
        BinaryPrimitives.WriteUInt16BigEndian(value[2..], (ushort)(address.Port ^ (int)(StunFormat.MagicCookie >> 16)));
        for (int n = 0; n < plain.Length; n++)
            value[4 + n] = (byte)(plain[n] ^ mask[n]);
        Add(StunFormat.XorMappedAddress, value[..(4 + plain.Length)]);
    }

    /// <summary>RFC 8489, section 14.8; the reason phrase is left empty, programs read the number.</summary>
    public void AddErrorCode(int code) => Add(StunFormat.ErrorCode, [0, 0, (byte)(code / 100), (byte)(code % 100)]);

    public void AddIntegrity(scoped ReadOnlySpan<byte> key)
    {
        Span<byte> mac = stackalloc byte[StunFormat.IntegrityLength];
        StunFormat.ComputeIntegrity(_buffer[..Length], key, mac);
        Add(StunFormat.MessageIntegrity, mac);
    }

    public void AddFingerprint()
    {
        StunFormat.WriteLength(_buffer, Length + 8);
        Span<byte> value = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(value, StunFormat.ComputeFingerprint(_buffer[..Length]));
        Add(StunFormat.Fingerprint, value);
    }
}
