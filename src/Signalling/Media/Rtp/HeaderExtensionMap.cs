namespace Telemedicine.Media.Rtp;

/// <summary>Header extension uris this SFU reads or forwards.</summary>
internal static class HeaderExtensionUri
{
    public const string Mid = "urn:ietf:params:rtp-hdrext:sdes:mid";
    public const string Rid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
    public const string RepairedRid = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
    public const string AbsoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
    public const string TransportSequence = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
    public const string AudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
    public const string VideoOrientation = "urn:3gpp:video-orientation";
    public const string TransmissionOffset = "urn:ietf:params:rtp-hdrext:toffset";
    public const string DependencyDescriptor = "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
}

/// <summary>One producer's header extension ids, and what becomes of each when a packet is forwarded.</summary>
internal sealed class HeaderExtensionMap
{
    private readonly byte[] _outgoing = new byte[256];

    /// <summary>Incoming ids; 0: the producer does not send it.</summary>
    public byte Mid { get; init; }

    public byte Rid { get; init; }

    public byte RepairedRid { get; init; }

    public byte TransportSequence { get; init; }

    public byte AbsoluteSendTime { get; init; }

    public byte AudioLevel { get; init; }

    /// <param name="outgoing">1 to 14, so that both header forms can carry it.</param>
    public void Forward(byte incoming, byte outgoing) => _outgoing[incoming] = outgoing;

    /// <summary>
    /// Gives every element its outgoing id, in place. Elements that are not forwarded become padding (zeros), so the packet keeps
    /// its length; the absolute send time becomes this hop's.
    /// </summary>
    /// <param name="now">Microseconds.</param>
    /// <returns>Where the transport sequence number stands, for each receiver to be given its own; 0: nowhere.</returns>
    public int Rewrite(Span<byte> packet, in RtpHeader header, long now)
    {
        var transportSequence = 0;
        if (header.ExtensionLength == 0)
            return transportSequence;
        var elements = new HeaderExtensionReader(packet, header);
        while (elements.MoveNext())
        {
            var id = _outgoing[elements.Id];
            var element = packet[elements.ElementOffset..(elements.DataOffset + elements.DataLength)];
            if (id == 0)
            {
                element.Clear();
                continue;
            }

            if (elements.Id == AbsoluteSendTime && elements.DataLength == 3)
                WriteAbsoluteSendTime(element[^3..], now);
            if (elements.Id == TransportSequence && elements.DataLength == sizeof(ushort))
                transportSequence = elements.DataOffset;
            element[0] = elements.IsOneByteForm ? (byte)((id << 4) | (element[0] & 0x0F)) : id;
        }

        return transportSequence;
    }

    /// <summary>24 bits of seconds in 6.18 fixed point.</summary>
    private static void WriteAbsoluteSendTime(Span<byte> destination, long now)
    {
        var time = (uint)((now % 64_000_000 << 18) / 1_000_000);
        destination[0] = (byte)(time >> 16);
        destination[1] = (byte)(time >> 8);
        destination[2] = (byte)time;
    }
}
