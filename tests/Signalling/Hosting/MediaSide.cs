using System.Text.Json;

namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>One page's media at the hub: a transport each way and a microphone. The far end of the packets is left out.</summary>
public sealed record MediaSide(HubConnectionFixture Connection, string SessionId, string SendTransport, string ReceiveTransport, string Microphone)
{
    private static int _lastSsrc = 1000;
    private static int _lastMid;

    public static object Dtls => new
    {
        role = "client",
        fingerprints = new[] { new { algorithm = "sha-256", value = string.Join(':', Enumerable.Range(0, 32).Select(index => index.ToString("X2", System.Globalization.CultureInfo.InvariantCulture))) } },
    };

    public static object Opus() => new
    {
        mid = Interlocked.Increment(ref _lastMid).ToString(System.Globalization.CultureInfo.InvariantCulture),
        codecs = new[] { new { mimeType = "audio/opus", payloadType = 111, clockRate = 48000, channels = 2, parameters = new { useinbandfec = 1 } } },
        encodings = new[] { new { ssrc = Interlocked.Increment(ref _lastSsrc) } },
    };

    public static object Vp8() => new
    {
        mid = Interlocked.Increment(ref _lastMid).ToString(System.Globalization.CultureInfo.InvariantCulture),
        codecs = new[] { new { mimeType = "video/VP8", payloadType = 96, clockRate = 90000, rtcpFeedback = new[] { new { type = "nack" } } } },
        encodings = new[] { new { ssrc = Interlocked.Increment(ref _lastSsrc) } },
    };

    public static async Task<MediaSide> OpenAsync(HubConnectionFixture connection, JsonElement joined)
    {
        var send = await CreateTransportAsync(connection, "send");
        var receive = await CreateTransportAsync(connection, "receive", joined.GetProperty("routerRtpCapabilities"));
        var microphone = await ProduceAsync(connection, send, "audio", "microphone");
        return new(connection, joined.GetProperty("sessionId").GetString() ?? "", send, receive, microphone);
    }

    public static async Task<string> CreateTransportAsync(HubConnectionFixture connection, string direction, JsonElement? rtpCapabilities = null)
    {
        var made = rtpCapabilities is null
            ? await connection.InvokeAsync("CreateTransport", new { direction })
            : await connection.InvokeAsync("CreateTransport", new { direction, rtpCapabilities });
        return made.GetProperty("id").GetString() ?? "";
    }

    public static async Task<string> ProduceAsync(HubConnectionFixture connection, string transportId, string kind, string source, bool paused = false)
    {
        var made = await connection.InvokeAsync("Produce", new { transportId, kind, source, rtpParameters = kind == "audio" ? Opus() : Vp8(), paused });
        return made.GetProperty("id").GetString() ?? "";
    }
}
