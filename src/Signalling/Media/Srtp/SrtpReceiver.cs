using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Telemedicine.Media.Srtp;

/// <summary>Unprotects what one peer sends (RFC 3711, RFC 7714). One thread at a time.</summary>
internal sealed class SrtpReceiver(SrtpMasterKey master) : IDisposable
{
    /// <summary>Enough for any browser; it bounds what a hostile peer with valid keys can make us remember.</summary>
    public const int MaxStreams = 1024;

    private static readonly ReplayWindow Unused;

    private readonly SrtpTransform _transform = SrtpTransform.Create(master, sending: false);
    private readonly Dictionary<uint, Windows> _windows = [];
    private Windows? _last;

    public SrtpProfile Profile { get; } = master.Profile;

    /// <summary>Checks and decrypts in place.</summary>
    /// <param name="length">The clear packet's length.</param>
    /// <returns>False for a malformed, forged, replayed or too old packet; nothing is remembered of it, and its bytes are then meaningless.</returns>
    public bool TryUnprotectRtp(Span<byte> packet, out int length)
    {
        length = 0;
        int headerLength = RtpIndex.HeaderLength(packet);
        int clearLength = packet.Length - _transform.TagLength;
        if (headerLength == 0 || headerLength > clearLength)
            return false;
        ushort sequence = BinaryPrimitives.ReadUInt16BigEndian(packet[2..]);
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[8..]);
        Windows? windows = Find(ssrc);
        ref readonly ReplayWindow window = ref windows is null ? ref Unused : ref windows.Rtp;
        if (!RtpIndex.TryGuess(window, sequence, out ulong index)
            || !window.IsFresh(index)
            || !_transform.TryOpenRtp(ssrc, index, packet, headerLength))
            return false;
        windows ??= Add(ssrc);
        if (windows is null)
            return false;
        windows.Rtp.Use(index);
        length = clearLength;
        return true;
    }

    /// <summary>As <see cref="TryUnprotectRtp"/>, for a compound RTCP packet. Packets sent authenticated only are refused: DTLS-SRTP has no such profile.</summary>
    public bool TryUnprotectRtcp(Span<byte> packet, out int length)
    {
        length = 0;
        int clearLength = packet.Length - _transform.TagLength - sizeof(uint);
        if (clearLength < RtpIndex.RtcpClear || !RtpIndex.IsRtcp(packet))
            return false;
        int wordAt = Profile == SrtpProfile.AeadAes128Gcm ? packet.Length - sizeof(uint) : clearLength;
        uint word = BinaryPrimitives.ReadUInt32BigEndian(packet[wordAt..]);
        if ((word & RtpIndex.RtcpEncrypted) == 0)
            return false;
        uint index = word & RtpIndex.RtcpMaximum;
        uint ssrc = BinaryPrimitives.ReadUInt32BigEndian(packet[4..]);
        Windows? windows = Find(ssrc);
        if ((windows is not null && !windows.Rtcp.IsFresh(index)) || !_transform.TryOpenRtcp(ssrc, index, packet))
            return false;
        windows ??= Add(ssrc);
        if (windows is null)
            return false;
        windows.Rtcp.Use(index);
        length = clearLength;
        return true;
    }

    public void Dispose() => _transform.Dispose();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Windows? Find(uint ssrc)
    {
        // Packets come in bursts of one stream.
        if (_last is { } last && last.Ssrc == ssrc)
            return last;
        if (!_windows.TryGetValue(ssrc, out Windows? windows))
            return null;
        return _last = windows;
    }

    private Windows? Add(uint ssrc)
    {
        if (_windows.Count == MaxStreams)
            return null;
        _last = new Windows(ssrc);
        _windows.Add(ssrc, _last);
        return _last;
    }

    private sealed class Windows(uint ssrc)
    {
        public readonly uint Ssrc = ssrc;
        public ReplayWindow Rtp;
        public ReplayWindow Rtcp;
    }
}
