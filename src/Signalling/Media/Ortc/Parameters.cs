using System.Text.Json;
using System.Text.Json.Serialization;

namespace Telemedicine.Media;

// The ORTC-style objects of mediasoup-client 3, as JSON: camelCase, nulls left out (MediaJson).

[JsonConverter(typeof(JsonStringEnumConverter<MediaKind>))]
public enum MediaKind
{
    [JsonStringEnumMemberName("audio")]
    Audio,
    [JsonStringEnumMemberName("video")]
    Video,
}

public sealed record TransportParameters(Guid Id, IceParameters IceParameters, IReadOnlyList<IceCandidate> IceCandidates, DtlsParameters DtlsParameters);

public sealed record IceParameters(string UsernameFragment, string Password, bool IceLite);

/// <param name="Protocol">udp or tcp.</param>
/// <param name="Type">host.</param>
/// <param name="TcpType">passive, for tcp only.</param>
public sealed record IceCandidate(string Foundation, uint Priority, string Ip, string Address, int Port, string Protocol, string Type, string? TcpType);

/// <param name="Role">auto, client or server, of the sender of this object.</param>
public sealed record DtlsParameters(string Role, IReadOnlyList<DtlsFingerprint> Fingerprints);

/// <param name="Algorithm">sha-256.</param>
/// <param name="Value">Upper-case hex pairs joined by colons.</param>
public sealed record DtlsFingerprint(string Algorithm, string Value);

public sealed record RtpCapabilities(IReadOnlyList<RtpCodecCapability> Codecs, IReadOnlyList<RtpHeaderExtension> HeaderExtensions);

public sealed record RtpCodecCapability(
    MediaKind Kind,
    string MimeType,
    int? PreferredPayloadType,
    int ClockRate,
    int? Channels,
    IReadOnlyDictionary<string, JsonElement>? Parameters,
    IReadOnlyList<RtcpFeedback>? RtcpFeedback);

/// <param name="Direction">sendrecv, sendonly, recvonly or inactive, seen from the router.</param>
public sealed record RtpHeaderExtension(MediaKind Kind, string Uri, int PreferredId, bool? PreferredEncrypt, string? Direction);

public sealed record RtcpFeedback(string Type, string? Parameter);

public sealed record RtpParameters(
    string? Mid,
    IReadOnlyList<RtpCodecParameters> Codecs,
    IReadOnlyList<RtpHeaderExtensionParameters>? HeaderExtensions,
    IReadOnlyList<RtpEncodingParameters>? Encodings,
    RtcpParameters? Rtcp);

public sealed record RtpCodecParameters(
    string MimeType,
    int PayloadType,
    int ClockRate,
    int? Channels,
    IReadOnlyDictionary<string, JsonElement>? Parameters,
    IReadOnlyList<RtcpFeedback>? RtcpFeedback);

public sealed record RtpHeaderExtensionParameters(string Uri, int Id, bool? Encrypt);

public sealed record RtpEncodingParameters(uint? Ssrc, string? Rid, RtxParameters? Rtx, bool? Dtx, string? ScalabilityMode, int? MaxBitrate);

public sealed record RtxParameters(uint Ssrc);

public sealed record RtcpParameters(string? Cname, bool? ReducedSize, bool? Mux);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TransportParameters))]
[JsonSerializable(typeof(RtpCapabilities))]
[JsonSerializable(typeof(RtpParameters))]
[JsonSerializable(typeof(DtlsParameters))]
[JsonSerializable(typeof(IceParameters))]
public sealed partial class MediaJson : JsonSerializerContext;
