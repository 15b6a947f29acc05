namespace Telemedicine.Media.Srtp;

/// <summary>Protects what one transport sends (RFC 3711, RFC 7714). One thread at a time.</summary>
internal sealed class SrtpSender(SrtpMasterKey master) : IDisposable
{
    /// <summary>The most bytes that protection adds to an RTP or RTCP packet.</summary>
    public const int MaxOverhead = 20;

    public SrtpProfile Profile { get; } = master.Profile;

    /// <summary>The handle for one outgoing SSRC; keep it with the consumer. An SSRC is given out once per sender, because its packet indexes must never be used again.</summary>
    /// <exception cref="InvalidOperationException">The SSRC was used before.</exception>
    public SrtpStream Stream(uint ssrc) => throw new NotImplementedException();

    /// <summary>Encrypts in place an RTP packet of <paramref name="length"/> bytes; the buffer has at least <see cref="MaxOverhead"/> bytes more.</summary>
    /// <returns>The protected length, or 0 when this index was used before or is too old to know: send nothing.</returns>
    public int ProtectRtp(SrtpStream stream, Span<byte> buffer, int length) => throw new NotImplementedException();

    /// <summary>Encrypts a shared clear payload straight into the send buffer. The header is copied before it.</summary>
    /// <param name="header">The whole RTP header with CSRCs and extension.</param>
    /// <returns>As the other overload.</returns>
    public int ProtectRtp(SrtpStream stream, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> destination) => throw new NotImplementedException();

    /// <summary>Encrypts in place a compound RTCP packet; the buffer has at least <see cref="MaxOverhead"/> bytes more.</summary>
    /// <returns>The protected length, or 0 for a packet too short to be RTCP.</returns>
    public int ProtectRtcp(Span<byte> buffer, int length) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}

/// <summary>The index state of one outgoing SSRC.</summary>
internal sealed class SrtpStream
{
    public uint Ssrc => throw new NotImplementedException();
}
