using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Telemedicine.Media;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.MediaNode;

namespace Telemedicine.Signalling;

/// <summary>Everything this service is told from outside, read and checked once, before anything starts.</summary>
/// <param name="Keys">Shared with Web. The first signs, all verify.</param>
/// <param name="WebInternalUrl">Where events are posted.</param>
/// <param name="WebOrigin">The only origin whose pages may open a hub connection: scheme, host and port, no path.</param>
/// <param name="Turn">Null: clients reach the media node directly or not at all.</param>
/// <param name="DrainTime">How long a node that is told to stop lets calls go on at most.</param>
/// <param name="MaximumChecks">How many people may check their connection at once.</param>
/// <param name="SpoolDirectory">Where events wait until Web has them.</param>
/// <param name="MetricsUrl">Where an OpenTelemetry collector takes metrics (OTLP over HTTP). Null: none are sent.</param>
public sealed partial record SignallingSettings(
    IReadOnlyList<SharedKey> Keys,
    Uri WebInternalUrl,
    string WebOrigin,
    MediaOptions Media,
    TurnSettings? Turn,
    TimeSpan DrainTime,
    int MaximumChecks,
    string SpoolDirectory,
    Uri? MetricsUrl)
{
    private const int MinimumSecretBytes = 32;
    private const int MinimumDifferentBytes = 12;
    private const int MaximumDrainSeconds = 24 * 60 * 60;
    private const int MaximumCount = 100_000;

    /// <summary>Each sends and receives up to 2.5 Mbit/s for ten seconds.</summary>
    private const int DefaultChecks = 10;

    /// <exception cref="SettingsException">Something is missing, wrong, or not safe enough for this environment.</exception>
    public static SignallingSettings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var demonstration = ReadBool(configuration, "Demonstration:Enabled");
        if (demonstration && environment.IsProduction())
            throw new SettingsException("Demonstration:Enabled is true, but this is a Production start: demonstration mode is never allowed in Production.");

        var relaxed = environment.IsDevelopment() || environment.IsEnvironment("Demonstration") || (demonstration && !environment.IsProduction());
        return new(
            ReadKeys(configuration),
            ReadUrl(configuration, "Web:InternalUrl"),
            ReadPublicOrigin(configuration, relaxed),
            ReadMedia(configuration, environment),
            ReadTurn(configuration),
            TimeSpan.FromSeconds(ReadNumber(configuration, "Drain:Seconds", 0, MaximumDrainSeconds) ?? 0),
            ReadNumber(configuration, "Media:MaximumChecks", 0, MaximumCount) ?? DefaultChecks,
            Required(configuration, "Events:SpoolDirectory"),
            configuration["Metrics:OtlpUrl"] is { Length: > 0 } ? ReadUrl(configuration, "Metrics:OtlpUrl") : null);
    }

    private static List<SharedKey> ReadKeys(IConfiguration configuration)
    {
        var keys = new List<SharedKey>();
        foreach (var section in configuration.GetSection("SharedKeys").GetChildren())
        {
            var key = new SharedKey { Id = Required(configuration, $"{section.Path}:Id"), Secret = Required(configuration, $"{section.Path}:Secret") };
            CheckSecret(key.Secret, $"{section.Path}:Secret");
            if (keys.Any(k => k.Id == key.Id))
                throw new SettingsException($"{section.Path}:Id repeats the id of another shared key: every key needs its own id.");
            keys.Add(key);
        }
        return keys.Count > 0 ? keys : throw new SettingsException("SharedKeys:0:Id and SharedKeys:0:Secret are missing: Web and Signalling need one key in common.");
    }

    private static void CheckSecret(string text, string name)
    {
        var secret = new byte[text.Length];
        if (!Convert.TryFromBase64String(text, secret, out var length))
            throw new SettingsException($"{name} is not base64.");
        if (length < MinimumSecretBytes)
            throw new SettingsException($"{name} is too short: it must be at least {MinimumSecretBytes} random bytes in base64.");

        // 32 random bytes have about 30 different values and are never all printable; a word or a pattern gives itself away.
        var bytes = secret.AsSpan(0, length);
        if (bytes.ToArray().Distinct().Count() < MinimumDifferentBytes || bytes.IndexOfAnyExceptInRange((byte)0x20, (byte)0x7E) < 0)
            throw new SettingsException($"{name} is not random: it looks like a default or a word. Make one with: openssl rand -base64 32");
    }

    private static string ReadPublicOrigin(IConfiguration configuration, bool relaxed)
    {
        var url = ReadUrl(configuration, "Web:PublicUrl");
        return url.Scheme == Uri.UriSchemeHttps || (relaxed && url.IsLoopback)
            ? url.GetLeftPart(UriPartial.Authority)
            : throw new SettingsException("Web:PublicUrl must begin with https://; plain http is for this machine alone, in Development or Demonstration.");
    }

    private static MediaOptions ReadMedia(IConfiguration configuration, IHostEnvironment environment)
    {
        var announced = configuration.GetSection("Media:AnnouncedAddresses").GetChildren()
            .Where(section => section.Value is { Length: > 0 })
            .Select(section => ReadAddress(configuration, section.Path, IPAddress.Loopback))
            .ToList();
        if (environment.IsProduction() && announced.Count == 0)
            throw new SettingsException("Media:AnnouncedAddresses:0 is missing: browsers must be told which address to send their media to.");
        var defaults = new MediaOptions();
        return new MediaOptions
        {
            ListenAddress = ReadAddress(configuration, "Media:ListenAddress", IPAddress.Loopback),
            Port = ReadPort(configuration, "Media:Port") ?? 5083,
            AnnouncedAddresses = announced,
            AnnouncedPort = ReadPort(configuration, "Media:AnnouncedPort"),
            MaximumRouters = ReadNumber(configuration, "Media:MaximumConsultations", 1, MaximumCount) ?? defaults.MaximumRouters,
            MaximumParticipants = ReadNumber(configuration, "Media:MaximumParticipants", 1, MaximumCount) ?? defaults.MaximumParticipants,
        };
    }

    private static TurnSettings? ReadTurn(IConfiguration configuration)
    {
        var urls = configuration.GetSection("Turn:Urls").GetChildren().Where(section => section.Value is { Length: > 0 }).ToList();
        var relayOnly = ReadBool(configuration, "Turn:RelayOnly");
        if (urls.Count == 0)
        {
            if (relayOnly || configuration["Turn:Secret"] is { Length: > 0 })
                throw new SettingsException("Turn:Urls:0 is missing: Turn:Secret and Turn:RelayOnly mean nothing without a TURN server.");
            return null;
        }

        foreach (var url in urls)
        {
            if (!TurnUrl().IsMatch(url.Value ?? ""))
                throw new SettingsException($"{url.Path} is not a TURN server's address such as turn:turn.example.org:3478?transport=udp or turns:turn.example.org:5349?transport=tcp.");
        }
        var secret = Required(configuration, "Turn:Secret");
        CheckSecret(secret, "Turn:Secret");
        return new([.. urls.Select(url => url.Value ?? "")], secret, relayOnly);
    }

    private static Uri ReadUrl(IConfiguration configuration, string name) =>
        Uri.TryCreate(Required(configuration, name), UriKind.Absolute, out var url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps)
            ? url
            : throw new SettingsException($"{name} is not an http or https address.");

    private static IPAddress ReadAddress(IConfiguration configuration, string name, IPAddress otherwise)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return otherwise;
        return IPAddress.TryParse(text, out var address) ? address : throw new SettingsException($"{name} is not an IP address.");
    }

    private static int? ReadPort(IConfiguration configuration, string name)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return null;
        return ushort.TryParse(text, out var port) ? port : throw new SettingsException($"{name} is not a port: a number from 0 to 65535.");
    }

    private static int? ReadNumber(IConfiguration configuration, string name, int least, int most)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return null;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most
            ? number
            : throw new SettingsException($"{name} must be a whole number from {least} to {most}.");
    }

    private static bool ReadBool(IConfiguration configuration, string name)
    {
        if (configuration[name] is not { Length: > 0 } text)
            return false;
        return bool.TryParse(text, out var value) ? value : throw new SettingsException($"{name} must be true or false.");
    }

    private static string Required(IConfiguration configuration, string name) =>
        configuration[name] is { } value && !string.IsNullOrWhiteSpace(value) ? value : throw new SettingsException($"{name} is missing.");

    // RFC 7065, section 3.1.
    [GeneratedRegex(@"^turns?:(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?(\?transport=(udp|tcp))?\z", RegexOptions.CultureInvariant)]
    private static partial Regex TurnUrl();
}
