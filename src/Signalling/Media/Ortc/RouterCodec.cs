using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Telemedicine.Media.Rtp;

namespace Telemedicine.Media.Ortc;

/// <summary>One codec that routers carry, with the payload types under which consumers receive it.</summary>
/// <param name="RtxPayloadType">Of its retransmissions (RFC 4588); 0: none.</param>
internal sealed record RouterCodec(
    RtpCodec Codec,
    MediaKind Kind,
    string MimeType,
    byte PayloadType,
    byte RtxPayloadType,
    int ClockRate,
    int? Channels,
    IReadOnlyDictionary<string, JsonElement> Parameters,
    IReadOnlyList<RtcpFeedback> Feedback)
{
    private const int ConstrainedBaseline = 0x42E0;

    /// <summary>In order of preference. Payload type 127 stays free: mediasoup-client's probator uses it.</summary>
    public static IReadOnlyList<RouterCodec> All { get; } =
    [
        new(RtpCodec.Opus, MediaKind.Audio, "audio/opus", 100, 0, 48000, 2, Numbers(("useinbandfec", 1), ("usedtx", 1)), [new("transport-cc", null)]),
        Video(RtpCodec.Vp8, "video/VP8", 101, 102, Numbers()),
        Video(RtpCodec.H264, "video/H264", 103, 104, H264Parameters()),
        Video(RtpCodec.Vp9, "video/VP9", 105, 106, Numbers(("profile-id", 0))),
        Video(RtpCodec.Av1, "video/AV1", 107, 108, Numbers(("level-idx", 5), ("profile", 0), ("tier", 0))),
    ];

    /// <summary>Whether a codec that a client names is this one.</summary>
    public bool Matches(string mimeType, int clockRate, int? channels, IReadOnlyDictionary<string, JsonElement>? parameters) =>
        string.Equals(mimeType, MimeType, StringComparison.OrdinalIgnoreCase)
        && clockRate == ClockRate
        && (Channels is null or 1 ? channels is null or 1 : channels == Channels)
        && Codec switch
        {
            RtpCodec.H264 => ReadInteger(parameters, "packetization-mode") == 1 && IsConstrainedBaseline(parameters),
            RtpCodec.Vp9 => (ReadInteger(parameters, "profile-id") ?? 0) == 0,
            RtpCodec.Av1 => (ReadInteger(parameters, "profile") ?? 0) == 0 && (ReadInteger(parameters, "tier") ?? 0) == 0,
            _ => true,
        };

    /// <summary>A parameter given as a number or as digits; null when it is absent or something else.</summary>
    public static int? ReadInteger(IReadOnlyDictionary<string, JsonElement>? parameters, string name)
    {
        if (parameters is null || !parameters.TryGetValue(name, out var value))
            return null;
        return value.ValueKind switch
        {
            JsonValueKind.Number when value.TryGetInt32(out var number) => number,
            JsonValueKind.String when int.TryParse(Text(value), NumberStyles.None, CultureInfo.InvariantCulture, out var number) => number,
            _ => null,
        };
    }

    /// <summary>Browsers write a feedback without parameter with an empty one or with none.</summary>
    public static bool Contains(IReadOnlyList<RtcpFeedback>? feedbacks, RtcpFeedback wanted) =>
        feedbacks?.Any(feedback =>
            feedback is not null
            && feedback.Type == wanted.Type
            && (feedback.Parameter == wanted.Parameter || (string.IsNullOrEmpty(feedback.Parameter) && string.IsNullOrEmpty(wanted.Parameter)))) ?? false;

    public static JsonElement ToJson(int value) => JsonElement.Parse(value.ToString(CultureInfo.InvariantCulture));

    /// <summary>RFC 6184 §8.1, table 5. Without profile-level-id browsers mean constrained baseline.</summary>
    private static bool IsConstrainedBaseline(IReadOnlyDictionary<string, JsonElement>? parameters)
    {
        if (parameters is null || !parameters.TryGetValue("profile-level-id", out var value))
            return true;
        if (value.ValueKind != JsonValueKind.String
            || Text(value) is not { Length: 6 } text
            || !int.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var profileLevel))
            return false;
        var profile = profileLevel >> 16;
        var constraints = profileLevel >> 8 & 0xFF;
        return (constraints & 0x0F) == 0 && profile switch
        {
            ConstrainedBaseline >> 8 => (constraints & 0x40) != 0,
            0x4D => (constraints & 0x80) != 0,
            0x58 => (constraints & 0xC0) == 0xC0,
            _ => false,
        };
    }

    /// <summary>A string as it was sent, without its quotes: <see cref="JsonElement.GetString"/> throws on what is not Unicode.</summary>
    private static ReadOnlySpan<byte> Text(JsonElement value) => JsonMarshal.GetRawUtf8Value(value)[1..^1];

    private static RouterCodec Video(RtpCodec codec, string mimeType, byte payloadType, byte rtxPayloadType, IReadOnlyDictionary<string, JsonElement> parameters) =>
        new(codec, MediaKind.Video, mimeType, payloadType, rtxPayloadType, 90000, null, parameters,
        [
            new("nack", null),
            new("nack", "pli"),
            new("ccm", "fir"),
            new("goog-remb", null),
            new("transport-cc", null),
        ]);

    private static Dictionary<string, JsonElement> H264Parameters()
    {
        var parameters = Numbers(("packetization-mode", 1), ("level-asymmetry-allowed", 1));
        parameters.Add("profile-level-id", JsonElement.Parse("\"42e01f\""));
        return parameters;
    }

    private static Dictionary<string, JsonElement> Numbers(params ReadOnlySpan<(string Name, int Value)> parameters)
    {
        var result = new Dictionary<string, JsonElement>();
        foreach (var (name, value) in parameters)
            result.Add(name, ToJson(value));
        return result;
    }
}
