using System.Diagnostics;
using System.Text.Json;
using Telemedicine.Media.Tests.Ortc;
using Xunit;

namespace Telemedicine.Media.Tests.Interop;

/// <summary>A stack that is no browser's: Debian's aiortc (its own ICE, DTLS of pyOpenSSL, libsrtp, libvpx and libopus) sends and receives through the node.</summary>
public sealed class AiortcTests
{
    private const string Python = "/usr/bin/python3";
    private const double Hertz = 660;
    private static readonly int[] Colour = [200, 60, 40];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Sound_and_picture_pass_both_ways()
    {
        Assert.SkipUnless(await IsInstalledAsync(), "aiortc is not installed (Debian: apt-get install python3-aiortc).");
        await using var node = await MediaNode.StartAsync(new MediaOptions { Port = 0, Workers = 1 }, TimeProvider.System, Cancelled);
        var router = node.CreateRouter();
        var sending = await router.CreateTransportAsync(TransportDirection.Send, Cancelled);
        var receiving = await router.CreateTransportAsync(TransportDirection.Receive, Cancelled);
        using var peer = Start(Path.Combine(AppContext.BaseDirectory, "Interop/aiortc_peer.py"));
        try
        {
            await TellAsync(peer, $$"""{"send":{{Json(sending.Parameters)}},"receive":{{Json(receiving.Parameters)}}}""");
            var local = await HearAsync(peer);
            await sending.ConnectAsync(Fingerprint(local.GetProperty("send")), Cancelled);
            await receiving.ConnectAsync(Fingerprint(local.GetProperty("receive")), Cancelled);
            var microphone = await sending.ProduceAsync(MediaKind.Audio, Parameters("0", new("audio/opus", 111, 48_000, 2, null, null), local.GetProperty("audio")), MediaSource.Microphone, false, Cancelled);
            var camera = await sending.ProduceAsync(
                MediaKind.Video, Parameters("1", new("video/VP8", 96, 90_000, null, null, [new("nack", null), new("nack", "pli")]), local.GetProperty("video")), MediaSource.Camera, false, Cancelled);
            var sound = await receiving.ConsumeAsync(microphone, Receiver, Cancelled);
            var picture = await receiving.ConsumeAsync(camera, Receiver, Cancelled);

            await TellAsync(peer, $$"""{"audio":{{Json(sound.RtpParameters)}},"video":{{Json(picture.RtpParameters)}}}""");
            Assert.True((await HearAsync(peer)).GetProperty("ready").GetBoolean());
            await sound.ResumeAsync();
            await picture.ResumeAsync();
            var result = await HearAsync(peer);

            Assert.Equal(Hertz, result.GetProperty("hertz").GetDouble(), tolerance: 15);
            Assert.All(result.GetProperty("colour").EnumerateArray().Zip(Colour), pair => Assert.InRange(pair.First.GetInt32(), pair.Second - 25, pair.Second + 25));
        }
        finally
        {
            if (!peer.HasExited)
                peer.Kill(entireProcessTree: true);
        }
    }

    /// <summary>All that the router can, but for what aiortc does not: retransmissions of their own SSRC, and header extensions.</summary>
    private static RtpCapabilities Receiver
    {
        get
        {
            var all = TestParameters.Receiver();
            return all with { Codecs = [.. all.Codecs.Where(codec => !codec.MimeType.EndsWith("/rtx", StringComparison.OrdinalIgnoreCase))], HeaderExtensions = [] };
        }
    }

    private static RtpParameters Parameters(string mid, RtpCodecParameters codec, JsonElement ssrc) =>
        new(mid, [codec], [], [new(ssrc.GetUInt32(), null, null, null, null, null)], new("aiortc", true, true));

    private static DtlsParameters Fingerprint(JsonElement value) => new("client", [new("sha-256", value.GetString() ?? "")]);

    private static string Json(TransportParameters parameters) => JsonSerializer.Serialize(parameters, MediaJson.Default.TransportParameters);

    private static string Json(RtpParameters parameters) => JsonSerializer.Serialize(parameters, MediaJson.Default.RtpParameters);

    private static async Task TellAsync(Process peer, string line)
    {
        await peer.StandardInput.WriteLineAsync(line.AsMemory(), Cancelled);
        await peer.StandardInput.FlushAsync(Cancelled);
    }

    private static async Task<JsonElement> HearAsync(Process peer)
    {
        var line = await peer.StandardOutput.ReadLineAsync(Cancelled).AsTask().WaitAsync(Patience, Cancelled);
        if (line is not null)
            return JsonDocument.Parse(line).RootElement;
        throw new InvalidOperationException($"aiortc ended: {await peer.StandardError.ReadToEndAsync(Cancelled)}");
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(new ProcessStartInfo(Python, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })
        ?? throw new InvalidOperationException("Python could not be started.");

    private static async Task<bool> IsInstalledAsync()
    {
        if (!File.Exists(Python))
            return false;
        using var look = Start("-c", "import aiortc");
        await look.WaitForExitAsync(Cancelled);
        return look.ExitCode == 0;
    }
}
