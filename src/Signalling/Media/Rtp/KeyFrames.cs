namespace Telemedicine.Media.Rtp;

internal enum RtpCodec
{
    Opus,
    Vp8,
    H264,
    Vp9,
    Av1,
}

/// <summary>Tells the packet that begins a key frame from its payload.</summary>
internal static class KeyFrames
{
    /// <returns>True when a decoder can start with this packet. False for audio and for payloads cut short.</returns>
    public static bool StartsAt(RtpCodec codec, ReadOnlySpan<byte> payload) => codec switch
    {
        RtpCodec.Vp8 => Vp8Descriptor.TryParse(payload, out var descriptor) && descriptor.StartsKeyFrame,
        RtpCodec.H264 => StartsH264(payload),
        RtpCodec.Vp9 => StartsVp9(payload),
        RtpCodec.Av1 => StartsAv1(payload),
        _ => false,
    };

    /// <summary>RFC 6184 §5.4: a sequence parameter set or an IDR slice, alone, aggregated (STAP-A) or at the start of a FU-A.</summary>
    private static bool StartsH264(ReadOnlySpan<byte> payload)
    {
        const int StapA = 24, FuA = 28;
        if (payload.Length < 2)
            return false;
        var type = payload[0] & 0x1F;
        if (type == FuA)
            return (payload[1] & 0x80) != 0 && IsH264Start(payload[1] & 0x1F);
        if (type != StapA)
            return IsH264Start(type);
        var rest = payload[1..];
        while (rest.Length > 2)
        {
            if (IsH264Start(rest[2] & 0x1F))
                return true;
            var next = 2 + (rest[0] << 8 | rest[1]);
            if (next > rest.Length)
                return false;
            rest = rest[next..];
        }

        return false;
    }

    private static bool IsH264Start(int nalUnitType) => nalUnitType is 5 or 7;

    /// <summary>RFC 9628 §4.2: first packet (B) of a frame that predicts nothing (P is 0), lowest spatial layer.</summary>
    private static bool StartsVp9(ReadOnlySpan<byte> payload)
    {
        if (payload.IsEmpty)
            return false;
        var first = payload[0];
        var starts = (first & 0x40) == 0 && (first & 0x08) != 0;
        var hasLayers = (first & 0x20) != 0;
        if (!starts || !hasLayers)
            return starts;
        var offset = 1;
        if ((first & 0x80) != 0)
        {
            if (payload.Length <= offset)
                return false;
            offset += (payload[offset] & 0x80) != 0 ? 2 : 1;
        }

        return payload.Length > offset && (payload[offset] & 0x0E) == 0;
    }

    /// <summary>RTP Payload Format For AV1 v1.0, section 4.4: first packet of a coded video sequence (N), which begins no fragment's rest (Z).</summary>
    private static bool StartsAv1(ReadOnlySpan<byte> payload) => payload.Length > 1 && (payload[0] & 0x88) == 0x08;
}
