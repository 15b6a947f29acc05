using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>Metrics go to a collector when one is named, and name nobody.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task A_collector_that_is_named_gets_the_nodes_figures_and_no_ids()
    {
        var received = new TaskCompletionSource<byte[]>(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var collector = await StartAsync(received);
        var host = await SignallingHost.StartAsync(null, ("Metrics:OtlpUrl", collector.Urls.Single() + "/v1/metrics"));
        var world = new ClinicWorld(host);
        var (patient, joined) = await world.JoinAsync(ParticipantRole.Patient);
        await MediaSide.OpenAsync(patient, joined);

        // What has been collected is sent at the end at the latest.
        await host.DisposeAsync();
        var body = Encoding.UTF8.GetString(await received.Task.WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

        Assert.Contains("media.rooms", body);
        Assert.Contains("signalr.server.active_connections", body);
        Assert.Contains("telemedicine-signalling", body);
        foreach (var secret in new[] { world.Consultation.ToString(), world.Patient.ToString(), joined.GetProperty("sessionId").GetString() ?? "", "127.0.0.1" })
            Assert.DoesNotContain(secret, body);
    }

    private static async Task<WebApplication> StartAsync(TaskCompletionSource<byte[]> received)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.MapPost("/v1/metrics", async (HttpContext context) =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body, context.RequestAborted);
            received.TrySetResult(body.ToArray());
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }
}
