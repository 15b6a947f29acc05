using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>TURN servers as a page is told of them. That coturn takes the credentials is shown in the end-to-end tests.</summary>
public sealed class TurnTests(SharedHost shared) : SharedHostTest(shared)
{
    private static readonly (string Name, string Value)[] Settings =
    [
        ("Turn:Urls:0", "turn:turn.example:3478?transport=udp"),
        ("Turn:Urls:1", "turns:turn.example:5349?transport=tcp"),
        ("Turn:Secret", TestTickets.OlderKey.Secret),
        ("Turn:RelayOnly", "true"),
    ];

    [Fact]
    public async Task Without_a_server_a_page_is_told_of_none()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);

        var transport = await patient.InvokeAsync("CreateTransport", new { direction = "send" });

        Assert.Equal(0, transport.GetProperty("iceServers").GetArrayLength());
        Assert.Equal("all", transport.GetProperty("iceTransportPolicy").GetString());
    }

    [Fact]
    public async Task Each_transport_and_each_restart_brings_credentials_of_its_own_for_an_hour()
    {
        await using var host = await SignallingHost.StartAsync(null, Settings);
        var (patient, _) = await new ClinicWorld(host).JoinAsync(ParticipantRole.Patient);

        var transport = await patient.InvokeAsync("CreateTransport", new { direction = "send" });
        var first = Assert.Single(transport.GetProperty("iceServers").EnumerateArray());
        host.Time.Advance(TimeSpan.FromSeconds(1));
        var restart = await patient.InvokeAsync("RestartIce", transport.GetProperty("id").GetString());
        var second = Assert.Single(restart.GetProperty("iceServers").EnumerateArray());

        Assert.Equal("relay", transport.GetProperty("iceTransportPolicy").GetString());
        Assert.NotEmpty(restart.GetProperty("iceParameters").GetProperty("password").GetString() ?? "");
        var expiries = new[] { first, second }.Select(server =>
        {
            Assert.Equal(["turn:turn.example:3478?transport=udp", "turns:turn.example:5349?transport=tcp"], server.GetProperty("urls").EnumerateArray().Select(url => url.GetString()));
            var username = server.GetProperty("username").GetString() ?? "";
            Assert.Equal(ExpectedPassword(username), server.GetProperty("credential").GetString());
            return DateTimeOffset.FromUnixTimeSeconds(long.Parse(username.Split(':')[0], CultureInfo.InvariantCulture));
        }).ToList();
        Assert.Equal(host.Time.GetUtcNow().AddHours(1), expiries[1]);
        Assert.Equal(TimeSpan.FromSeconds(1), expiries[1] - expiries[0]);
        Assert.NotEqual(IdOf(first), IdOf(second));
    }

    [Fact]
    public async Task Neither_secret_nor_credentials_are_logged_nor_is_anybody_named_in_them()
    {
        await using var host = await SignallingHost.StartAsync(null, Settings);
        var world = new ClinicWorld(host);
        var (patient, _) = await world.JoinAsync(ParticipantRole.Patient);

        var transport = await patient.InvokeAsync("CreateTransport", new { direction = "send" });

        var server = transport.GetProperty("iceServers")[0];
        var (username, credential) = (server.GetProperty("username").GetString() ?? "", server.GetProperty("credential").GetString() ?? "");
        Assert.NotEmpty(host.Logs.Lines);
        Assert.DoesNotContain(host.Logs.Lines, line => line.Contains(credential, StringComparison.Ordinal)
            || line.Contains(username, StringComparison.Ordinal) || line.Contains(TestTickets.OlderKey.Secret, StringComparison.Ordinal));
        Assert.Matches("^[0-9]+:[0-9a-f]{16}$", username);
    }

    private static string IdOf(JsonElement server) => (server.GetProperty("username").GetString() ?? "").Split(':')[1];

    private static string ExpectedPassword(string username)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA1, Encoding.ASCII.GetBytes(TestTickets.OlderKey.Secret));
        hmac.AppendData(Encoding.ASCII.GetBytes(username));
        return Convert.ToBase64String(hmac.GetHashAndReset());
    }
}
