using System.Buffers.Binary;
using Telemedicine.Media.Srtp;

namespace Telemedicine.Media.Tests.Srtp;

internal static class SrtpVectors
{
    /// <summary>RFC 3711, appendix B.3.</summary>
    public static readonly byte[] MasterKey = Hex("E1F97A0D3E018BE0D64FA32C06DE4139");

    public static readonly byte[] MasterSalt = Hex("0EC675AD498AFEEBB6960B3AABE6");

    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    public static SrtpMasterKey Master(SrtpProfile profile) => profile == SrtpProfile.AeadAes128Gcm
        ? new(profile, MasterKey, MasterSalt[..12])
        : new(profile, MasterKey, MasterSalt);

    /// <summary>An RTP packet without CSRCs and extension, the payload filled with the sequence number's low byte.</summary>
    public static byte[] Rtp(uint ssrc, ushort sequence, int payloadLength = 100)
    {
        byte[] packet = new byte[12 + payloadLength];
        packet[0] = 0x80;
        packet[1] = 96;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), sequence);
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(8), ssrc);
        packet.AsSpan(12).Fill((byte)sequence);
        return packet;
    }

    /// <summary>An empty receiver report.</summary>
    public static byte[] Rtcp(uint ssrc)
    {
        byte[] packet = [0x80, 201, 0, 1, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(packet.AsSpan(4), ssrc);
        return packet;
    }

    public static byte[] Protect(this SrtpSender sender, SrtpStream stream, byte[] packet)
    {
        byte[] buffer = new byte[packet.Length + SrtpSender.MaxOverhead];
        packet.CopyTo(buffer, 0);
        return buffer[..sender.ProtectRtp(stream, buffer, packet.Length)];
    }

    public static byte[] ProtectControl(this SrtpSender sender, byte[] packet)
    {
        byte[] buffer = new byte[packet.Length + SrtpSender.MaxOverhead];
        packet.CopyTo(buffer, 0);
        return buffer[..sender.ProtectRtcp(buffer, packet.Length)];
    }

    /// <summary>The clear packet, or null when refused; the given bytes are left alone.</summary>
    public static byte[]? Unprotect(this SrtpReceiver receiver, byte[] packet)
    {
        byte[] buffer = [.. packet];
        return receiver.TryUnprotectRtp(buffer, out int length) ? buffer[..length] : null;
    }

    public static byte[]? UnprotectControl(this SrtpReceiver receiver, byte[] packet)
    {
        byte[] buffer = [.. packet];
        return receiver.TryUnprotectRtcp(buffer, out int length) ? buffer[..length] : null;
    }
}
