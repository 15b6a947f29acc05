using System.Collections.Concurrent;
using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>The whole service on a real socket, with a clock of the test's and a receiver of events where Web is.</summary>
public sealed class SignallingHost : WebApplicationFactory<Program>
{
    public const string WebOrigin = "http://localhost:5080";

    private readonly Action<IServiceCollection>? _configure;
    private readonly Dictionary<string, string> _settings;
    private readonly ConcurrentBag<HubConnectionFixture> _connections = [];

    private SignallingHost(EventReceiver web, string spool, Action<IServiceCollection>? configure)
    {
        _configure = configure;
        Web = web;
        Web.Now = () => Time.GetUtcNow();
        SpoolDirectory = spool;
        _settings = new()
        {
            ["SharedKeys:0:Id"] = TestTickets.Key.Id,
            ["SharedKeys:0:Secret"] = TestTickets.Key.Secret,
            ["SharedKeys:1:Id"] = TestTickets.OlderKey.Id,
            ["SharedKeys:1:Secret"] = TestTickets.OlderKey.Secret,
            ["Web:InternalUrl"] = web.Url,
            ["Web:PublicUrl"] = WebOrigin + "/",
            ["Media:ListenAddress"] = "127.0.0.1",
            ["Media:Port"] = "0",
            ["Events:SpoolDirectory"] = spool,
            // As loud as an operator could make it: the limits of the service must hold all the same.
            ["Logging:LogLevel:Default"] = "Trace",
            ["Logging:LogLevel:Microsoft"] = "Trace",
            ["Logging:LogLevel:Microsoft.AspNetCore.SignalR"] = "Trace",
            ["Logging:Console:LogLevel:Default"] = "None",
        };
    }

    public FakeTimeProvider Time { get; } = new(DateTimeOffset.Parse("2026-03-02T09:00:00Z", System.Globalization.CultureInfo.InvariantCulture));

    public CapturedLogs Logs { get; } = new();

    public EventReceiver Web { get; }

    public string SpoolDirectory { get; }

    public Uri Address { get; private set; } = new("http://127.0.0.1");

    public static async Task<SignallingHost> StartAsync(Action<IServiceCollection>? configure = null, params (string Name, string Value)[] settings)
    {
        var spool = Directory.CreateTempSubdirectory("telemedicine-spool-").FullName;
        return Start(await EventReceiver.StartAsync(), spool, configure, settings);
    }

    /// <summary>Starts again on what a host before left.</summary>
    public static SignallingHost Start(EventReceiver web, string spool, Action<IServiceCollection>? configure = null, params (string Name, string Value)[] settings)
    {
        var host = new SignallingHost(web, spool, configure);
        foreach (var (name, value) in settings)
            host._settings[name] = value;
        host.UseKestrel(0);
        host.StartServer();
        host.Address = host.ClientOptions.BaseAddress;
        return host;
    }

    /// <summary>Opens a hub connection as a browser on Web's pages does.</summary>
    public Task<HubConnectionFixture> ConnectAsync(Ticket ticket) => ConnectAsync(ticket.Clinic, TestTickets.Mint(ticket, Time.GetUtcNow()));

    /// <summary>Opens the echo of a device check.</summary>
    public async Task<HubConnectionFixture> ConnectEchoAsync(Ticket ticket)
    {
        var connection = await HubConnectionFixture.OpenAsync(HubAddress(ticket.Clinic, TestTickets.Mint(ticket, Time.GetUtcNow()), "echo"), WebOrigin);
        _connections.Add(connection);
        return connection;
    }

    public async Task<HubConnectionFixture> ConnectAsync(ClinicId clinic, string token, string? origin = WebOrigin)
    {
        var connection = await HubConnectionFixture.OpenAsync(HubAddress(clinic, token), origin);
        _connections.Add(connection);
        return connection;
    }

    /// <summary>The status with which a connection is refused.</summary>
    public async Task<HttpStatusCode> RefusalAsync(ClinicId clinic, string token, string? origin = WebOrigin)
    {
        using var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        if (origin is not null)
            socket.Options.SetRequestHeader("Origin", origin);
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(HubAddress(clinic, token), TestContext.Current.CancellationToken));
        return socket.HttpStatusCode;
    }

    public Uri HubAddress(ClinicId clinic, string? token, string hub = "hub") =>
        new(Address.ToString().Replace("http://", "ws://", StringComparison.Ordinal) + $"clinics/{clinic}/{hub}" + (token is null ? "" : $"?access_token={token}"));

    public new HttpClient CreateClient() => new() { BaseAddress = Address };

    /// <summary>Lets the service's time pass, a second at a time, until its events are where the test wants them.</summary>
    public async Task PassTimeUntilAsync(Func<EventReceiver, bool> condition)
    {
        for (var second = 0; !condition(Web); second++)
        {
            Assert.True(second < 10_000, "Hours went by, and it did not come.");
            Time.Advance(TimeSpan.FromSeconds(1));
            await Web.ChangesWithinAsync(TimeSpan.FromMilliseconds(5));
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await StopAsync();
        await Web.DisposeAsync();
        if (Directory.Exists(SpoolDirectory))
            Directory.Delete(SpoolDirectory, recursive: true);
    }

    /// <summary>Stops the service, and keeps its spool and the receiver.</summary>
    public async ValueTask StopAsync()
    {
        foreach (var connection in _connections)
            await connection.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        foreach (var (name, value) in _settings)
            builder.UseSetting(name, value);
        builder.ConfigureLogging(logging => logging.AddProvider(Logs));
        builder.ConfigureTestServices(services =>
        {
            services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(Time);
            _configure?.Invoke(services);
        });
    }
}
