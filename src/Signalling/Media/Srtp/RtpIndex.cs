using System.Buffers.Binary;

namespace Telemedicine.Media.Srtp;

/// <summary>Packet indexes and the little of RTP's and RTCP's headers that protection needs.</summary>
internal static class RtpIndex
{
    public const int RtpMinimum = 12;

    /// <summary>RTCP's first header and sender SSRC, which stay in the clear (RFC 3711, section 3.4).</summary>
    public const int RtcpClear = 8;

    /// <summary>The E bit of SRTCP's index word.</summary>
    public const uint RtcpEncrypted = 0x8000_0000;

    /// <summary>The SRTCP index has 31 bits and must not wrap (RFC 3711, section 9.2).</summary>
    public const uint RtcpMaximum = 0x7FFF_FFFF;

    private const ulong Half = 1 << 15;
    private const ulong Cycle = 1 << 16;
    private const ulong Maximum = (1UL << 48) - 1;

    /// <summary>The 48-bit index nearest to the highest one known (RFC 3711, section 3.3.1 and appendix A).</summary>
    /// <returns>False where it would lie before the first or after the last of the key's life.</returns>
    public static bool TryGuess(in ReplayWindow window, ushort sequence, out ulong index)
    {
        index = sequence;
        if (!window.Any)
            return true;
        ulong highest = window.Highest;
        ulong guess = (highest & ~(Cycle - 1)) | sequence;
        if (guess + Half < highest)
            guess += Cycle;
        else if (guess > highest + Half)
        {
            if (guess < Cycle)
                return false;
            guess -= Cycle;
        }

        index = guess;
        return guess <= Maximum;
    }

    /// <summary>The length of fixed header, CSRCs and extension (RFC 3550, section 5.1), or 0 for what is not RTP.</summary>
    public static int HeaderLength(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < RtpMinimum || packet[0] >> 6 != 2)
            return 0;
        int length = RtpMinimum + ((packet[0] & 0x0F) * 4);
        if ((packet[0] & 0x10) != 0)
        {
            if (packet.Length < length + 4)
                return 0;
            length += 4 + (BinaryPrimitives.ReadUInt16BigEndian(packet[(length + 2)..]) * 4);
        }

        return length <= packet.Length ? length : 0;
    }

    public static bool IsRtcp(ReadOnlySpan<byte> packet) => packet.Length >= RtcpClear && packet[0] >> 6 == 2;
}
