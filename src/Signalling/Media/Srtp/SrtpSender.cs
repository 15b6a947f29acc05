using System.Buffers.Binary;

namespace Telemedicine.Media.Srtp;

/// <summary>Protects what one transport sends (RFC 3711, RFC 7714). One thread at a time.</summary>
internal sealed class SrtpSender(SrtpMasterKey master) : IDisposable
{
    /// <summary>The most bytes that protection adds to an RTP or RTCP packet.</summary>
    public const int MaxOverhead = 20;

    private readonly SrtpTransform _transform = SrtpTransform.Create(master, sending: true);
    private readonly HashSet<uint> _given = [];
    private uint _rtcpIndex;

    public SrtpProfile Profile { get; } = master.Profile;

    /// <summary>The handle for one outgoing SSRC; keep it with the consumer. An SSRC is given out once per sender, because its packet indexes must never be used again.</summary>
    /// <exception cref="InvalidOperationException">The SSRC was used before.</exception>
    public SrtpStream Stream(uint ssrc) => _given.Add(ssrc)
        ? new SrtpStream(ssrc)
        : throw new InvalidOperationException("An SSRC can be used once per transport: encrypting two packets under one index would reveal both.");

    /// <summary>Encrypts in place an RTP packet of <paramref name="length"/> bytes; the buffer has at least <see cref="MaxOverhead"/> bytes more.</summary>
    /// <returns>The protected length, or 0 for what is not RTP, or an index that was used before or is too old to tell: send nothing.</returns>
    public int ProtectRtp(SrtpStream stream, Span<byte> buffer, int length)
    {
        int headerLength = RtpIndex.HeaderLength(buffer[..length]);
        return headerLength == 0 ? 0 : Protect(stream, buffer, headerLength, buffer[headerLength..length]);
    }

    /// <summary>Encrypts a shared clear payload straight into the send buffer. The header is copied before it.</summary>
    /// <param name="header">The whole RTP header with CSRCs and extension.</param>
    /// <param name="destination">At least header, payload and <see cref="MaxOverhead"/> bytes.</param>
    /// <returns>As the other overload.</returns>
    public int ProtectRtp(SrtpStream stream, ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, Span<byte> destination)
    {
        if (RtpIndex.HeaderLength(header) != header.Length)
            return 0;
        header.CopyTo(destination);
        return Protect(stream, destination, header.Length, payload);
    }

    /// <summary>Encrypts in place a compound RTCP packet; the buffer has at least <see cref="MaxOverhead"/> bytes more.</summary>
    /// <returns>The protected length, or 0 for what is not RTCP, or after 2^31 packets: send nothing.</returns>
    public int ProtectRtcp(Span<byte> buffer, int length)
    {
        if (!RtpIndex.IsRtcp(buffer[..length]) || _rtcpIndex > RtpIndex.RtcpMaximum)
            return 0;
        int total = length + _transform.TagLength + sizeof(uint);
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(buffer[4..]);

        // One counter for all SSRCs is as good as one each: an index is never used twice.
        _transform.SealRtcp(ssrc, _rtcpIndex++, buffer[..total], length);
        return total;
    }

    public void Dispose() => _transform.Dispose();

    private int Protect(SrtpStream stream, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        if (BinaryPrimitives.ReadUInt32BigEndian(packet[8..]) != stream.Ssrc)
            throw new ArgumentException("The packet is of another SSRC than the stream.", nameof(stream));
        if (!stream.TryUse(BinaryPrimitives.ReadUInt16BigEndian(packet[2..]), out ulong index))
            return 0;
        int total = headerLength + payload.Length + _transform.TagLength;
        _transform.SealRtp(stream.Ssrc, index, packet[..total], headerLength, payload);
        return total;
    }
}

/// <summary>Which packet indexes of one outgoing SSRC were used. Nothing to dispose.</summary>
internal sealed class SrtpStream(uint ssrc)
{
    private ReplayWindow _window;

    public uint Ssrc { get; } = ssrc;

    /// <summary>The index is used up even if the packet is then not sent.</summary>
    internal bool TryUse(ushort sequence, out ulong index)
    {
        if (!RtpIndex.TryGuess(_window, sequence, out index) || !_window.IsFresh(index))
            return false;
        _window.Use(index);
        return true;
    }
}
