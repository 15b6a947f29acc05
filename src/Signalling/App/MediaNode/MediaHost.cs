using System.Diagnostics.Metrics;
using Telemedicine.Media;

namespace Telemedicine.Signalling.MediaNode;

/// <summary>Starts the media node before the server takes its first connection, and closes it after the last.</summary>
public sealed class MediaHost(SignallingSettings settings, TimeProvider time, IMeterFactory meters) : IHostedService, IAsyncDisposable
{
    private Telemedicine.Media.MediaNode? _node;

    public static RtpCapabilities RtpCapabilities => Telemedicine.Media.MediaNode.RtpCapabilities;

    /// <exception cref="MediaException">The node is full.</exception>
    public Router CreateRouter() => (_node ?? throw new InvalidOperationException("The media node is not running.")).CreateRouter();

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            EarlyCompilation.Run(typeof(MediaHost).Assembly);
            _node = await Telemedicine.Media.MediaNode.StartAsync(settings.Media, time, cancellationToken, meters);
        }
        catch (MediaException refused)
        {
            throw new SettingsException(refused.Message);
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_node is not null)
            await _node.DisposeAsync();
        _node = null;
    }
}
