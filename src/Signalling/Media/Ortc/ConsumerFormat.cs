using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Ortc;

/// <summary>How one producer is sent to one receiver: what both can do.</summary>
internal sealed class ConsumerFormat
{
    public required ProducerFormat Producer { get; init; }

    /// <summary>Whether lost packets are sent again (RFC 4588).</summary>
    public required bool Rtx { get; init; }

    private IReadOnlyList<RtcpFeedback> Feedback { get; init; } = [];

    private IReadOnlyList<RtpHeaderExtensionParameters> Extensions { get; init; } = [];

    /// <exception cref="CannotPlayException">The receiver cannot decode the producer's codec.</exception>
    public static ConsumerFormat Negotiate(ProducerFormat producer, RtpCapabilities? receiver)
    {
        var codec = producer.Codec;
        if (receiver?.Codecs is null)
            throw new CannotPlayException("The receiver named no codecs.");
        var capability = receiver.Codecs.FirstOrDefault(known =>
            known is { MimeType: not null } && codec.Matches(known.MimeType, known.ClockRate, known.Channels, known.Parameters))
            ?? throw new CannotPlayException("The receiver cannot play this media.");
        var extensions = producer.ForwardedExtensions.Where(extension => Has(receiver, codec.Kind, extension.Uri)).ToList();
        // The receiver reports on each packet where it can; where not, it makes an estimate of its own, which needs the send times.
        var hasSequence = extensions.Any(extension => extension.Uri == HeaderExtensionUri.TransportSequence)
            && RouterCodec.Contains(capability.RtcpFeedback, new RtcpFeedback("transport-cc", null));
        var hasSendTime = extensions.Any(extension => extension.Uri == HeaderExtensionUri.AbsoluteSendTime);
        return new ConsumerFormat
        {
            Producer = producer,
            Rtx = codec.RtxPayloadType != 0 && receiver.Codecs.Any(rtx => IsRtxOf(rtx, capability)),
            Extensions = extensions,
            Feedback = [.. codec.Feedback.Where(feedback => feedback.Type switch
            {
                "transport-cc" => hasSequence,
                "goog-remb" => hasSendTime && !hasSequence && RouterCodec.Contains(capability.RtcpFeedback, feedback),
                _ => RouterCodec.Contains(capability.RtcpFeedback, feedback),
            })],
        };
    }

    /// <param name="mid">Unique in the receiver's transport.</param>
    /// <param name="rtxSsrc">Not used without <see cref="Rtx"/>.</param>
    /// <param name="cname">The same for all media of one sender: the receiver plays them in step.</param>
    public RtpParameters ToParameters(string mid, uint ssrc, uint rtxSsrc, string cname)
    {
        var codec = Producer.Codec;
        var codecs = new List<RtpCodecParameters>
        {
            new(codec.MimeType, codec.PayloadType, codec.ClockRate, codec.Channels, Producer.ForwardedParameters, Feedback),
        };
        if (Rtx)
        {
            codecs.Add(new RtpCodecParameters(
                "video/rtx",
                codec.RtxPayloadType,
                codec.ClockRate,
                null,
                new Dictionary<string, System.Text.Json.JsonElement> { ["apt"] = RouterCodec.ToJson(codec.PayloadType) },
                []));
        }

        return new RtpParameters(
            mid,
            codecs,
            Extensions,
            [new RtpEncodingParameters(ssrc, null, Rtx ? new RtxParameters(rtxSsrc) : null, null, null, null)],
            new RtcpParameters(cname, true, true));
    }

    private static bool Has(RtpCapabilities receiver, MediaKind kind, string uri) =>
        receiver.HeaderExtensions?.Any(extension => extension is not null && extension.Kind == kind && extension.Uri == uri) ?? false;

    private static bool IsRtxOf(RtpCodecCapability? rtx, RtpCodecCapability capability) =>
        rtx is not null
        && string.Equals(rtx.MimeType, "video/rtx", StringComparison.OrdinalIgnoreCase)
        && capability.PreferredPayloadType is { } payloadType
        && RouterCodec.ReadInteger(rtx.Parameters, "apt") == payloadType;
}
