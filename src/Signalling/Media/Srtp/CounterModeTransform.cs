using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Telemedicine.Media.OpenSsl;

namespace Telemedicine.Media.Srtp;

/// <summary>AES128_CM_SHA1_80 (RFC 3711): AES in counter mode, then HMAC-SHA1 cut to 80 bits.</summary>
internal sealed unsafe class CounterModeTransform : SrtpTransform
{
    private const int BlockLength = 16;
    private const int MacLength = 20;
    private const int CutTagLength = 10;

    private nint _rtp;
    private nint _rtcp;
    private nint _rtpMac;
    private nint _rtcpMac;
    private Salt _rtpSalt;
    private Salt _rtcpSalt;

    public CounterModeTransform(SrtpSessionKeys rtp, SrtpSessionKeys rtcp)
    {
        // The salts' last two bytes stay 0: that is their multiplication by 2^16.
        rtp.Salt.CopyTo(_rtpSalt);
        rtcp.Salt.CopyTo(_rtcpSalt);
        _rtp = NewCipher(rtp);
        _rtcp = NewCipher(rtcp);
        _rtpMac = NewMac(rtp);
        _rtcpMac = NewMac(rtcp);
    }

    public override int TagLength => CutTagLength;

    public override void SealRtp(uint ssrc, ulong index, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload)
    {
        ObjectDisposedException.ThrowIf(_rtp == 0, this);
        int authenticated = headerLength + payload.Length;
        Crypt(_rtp, _rtpSalt, ssrc, index, payload, packet[headerLength..authenticated]);
        Span<byte> mac = stackalloc byte[MacLength];
        RtpMac(packet[..authenticated], index, mac);
        mac[..CutTagLength].CopyTo(packet[authenticated..]);
    }

    public override bool TryOpenRtp(uint ssrc, ulong index, Span<byte> packet, int headerLength)
    {
        ObjectDisposedException.ThrowIf(_rtp == 0, this);
        int authenticated = packet.Length - CutTagLength;
        Span<byte> mac = stackalloc byte[MacLength];
        RtpMac(packet[..authenticated], index, mac);
        if (!CryptographicOperations.FixedTimeEquals(mac[..CutTagLength], packet[authenticated..]))
            return false;
        Span<byte> body = packet[headerLength..authenticated];
        Crypt(_rtp, _rtpSalt, ssrc, index, body, body);
        return true;
    }

    // RFC 3711, section 3.4: the tag covers the index word and comes after it.
    public override void SealRtcp(uint ssrc, uint index, Span<byte> packet, int length)
    {
        ObjectDisposedException.ThrowIf(_rtcp == 0, this);
        Span<byte> body = packet[RtpIndex.RtcpClear..length];
        Crypt(_rtcp, _rtcpSalt, ssrc, index, body, body);
        BinaryPrimitives.WriteUInt32BigEndian(packet[length..], RtpIndex.RtcpEncrypted | index);
        int authenticated = length + sizeof(uint);
        Span<byte> mac = stackalloc byte[MacLength];
        Mac(_rtcpMac, packet[..authenticated], [], mac);
        mac[..CutTagLength].CopyTo(packet[authenticated..]);
    }

    public override bool TryOpenRtcp(uint ssrc, uint index, Span<byte> packet)
    {
        ObjectDisposedException.ThrowIf(_rtcp == 0, this);
        int authenticated = packet.Length - CutTagLength;
        Span<byte> mac = stackalloc byte[MacLength];
        Mac(_rtcpMac, packet[..authenticated], [], mac);
        if (!CryptographicOperations.FixedTimeEquals(mac[..CutTagLength], packet[authenticated..]))
            return false;
        Span<byte> body = packet[RtpIndex.RtcpClear..(authenticated - sizeof(uint))];
        Crypt(_rtcp, _rtcpSalt, ssrc, index, body, body);
        return true;
    }

    public override void Dispose()
    {
        LibCrypto.EvpCipherCtxFree(_rtp);
        LibCrypto.EvpCipherCtxFree(_rtcp);
        LibCrypto.EvpMacCtxFree(_rtpMac);
        LibCrypto.EvpMacCtxFree(_rtcpMac);
        _rtp = _rtcp = _rtpMac = _rtcpMac = 0;
    }

    // RFC 3711, section 4.1.1: salt * 2^16 XOR SSRC * 2^64 XOR index * 2^16.
    private static void Crypt(nint context, ReadOnlySpan<byte> salt, uint ssrc, ulong index, ReadOnlySpan<byte> source, Span<byte> target)
    {
        if (source.IsEmpty)
            return;
        byte* iv = stackalloc byte[BlockLength];
        ulong high = BinaryPrimitives.ReadUInt64BigEndian(salt) ^ ssrc;
        ulong low = BinaryPrimitives.ReadUInt64BigEndian(salt[8..]) ^ (index << 16);
        Unsafe.WriteUnaligned(iv, BinaryPrimitives.ReverseEndianness(high));
        Unsafe.WriteUnaligned(iv + 8, BinaryPrimitives.ReverseEndianness(low));
        fixed (byte* from = source, to = target)
        {
            int written;
            LibCrypto.Require(
                LibCrypto.EvpCipherInit(context, 0, 0, null, iv, -1) == 1
                && LibCrypto.EvpCipherUpdate(context, to, &written, from, source.Length) == 1);
        }
    }

    // RFC 3711, section 4.2: the rollover counter is authenticated but not sent.
    private void RtpMac(ReadOnlySpan<byte> packet, ulong index, Span<byte> mac)
    {
        Span<byte> rollover = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(rollover, (uint)(index >> 16));
        Mac(_rtpMac, packet, rollover, mac);
    }

    private static void Mac(nint context, ReadOnlySpan<byte> packet, ReadOnlySpan<byte> suffix, Span<byte> mac)
    {
        fixed (byte* packetPointer = packet, suffixPointer = suffix, macPointer = mac)
        {
            nuint written;
            LibCrypto.Require(
                LibCrypto.EvpMacInit(context, null, 0, null) == 1
                && LibCrypto.EvpMacUpdate(context, packetPointer, (nuint)packet.Length) == 1
                && (suffix.IsEmpty || LibCrypto.EvpMacUpdate(context, suffixPointer, (nuint)suffix.Length) == 1)
                && LibCrypto.EvpMacFinal(context, macPointer, &written, MacLength) == 1);
        }
    }

    private static nint NewCipher(SrtpSessionKeys keys)
    {
        nint context = LibCrypto.RequireHandle(LibCrypto.EvpCipherCtxNew());
        fixed (byte* key = keys.Encryption)
            LibCrypto.Require(LibCrypto.EvpCipherInit(context, LibCrypto.EvpAes128Ctr(), 0, key, null, 1) == 1);
        return context;
    }

    private static nint NewMac(SrtpSessionKeys keys)
    {
        fixed (byte* name = "HMAC"u8, digestKey = "digest"u8, digest = "SHA1"u8, key = keys.Authentication)
        {
            nint algorithm = LibCrypto.RequireHandle(LibCrypto.EvpMacFetch(0, name, null));
            nint context = LibCrypto.RequireHandle(LibCrypto.EvpMacCtxNew(algorithm));
            LibCrypto.EvpMacFree(algorithm); // the context holds its own reference
            LibCrypto.OsslParam* parameters = stackalloc LibCrypto.OsslParam[2];
            parameters[0] = new() { Key = digestKey, DataType = LibCrypto.OsslParam.Utf8String, Data = digest, DataSize = 4 };
            parameters[1] = default;
            LibCrypto.Require(LibCrypto.EvpMacInit(context, key, (nuint)keys.Authentication.Length, parameters) == 1);
            return context;
        }
    }

    [InlineArray(BlockLength)]
    private struct Salt
    {
        private byte _first;
    }
}
