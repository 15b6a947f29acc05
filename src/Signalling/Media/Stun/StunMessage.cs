namespace Telemedicine.Media.Stun;

/// <summary>RFC 8489, section 5: method and class in one number.</summary>
internal enum StunMessageType : ushort
{
    BindingRequest = 0x0001,
    BindingIndication = 0x0011,
    BindingSuccess = 0x0101,
    BindingError = 0x0111,
}

/// <summary>A view of one STUN message (RFC 8489) with the attributes that ICE uses (RFC 8445, section 16.1).</summary>
internal readonly ref struct StunMessage
{
    public StunMessageType Type => throw new NotImplementedException();

    /// <summary>12 bytes.</summary>
    public ReadOnlySpan<byte> TransactionId => throw new NotImplementedException();

    public bool UseCandidate => throw new NotImplementedException();

    public uint? Priority => throw new NotImplementedException();

    public static bool TryParse(ReadOnlySpan<byte> datagram, out StunMessage message) => throw new NotImplementedException();

    /// <summary>Splits a USERNAME of the form receiver:sender (RFC 8445, section 7.2.2). <paramref name="local"/> is the receiver's (our) fragment.</summary>
    public bool TryGetUsername(out ReadOnlySpan<byte> local, out ReadOnlySpan<byte> remote) => throw new NotImplementedException();

    /// <summary>Short-term credential: the key is the password's bytes (RFC 8489, section 9.1.1).</summary>
    public bool HasValidIntegrity(ReadOnlySpan<byte> key) => throw new NotImplementedException();

    public bool HasValidFingerprint() => throw new NotImplementedException();
}
