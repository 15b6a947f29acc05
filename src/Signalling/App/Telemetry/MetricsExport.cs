using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace Telemedicine.Signalling.Telemetry;

/// <summary>Sends the instruments of the media node, the hub's connections and the process to an OpenTelemetry collector. Off unless one is named.</summary>
public sealed class MetricsExport(SignallingSettings settings) : IHostedService, IDisposable
{
    // Of the framework only what names no address: the hub's connections and the process.
    private static readonly string[] FrameworkMeters = ["Microsoft.AspNetCore.Http.Connections", "System.Runtime"];

    private MeterProvider? _provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (settings.MetricsUrl is { } url)
        {
            _provider = Sdk.CreateMeterProviderBuilder()
                .ConfigureResource(resource => resource.AddService("telemedicine-signalling"))
                .AddMeter(Telemedicine.Media.MediaNode.MeterName)
                .AddMeter(FrameworkMeters)
                .AddOtlpExporter(options =>
                {
                    options.Protocol = OtlpExportProtocol.HttpProtobuf;
                    options.Endpoint = url;
                })
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Sends what is left.</summary>
    public void Dispose() => _provider?.Dispose();
}
