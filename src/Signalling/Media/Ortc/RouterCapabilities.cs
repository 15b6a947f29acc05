using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Ortc;

/// <summary>What every router of this SFU can receive and forward.</summary>
internal static class RouterCapabilities
{
    /// <summary>Under which consumers get transport sequence numbers.</summary>
    public const byte TransportSequenceId = 5;

    /// <summary>
    /// One entry a kind; the ids are those of consumers. The router reads the recvonly ones and forwards the others: consumers are told
    /// apart by SSRC, so they need no mid. Transport sequence numbers go out with the router's own values, and on video alone: browsers number the sound that
    /// they send, or not, and report on that which they receive, or not, whatever the other does; a number that is never reported on would pass for loss.
    /// </summary>
    public static IReadOnlyList<RtpHeaderExtension> HeaderExtensions { get; } =
    [
        Extension(MediaKind.Audio, HeaderExtensionUri.Mid, 1, "recvonly"),
        Extension(MediaKind.Video, HeaderExtensionUri.Mid, 1, "recvonly"),
        Extension(MediaKind.Video, HeaderExtensionUri.Rid, 2, "recvonly"),
        Extension(MediaKind.Video, HeaderExtensionUri.RepairedRid, 3, "recvonly"),
        Extension(MediaKind.Audio, HeaderExtensionUri.AbsoluteSendTime, 4, "sendrecv"),
        Extension(MediaKind.Video, HeaderExtensionUri.AbsoluteSendTime, 4, "sendrecv"),
        Extension(MediaKind.Audio, HeaderExtensionUri.TransportSequence, TransportSequenceId, "recvonly"),
        Extension(MediaKind.Video, HeaderExtensionUri.TransportSequence, TransportSequenceId, "sendrecv"),
        Extension(MediaKind.Audio, HeaderExtensionUri.AudioLevel, 10, "sendrecv"),
        Extension(MediaKind.Video, HeaderExtensionUri.VideoOrientation, 11, "sendrecv"),
        Extension(MediaKind.Video, HeaderExtensionUri.TransmissionOffset, 12, "sendrecv"),
        Extension(MediaKind.Video, HeaderExtensionUri.DependencyDescriptor, 13, "sendrecv"),
    ];

    public static RtpCapabilities Value { get; } = new([.. RouterCodec.All.SelectMany(CodecAndRtx)], HeaderExtensions);

    private static IEnumerable<RtpCodecCapability> CodecAndRtx(RouterCodec codec)
    {
        yield return new RtpCodecCapability(codec.Kind, codec.MimeType, codec.PayloadType, codec.ClockRate, codec.Channels, codec.Parameters, codec.Feedback);
        if (codec.RtxPayloadType != 0)
        {
            yield return new RtpCodecCapability(
                codec.Kind,
                "video/rtx",
                codec.RtxPayloadType,
                codec.ClockRate,
                null,
                new Dictionary<string, System.Text.Json.JsonElement> { ["apt"] = RouterCodec.ToJson(codec.PayloadType) },
                []);
        }
    }

    private static RtpHeaderExtension Extension(MediaKind kind, string uri, int id, string direction) => new(kind, uri, id, false, direction);
}
