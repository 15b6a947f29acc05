using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Telemedicine.Media.Stun;

/// <summary>RFC 8489, section 5: method and class in one number.</summary>
internal enum StunMessageType : ushort
{
    BindingRequest = 0x0001,
    BindingIndication = 0x0011,
    BindingSuccess = 0x0101,
    BindingError = 0x0111,
}

/// <summary>A view of one STUN message (RFC 8489) with the attributes that ICE uses (RFC 8445, section 16.1). Attributes behind MESSAGE-INTEGRITY are not believed.</summary>
internal readonly ref struct StunMessage
{
    /// <summary>Longer ones are refused: a check fits the smallest IPv6 packet, and hashing costs time.</summary>
    public const int MaxLength = 1280;

    private readonly ReadOnlySpan<byte> _datagram;
    private readonly ReadOnlySpan<byte> _username;
    private readonly int _integrityAt;
    private readonly int _fingerprintAt;

    private StunMessage(ReadOnlySpan<byte> datagram, scoped in Attributes found, ReadOnlySpan<byte> username)
    {
        _datagram = datagram;
        _username = username;
        _integrityAt = found.IntegrityAt;
        _fingerprintAt = found.FingerprintAt;
        Priority = found.Priority;
        UseCandidate = found.UseCandidate;
        IsControlled = found.IsControlled;
        UnknownRequired = found.UnknownRequired;
    }

    public StunMessageType Type => (StunMessageType)BinaryPrimitives.ReadUInt16BigEndian(_datagram);

    /// <summary>12 bytes.</summary>
    public ReadOnlySpan<byte> TransactionId => _datagram.Slice(StunFormat.TransactionIdAt, StunFormat.TransactionIdLength);

    public bool UseCandidate { get; }

    public uint? Priority { get; }

    /// <summary>The sender believes to be the controlled side, which a lite agent's peer cannot be.</summary>
    public bool IsControlled { get; }

    /// <summary>An attribute that must be understood and is not (RFC 8489, section 6.3.1); 0 when there is none.</summary>
    public ushort UnknownRequired { get; }

    public bool HasIntegrity => _integrityAt != 0;

    /// <summary>The first two bits and the magic cookie: cheap, for telling STUN from DTLS and RTP (RFC 7983).</summary>
    public static bool LooksLike(ReadOnlySpan<byte> datagram) =>
        datagram.Length >= StunFormat.HeaderLength
        && (datagram[0] & 0xC0) == 0
        && BinaryPrimitives.ReadUInt32BigEndian(datagram[4..]) == StunFormat.MagicCookie;

    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message)
    {
        message = default;
        if (!LooksLike(datagram) || datagram.Length > MaxLength || datagram.Length % 4 != 0
            || BinaryPrimitives.ReadUInt16BigEndian(datagram[2..]) != datagram.Length - StunFormat.HeaderLength)
            return false;
        Attributes found = default;
        ReadOnlySpan<byte> username = default;
        for (int at = StunFormat.HeaderLength; at < datagram.Length;)
        {
            ushort type = BinaryPrimitives.ReadUInt16BigEndian(datagram[at..]);
            int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[(at + 2)..]);
            int next = at + 4 + ((length + 3) & ~3);
            if (next > datagram.Length || found.FingerprintAt != 0)
                return false; // cut off, or something behind the fingerprint (RFC 8489, section 14.7)
            ReadOnlySpan<byte> value = datagram.Slice(at + 4, length);
            if (type == StunFormat.Fingerprint)
            {
                if (length != sizeof(uint))
                    return false;
                found.FingerprintAt = at;
            }
            else if (found.IntegrityAt == 0)
            {
                if (type == StunFormat.Username && username.IsEmpty)
                    username = value;
                else if (!found.TryAdd(type, at, value))
                    return false;
            }

            at = next;
        }

        message = new StunMessage(datagram, found, username);
        return true;
    }

    /// <summary>Splits a USERNAME of the form receiver:sender (RFC 8445, section 7.2.2). <paramref name="local"/> is the receiver's (our) fragment.</summary>
    public bool TryGetUsername(out ReadOnlySpan<byte> local, out ReadOnlySpan<byte> remote)
    {
        int colon = _username.IndexOf((byte)':');
        local = colon > 0 ? _username[..colon] : default;
        remote = colon > 0 ? _username[(colon + 1)..] : default;
        return colon > 0;
    }

    /// <summary>Short-term credential: the key is the password's bytes (RFC 8489, section 9.1.1). False also when the attribute is missing.</summary>
    public bool HasValidIntegrity(ReadOnlySpan<byte> key)
    {
        if (_integrityAt == 0)
            return false;
        Span<byte> expected = stackalloc byte[StunFormat.IntegrityLength];
        StunFormat.ComputeIntegrity(_datagram[.._integrityAt], key, expected);
        return CryptographicOperations.FixedTimeEquals(expected, _datagram.Slice(_integrityAt + 4, StunFormat.IntegrityLength));
    }

    /// <summary>False also when the attribute is missing: ICE wants it in every check (RFC 8445, section 7.1).</summary>
    public bool HasValidFingerprint() =>
        _fingerprintAt != 0
        && BinaryPrimitives.ReadUInt32BigEndian(_datagram[(_fingerprintAt + 4)..]) == StunFormat.ComputeFingerprint(_datagram[.._fingerprintAt]);

    private struct Attributes
    {
        public int IntegrityAt;
        public int FingerprintAt;
        public uint? Priority;
        public bool UseCandidate;
        public bool IsControlled;
        public ushort UnknownRequired;

        public bool TryAdd(ushort type, int at, ReadOnlySpan<byte> value)
        {
            switch (type)
            {
                case StunFormat.MessageIntegrity when value.Length == StunFormat.IntegrityLength:
                    IntegrityAt = at;
                    return true;
                case StunFormat.Priority when value.Length == sizeof(uint):
                    Priority = BinaryPrimitives.ReadUInt32BigEndian(value);
                    return true;
                case StunFormat.UseCandidate when value.IsEmpty:
                    UseCandidate = true;
                    return true;
                case StunFormat.IceControlled when value.Length == sizeof(ulong):
                    IsControlled = true;
                    return true;
                case StunFormat.MessageIntegrity or StunFormat.Priority or StunFormat.UseCandidate or StunFormat.IceControlled:
                    return false;
                case < StunFormat.FirstOptional when !StunFormat.IsKnown(type) && UnknownRequired == 0:
                    UnknownRequired = type;
                    return true;
                default:
                    return true;
            }
        }
    }
}
