extern alias signalling;

using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Morning;

/// <summary>The whole of Signalling beside a Web of a test: one clock, real tickets, events and commands between the two, hubs on a real socket.</summary>
internal sealed class RealSignalling : WebApplicationFactory<signalling::Program>
{
    private readonly WebHost _web;
    private readonly string _spool = Directory.CreateTempSubdirectory("telemedicine-morning-").FullName;

    private RealSignalling(WebHost web) => _web = web;

    /// <summary>Tells of each batch of events that Web has taken in.</summary>
    public EventTap Events { get; } = new();

    public static RealSignalling Start(WebHost web)
    {
        var signalling = new RealSignalling(web);
        signalling.Events.InnerHandler = web.Server.CreateHandler();
        signalling.UseKestrel(0);
        signalling.StartServer();
        web.Signalling.Forward = new HttpClient { BaseAddress = signalling.ClientOptions.BaseAddress };
        return signalling;
    }

    /// <summary>Opens the hub as a page does: with a fresh ticket of Web's.</summary>
    public async Task<HubConnectionFixture> ConnectAsync(Browser browser, string ticketAddress, string? requestToken)
    {
        var answer = (await browser.PostFromScriptAsync(ticketAddress, requestToken)).Json;
        var path = new Uri(answer.GetProperty("hubUrl").GetString() ?? "").AbsolutePath;
        var socket = new UriBuilder(ClientOptions.BaseAddress) { Scheme = "ws", Path = path, Query = $"access_token={answer.GetProperty("ticket").GetString()}" };
        return await HubConnectionFixture.OpenAsync(socket.Uri, WebHost.Origin);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _web.Signalling.Forward?.Dispose();
        _web.Signalling.Forward = null;
        Directory.Delete(_spool, recursive: true);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseSetting("SharedKeys:0:Id", _web.Key.Id);
        builder.UseSetting("SharedKeys:0:Secret", _web.Key.Secret);
        builder.UseSetting("Web:InternalUrl", WebHost.Origin);
        builder.UseSetting("Web:PublicUrl", WebHost.Origin);
        builder.UseSetting("Media:ListenAddress", "127.0.0.1");
        builder.UseSetting("Media:Port", "0");
        builder.UseSetting("Events:SpoolDirectory", _spool);
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services =>
        {
            services.RemoveAll<TimeProvider>().AddSingleton<TimeProvider>(_web.Time);
            services.AddHttpClient("events").ConfigurePrimaryHttpMessageHandler(() => Events);
        });
    }
}

/// <summary>Passes Signalling's posts on to Web, and says when one was answered.</summary>
internal sealed class EventTap : DelegatingHandler
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Lock _gate = new();
    private TaskCompletionSource _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Looks now and after each batch, until what is looked for is there.</summary>
    public async Task UntilAsync(string what, Func<Task<bool>> there)
    {
        while (true)
        {
            Task next;
            lock (_gate)
                next = _answered.Task;
            if (await there())
                return;
            try
            {
                await next.WaitAsync(Patience, TestContext.Current.CancellationToken);
            }
            catch (TimeoutException late)
            {
                throw new TimeoutException($"It did not come: {what}.", late);
            }
        }
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken);
        lock (_gate)
        {
            _answered.TrySetResult();
            _answered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return response;
    }
}
