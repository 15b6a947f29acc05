using System.Text.Json;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Ortc;

/// <param name="Ssrc">0: known when the first packet with this rid comes.</param>
/// <param name="RtxSsrc">0: none, or not known yet.</param>
internal readonly record struct ProducerEncoding(uint Ssrc, uint RtxSsrc, string? Rid);

/// <summary>A producer's RtpParameters, checked: what the packet path must know of them.</summary>
internal sealed class ProducerFormat
{
    private const int MaximumEncodings = 4;
    private const int MaximumEntries = 32;
    private const int MaximumMidLength = 16;

    /// <summary>Opus parameters that are passed on to receivers, all whole numbers (RFC 7587 §6.1).</summary>
    private static readonly string[] OpusParameters =
        ["useinbandfec", "usedtx", "stereo", "sprop-stereo", "minptime", "maxptime", "ptime", "maxplaybackrate", "sprop-maxcapturerate", "maxaveragebitrate", "cbr"];

    public required RouterCodec Codec { get; init; }

    public required byte PayloadType { get; init; }

    /// <summary>0: the producer does not retransmit.</summary>
    public required byte RtxPayloadType { get; init; }

    public required string? Mid { get; init; }

    /// <summary>At least one; several are simulcast, lowest first.</summary>
    public required IReadOnlyList<ProducerEncoding> Encodings { get; init; }

    /// <summary>
    /// Consumers can get one of several layers: simulcast of a codec whose numbers this SFU can rewrite, or VP8 with temporal layers. VP9 and AV1
    /// are passed through as they come, all layers of a stream together; of their simulcast the lowest.
    /// </summary>
    public bool IsLayered { get; private init; }

    public required HeaderExtensionMap Extensions { get; init; }

    /// <summary>The extensions that are forwarded.</summary>
    public required IReadOnlyList<RtpHeaderExtensionParameters> ForwardedExtensions { get; init; }

    /// <summary>The codec parameters told to receivers: only known ones, never the client's text.</summary>
    public required IReadOnlyDictionary<string, JsonElement> ForwardedParameters { get; init; }

    public required bool Nack { get; init; }

    /// <summary>Key frames are asked for by PLI; if not, by FIR.</summary>
    public required bool PictureLoss { get; init; }

    /// <exception cref="MediaException">The router cannot carry it; the message says why.</exception>
    public static ProducerFormat Parse(MediaKind kind, RtpParameters? parameters)
    {
        if (parameters is null || parameters.Codecs is not { Count: > 0 and <= MaximumEntries } codecs || codecs.Any(codec => codec is null))
            throw new MediaException("The media parameters name no codec.");
        if (parameters.Mid is { Length: 0 or > MaximumMidLength })
            throw new MediaException($"The media parameters' mid must have 1 to {MaximumMidLength} characters.");
        var media = codecs[0];
        var codec = RouterCodec.All.FirstOrDefault(known => known.Matches(media.MimeType, media.ClockRate, media.Channels, media.Parameters))
            ?? throw new MediaException("The media's codec is not one that this service carries.");
        if (codec.Kind != kind)
            throw new MediaException($"The media was announced as {Name(kind)} but its codec is for {Name(codec.Kind)}.");
        var rtxPayloadType = RtxPayloadTypeOf(codecs, media);
        var encodings = ParseEncodings(parameters, rtxPayloadType != 0);
        var (extensions, forwarded) = ParseExtensions(codec, parameters.HeaderExtensions ?? []);
        if (encodings.Any(encoding => encoding.Ssrc == 0) && (extensions.Mid == 0 || extensions.Rid == 0 || parameters.Mid is null))
            throw new MediaException("Media without ssrc needs a mid and the mid and rid header extensions.");
        return new ProducerFormat
        {
            Codec = codec,
            PayloadType = CheckPayloadType(media.PayloadType),
            RtxPayloadType = rtxPayloadType,
            Mid = parameters.Mid,
            Encodings = encodings,
            IsLayered = IsLayeredCodec(codec.Codec, encodings.Count, parameters.Encodings),
            Extensions = extensions,
            ForwardedExtensions = forwarded,
            ForwardedParameters = codec.Codec == RtpCodec.Opus ? KnownOpusParameters(media.Parameters) : codec.Parameters,
            Nack = HasFeedback(media, "nack", null),
            PictureLoss = HasFeedback(media, "nack", "pli") || !HasFeedback(media, "ccm", "fir"),
        };
    }

    private static bool IsLayeredCodec(RtpCodec codec, int count, IReadOnlyList<RtpEncodingParameters>? encodings) =>
        codec is RtpCodec.Vp8 or RtpCodec.H264
        && (count > 1 || (codec == RtpCodec.Vp8 && encodings is [{ ScalabilityMode: ['L' or 'S', '1', 'T', '2' or '3', ..] }]));

    private static byte RtxPayloadTypeOf(IReadOnlyList<RtpCodecParameters> codecs, RtpCodecParameters media)
    {
        byte rtxPayloadType = 0;
        foreach (var other in codecs.Skip(1))
        {
            if (other.MimeType is null || !other.MimeType.EndsWith("/rtx", StringComparison.OrdinalIgnoreCase))
                throw new MediaException("The media parameters name more than one codec; one is carried at a time.");
            if (RouterCodec.ReadInteger(other.Parameters, "apt") != media.PayloadType)
                throw new MediaException("The media parameters' rtx codec names a payload type that is not there.");
            if (rtxPayloadType != 0 || other.PayloadType == media.PayloadType)
                throw new MediaException("The media parameters use a payload type twice.");
            rtxPayloadType = CheckPayloadType(other.PayloadType);
        }

        return rtxPayloadType;
    }

    /// <summary>64 to 95 are not told from RTCP (RFC 5761 §4).</summary>
    private static byte CheckPayloadType(int payloadType) =>
        payloadType is > 0 and < 64 or > 95 and < 128 ? (byte)payloadType : throw new MediaException("The media parameters' payload type is not a usable one.");

    private static List<ProducerEncoding> ParseEncodings(RtpParameters parameters, bool hasRtx)
    {
        if (parameters.Encodings is not { Count: > 0 and <= MaximumEncodings } encodings || encodings.Any(encoding => encoding is null))
            throw new MediaException($"The media parameters must have 1 to {MaximumEncodings} encodings.");
        var result = new List<ProducerEncoding>();
        var ssrcs = new HashSet<uint>();
        var rids = new HashSet<string>();
        foreach (var encoding in encodings)
        {
            if (encodings.Count > 1 && encoding.Rid is null)
                throw new MediaException("Several encodings are only carried as simulcast, each with its rid.");
            if (encoding.Ssrc is null or 0 && encoding.Rid is null)
                throw new MediaException("The media parameters' encoding has no ssrc.");
            if (encoding.Rid is { Length: 0 or > MaximumMidLength } || (encoding.Rid is not null && !rids.Add(encoding.Rid)))
                throw new MediaException("The media parameters' rids must be different and short.");
            var ssrc = encoding.Ssrc ?? 0;
            var rtxSsrc = hasRtx ? encoding.Rtx?.Ssrc ?? 0 : 0;
            if ((ssrc != 0 && !ssrcs.Add(ssrc)) || (rtxSsrc != 0 && !ssrcs.Add(rtxSsrc)))
                throw new MediaException("The media parameters use an ssrc twice.");
            result.Add(new ProducerEncoding(ssrc, rtxSsrc, encoding.Rid));
        }

        return result;
    }

    private static (HeaderExtensionMap Map, List<RtpHeaderExtensionParameters> Forwarded) ParseExtensions(
        RouterCodec codec, IReadOnlyList<RtpHeaderExtensionParameters> extensions)
    {
        if (extensions.Count > MaximumEntries)
            throw new MediaException("The media parameters have too many header extensions.");
        var ids = new Dictionary<string, byte>();
        foreach (var extension in extensions)
        {
            if (extension is null || extension.Uri is null || extension.Id is < 1 or > 255)
                throw new MediaException("The media parameters have a header extension without uri or with an unusable id.");
            if (extension.Encrypt == true)
                throw new MediaException("Encrypted header extensions are not carried.");
            if (ids.ContainsValue((byte)extension.Id) || !ids.TryAdd(extension.Uri, (byte)extension.Id))
                throw new MediaException("The media parameters use a header extension or its id twice.");
        }

        var map = new HeaderExtensionMap
        {
            Mid = ids.GetValueOrDefault(HeaderExtensionUri.Mid),
            Rid = ids.GetValueOrDefault(HeaderExtensionUri.Rid),
            RepairedRid = ids.GetValueOrDefault(HeaderExtensionUri.RepairedRid),
            TransportSequence = ids.GetValueOrDefault(HeaderExtensionUri.TransportSequence),
            AbsoluteSendTime = ids.GetValueOrDefault(HeaderExtensionUri.AbsoluteSendTime),
            AudioLevel = ids.GetValueOrDefault(HeaderExtensionUri.AudioLevel),
        };
        var forwarded = new List<RtpHeaderExtensionParameters>();
        foreach (var known in RouterCapabilities.HeaderExtensions)
        {
            if (known.Kind != codec.Kind || known.Direction != "sendrecv" || !ids.TryGetValue(known.Uri, out var id))
                continue;
            // Its frame numbers are the publisher's: of a codec whose layers this SFU switches they would be wrong for the receiver.
            if (known.Uri == HeaderExtensionUri.DependencyDescriptor && codec.Codec != RtpCodec.Av1)
                continue;
            map.Forward(id, (byte)known.PreferredId);
            forwarded.Add(new RtpHeaderExtensionParameters(known.Uri, known.PreferredId, false));
        }

        return (map, forwarded);
    }

    private static Dictionary<string, JsonElement> KnownOpusParameters(IReadOnlyDictionary<string, JsonElement>? parameters)
    {
        var known = new Dictionary<string, JsonElement>();
        foreach (var name in OpusParameters)
        {
            if (RouterCodec.ReadInteger(parameters, name) is { } value)
                known.Add(name, RouterCodec.ToJson(value));
        }

        return known;
    }

    private static bool HasFeedback(RtpCodecParameters codec, string type, string? parameter) =>
        RouterCodec.Contains(codec.RtcpFeedback, new RtcpFeedback(type, parameter));

    private static string Name(MediaKind kind) => kind == MediaKind.Audio ? "sound" : "video";
}
