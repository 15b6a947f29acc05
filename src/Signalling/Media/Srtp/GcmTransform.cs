using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using Telemedicine.Media.OpenSsl;

namespace Telemedicine.Media.Srtp;

/// <summary>AEAD_AES_128_GCM (RFC 7714). The key schedules stay in two OpenSSL contexts; a packet only sets its IV.</summary>
internal sealed unsafe class GcmTransform : SrtpTransform
{
    private const int IvLength = 12;
    private const int GcmTagLength = 16;

    private nint _rtp;
    private nint _rtcp;
    private Salt _rtpSalt;
    private Salt _rtcpSalt;

    /// <param name="sending">Whether it will seal or open.</param>
    public GcmTransform(SrtpSessionKeys rtp, SrtpSessionKeys rtcp, bool sending)
    {
        rtp.Salt.CopyTo(_rtpSalt);
        rtcp.Salt.CopyTo(_rtcpSalt);
        _rtp = NewContext(rtp, sending);
        _rtcp = NewContext(rtcp, sending);
    }

    public override int TagLength => GcmTagLength;

    public override void SealRtp(uint ssrc, ulong index, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        ObjectDisposedException.ThrowIf(_rtp == 0, this);
        byte* iv = stackalloc byte[IvLength];
        WriteIv(_rtpSalt, ssrc, index, iv);
        fixed (byte* start = packet, source = payload)
        {
            int written;
            byte* target = start + headerLength;
            LibCrypto.Require(
                LibCrypto.EvpCipherInit(_rtp, 0, 0, null, iv, -1) == 1
                && LibCrypto.EvpCipherUpdate(_rtp, null, &written, start, headerLength) == 1
                && (payload.IsEmpty || LibCrypto.EvpCipherUpdate(_rtp, target, &written, source, payload.Length) == 1)
                && LibCrypto.EvpCipherFinal(_rtp, target, &written) == 1
                && LibCrypto.EvpCipherCtxCtrl(_rtp, LibCrypto.AeadGetTag, GcmTagLength, target + payload.Length) == 1);
        }
    }

    public override bool TryOpenRtp(uint ssrc, ulong index, Span<byte> packet, int headerLength)
    {
        ObjectDisposedException.ThrowIf(_rtp == 0, this);
        byte* iv = stackalloc byte[IvLength];
        WriteIv(_rtpSalt, ssrc, index, iv);
        fixed (byte* start = packet)
        {
            int written;
            byte* body = start + headerLength;
            int length = packet.Length - headerLength - GcmTagLength;
            return LibCrypto.EvpCipherInit(_rtp, 0, 0, null, iv, -1) == 1
                && LibCrypto.EvpCipherUpdate(_rtp, null, &written, start, headerLength) == 1
                && (length == 0 || LibCrypto.EvpCipherUpdate(_rtp, body, &written, body, length) == 1)
                && LibCrypto.EvpCipherCtxCtrl(_rtp, LibCrypto.AeadSetTag, GcmTagLength, body + length) == 1
                && LibCrypto.EvpCipherFinal(_rtp, body, &written) == 1;
        }
    }

    // RFC 7714, section 9: the clear header and the index word are authenticated; the tag stands between ciphertext and index word.
    public override void SealRtcp(uint ssrc, uint index, Span<byte> packet, int length)
    {
        ObjectDisposedException.ThrowIf(_rtcp == 0, this);
        byte* iv = stackalloc byte[IvLength];
        WriteIv(_rtcpSalt, ssrc, index, iv);
        BinaryPrimitives.WriteUInt32BigEndian(packet[(length + GcmTagLength)..], RtpIndex.RtcpEncrypted | index);
        fixed (byte* start = packet)
        {
            int written;
            byte* body = start + RtpIndex.RtcpClear;
            int bodyLength = length - RtpIndex.RtcpClear;
            LibCrypto.Require(
                LibCrypto.EvpCipherInit(_rtcp, 0, 0, null, iv, -1) == 1
                && LibCrypto.EvpCipherUpdate(_rtcp, null, &written, start, RtpIndex.RtcpClear) == 1
                && LibCrypto.EvpCipherUpdate(_rtcp, null, &written, start + length + GcmTagLength, sizeof(uint)) == 1
                && (bodyLength == 0 || LibCrypto.EvpCipherUpdate(_rtcp, body, &written, body, bodyLength) == 1)
                && LibCrypto.EvpCipherFinal(_rtcp, body, &written) == 1
                && LibCrypto.EvpCipherCtxCtrl(_rtcp, LibCrypto.AeadGetTag, GcmTagLength, start + length) == 1);
        }
    }

    public override bool TryOpenRtcp(uint ssrc, uint index, Span<byte> packet)
    {
        ObjectDisposedException.ThrowIf(_rtcp == 0, this);
        byte* iv = stackalloc byte[IvLength];
        WriteIv(_rtcpSalt, ssrc, index, iv);
        fixed (byte* start = packet)
        {
            int written;
            byte* body = start + RtpIndex.RtcpClear;
            int length = packet.Length - sizeof(uint) - GcmTagLength;
            int bodyLength = length - RtpIndex.RtcpClear;
            return LibCrypto.EvpCipherInit(_rtcp, 0, 0, null, iv, -1) == 1
                && LibCrypto.EvpCipherUpdate(_rtcp, null, &written, start, RtpIndex.RtcpClear) == 1
                && LibCrypto.EvpCipherUpdate(_rtcp, null, &written, start + length + GcmTagLength, sizeof(uint)) == 1
                && (bodyLength == 0 || LibCrypto.EvpCipherUpdate(_rtcp, body, &written, body, bodyLength) == 1)
                && LibCrypto.EvpCipherCtxCtrl(_rtcp, LibCrypto.AeadSetTag, GcmTagLength, start + length) == 1
                && LibCrypto.EvpCipherFinal(_rtcp, body, &written) == 1;
        }
    }

    public override void Dispose()
    {
        LibCrypto.EvpCipherCtxFree(_rtp);
        LibCrypto.EvpCipherCtxFree(_rtcp);
        _rtp = _rtcp = 0;
    }

    private static nint NewContext(SrtpSessionKeys keys, bool sending)
    {
        nint context = LibCrypto.RequireHandle(LibCrypto.EvpCipherCtxNew());
        fixed (byte* key = keys.Encryption)
        {
            int direction = sending ? 1 : 0;
            LibCrypto.Require(
                LibCrypto.EvpCipherInit(context, LibCrypto.EvpAes128Gcm(), 0, null, null, direction) == 1
                && LibCrypto.EvpCipherCtxCtrl(context, LibCrypto.AeadSetIvLength, IvLength, null) == 1
                && LibCrypto.EvpCipherInit(context, 0, 0, key, null, direction) == 1);
        }

        return context;
    }

    // RFC 7714, sections 8.1 and 9.1: 16 zero bits, SSRC, 48-bit index (of which SRTCP uses 31), XOR salt.
    private static void WriteIv(ReadOnlySpan<byte> salt, uint ssrc, ulong index, byte* iv)
    {
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(salt[4..]) ^ index ^ ((ulong)ssrc << 48);
        uint high = BinaryPrimitives.ReadUInt32BigEndian(salt) ^ (ssrc >> 16);
        Unsafe.WriteUnaligned(iv, BinaryPrimitives.ReverseEndianness(high));
        Unsafe.WriteUnaligned(iv + 4, BinaryPrimitives.ReverseEndianness(low));
    }

    [InlineArray(IvLength)]
    private struct Salt
    {
        private byte _first;
    }
}
