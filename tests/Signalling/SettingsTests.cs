using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class SettingsTests
{
    private static Dictionary<string, string?> Good => new()
    {
        ["SharedKeys:0:Id"] = "key-1",
        ["SharedKeys:0:Secret"] = TestTickets.Key.Secret,
        ["Web:InternalUrl"] = "http://web:8080",
        ["Web:PublicUrl"] = "https://consult.example/",
        ["Media:AnnouncedAddresses:0"] = "192.0.2.10",
        ["Events:SpoolDirectory"] = "spool",
        ["Turn:Urls:0"] = "turn:turn.example:3478?transport=udp",
        ["Turn:Urls:1"] = "turns:[2001:db8::1]",
        ["Turn:Secret"] = TestTickets.OlderKey.Secret,
    };

    [Fact]
    public void Good_settings_are_taken_as_they_are()
    {
        var settings = Read("Production", Good);

        Assert.Equal("https://consult.example", settings.WebOrigin);
        Assert.Equal("192.0.2.10", settings.Media.AnnouncedAddresses.Single().ToString());
        Assert.Equal(5083, settings.Media.Port);
        Assert.Equal("key-1", settings.Keys.Single().Id);
        Assert.Equal(["turn:turn.example:3478?transport=udp", "turns:[2001:db8::1]"], settings.Turn?.Urls);
        Assert.False(settings.Turn?.RelayOnly);
        Assert.Equal(TimeSpan.Zero, settings.DrainTime);
        Assert.DoesNotContain(TestTickets.OlderKey.Secret, settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Turn_is_optional()
    {
        var settings = Good;
        foreach (var name in new[] { "Turn:Urls:0", "Turn:Urls:1", "Turn:Secret" })
            settings.Remove(name);

        Assert.Null(Read("Production", settings).Turn);
    }

    [Fact]
    public void A_turn_secret_without_a_server_is_a_mistake()
    {
        var settings = Good;
        settings.Remove("Turn:Urls:0");
        settings.Remove("Turn:Urls:1");

        Assert.Contains("Turn:Urls:0 is missing", Assert.Throws<SettingsException>(() => Read("Production", settings)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Production", "Demonstration:Enabled", "true", "never allowed in Production")]
    [InlineData("Production", "Demonstration:Enabled", "perhaps", "must be true or false")]
    [InlineData("Production", "SharedKeys:0:Id", null, "SharedKeys:0:Id is missing")]
    [InlineData("Production", "SharedKeys:0:Secret", null, "SharedKeys:0:Secret is missing")]
    [InlineData("Production", "SharedKeys:0:Secret", "%%%", "not base64")]
    [InlineData("Production", "SharedKeys:0:Secret", "c2hvcnQ=", "too short")]
    [InlineData("Production", "SharedKeys:0:Secret", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "not random")]
    [InlineData("Production", "SharedKeys:0:Secret", "dGhpcy1pcy1hLWRldmVsb3BtZW50LXNlY3JldC1vbmx5LTEyMzQ1Njc4OTA=", "not random")]
    [InlineData("Production", "SharedKeys:1:Id", "key-1", "SharedKeys:1:Secret is missing")]
    [InlineData("Production", "Web:InternalUrl", null, "Web:InternalUrl is missing")]
    [InlineData("Production", "Web:InternalUrl", "ftp://web", "not an http or https address")]
    [InlineData("Production", "Web:PublicUrl", null, "Web:PublicUrl is missing")]
    [InlineData("Production", "Web:PublicUrl", "http://consult.example", "must begin with https://")]
    [InlineData("Production", "Web:PublicUrl", "http://localhost:5080", "must begin with https://")]
    [InlineData("Demonstration", "Web:PublicUrl", "http://consult.example", "must begin with https://")]
    [InlineData("Production", "Media:AnnouncedAddresses:0", null, "Media:AnnouncedAddresses:0 is missing")]
    [InlineData("Production", "Media:AnnouncedAddresses:0", "media.example", "not an IP address")]
    [InlineData("Production", "Media:Port", "70000", "not a port")]
    [InlineData("Production", "Media:ListenAddress", "everywhere", "not an IP address")]
    [InlineData("Production", "Turn:Secret", null, "Turn:Secret is missing")]
    [InlineData("Production", "Turn:Secret", "c2h1cnQ=", "Turn:Secret is too short")]
    [InlineData("Production", "Turn:RelayOnly", "often", "must be true or false")]
    [InlineData("Production", "Turn:Urls:0", "turn.example:3478", "Turn:Urls:0 is not a TURN server's address")]
    [InlineData("Production", "Turn:Urls:0", "https://turn.example", "Turn:Urls:0 is not a TURN server's address")]
    [InlineData("Production", "Turn:Urls:1", "turn:turn.example?transport=sctp", "Turn:Urls:1 is not a TURN server's address")]
    [InlineData("Production", "Media:MaximumConsultations", "0", "Media:MaximumConsultations must be a whole number from 1 to 100000")]
    [InlineData("Production", "Media:MaximumParticipants", "many", "Media:MaximumParticipants must be a whole number")]
    [InlineData("Production", "Drain:Seconds", "-1", "Drain:Seconds must be a whole number from 0 to 86400")]
    [InlineData("Production", "Events:SpoolDirectory", " ", "Events:SpoolDirectory is missing")]
    [InlineData("Production", "Metrics:OtlpUrl", "collector:4318", "not an http or https address")]
    public void What_is_missing_wrong_or_unsafe_is_said_plainly(string environment, string name, string? value, string sentence)
    {
        var settings = Good;
        settings[name] = value;

        var refused = Assert.Throws<SettingsException>(() => Read(environment, settings));

        Assert.Contains(sentence, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TestTickets.Key.Secret, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Demonstration")]
    [InlineData("Development")]
    public void Plain_http_is_for_this_machine_in_demonstration_and_development(string environment)
    {
        var settings = Good;
        settings["Web:PublicUrl"] = "http://localhost:5080";
        settings["Demonstration:Enabled"] = "true";

        Assert.Equal("http://localhost:5080", Read(environment, settings).WebOrigin);
    }

    [Fact]
    public async Task A_service_that_cannot_start_says_one_sentence_and_ends_with_1()
    {
        var (code, error) = await RunAsync(new() { ["ASPNETCORE_ENVIRONMENT"] = "Production", ["Demonstration__Enabled"] = "true" });

        Assert.Equal(1, code);
        Assert.Equal(
            "Signalling cannot start. Demonstration:Enabled is true, but this is a Production start: demonstration mode is never allowed in Production.",
            error.Trim());
    }

    [Fact]
    public async Task Two_services_never_share_a_spool()
    {
        await using var host = await SignallingHost.StartAsync();
        var settings = Good.ToDictionary(setting => setting.Key.Replace(":", "__", StringComparison.Ordinal), setting => setting.Value);
        settings["ASPNETCORE_ENVIRONMENT"] = "Production";
        settings["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        settings["Media__Port"] = "0";
        settings["Events__SpoolDirectory"] = host.SpoolDirectory;

        var (code, error) = await RunAsync(settings);

        Assert.Equal(1, code);
        Assert.StartsWith("Signalling cannot start. Events:SpoolDirectory cannot be used", error.Trim(), StringComparison.Ordinal);
    }

    private static SignallingSettings Read(string environment, Dictionary<string, string?> settings) =>
        SignallingSettings.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), new Environment(environment));

    private static async Task<(int Code, string Error)> RunAsync(Dictionary<string, string?> environment)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        using var process = Process.Start(start);
        Assert.NotNull(process);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            var error = await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            await output;
            return (process.ExitCode, error);
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
        }
    }

    private sealed class Environment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "Signalling";

        public string ContentRootPath { get; set; } = "";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
