using System.Diagnostics.Metrics;
using Telemedicine.Media;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.MediaNode;

/// <summary>Starts the media node before the server takes its first connection, and closes it after the last.</summary>
public sealed class MediaHost(SignallingSettings settings, TimeProvider time, IMeterFactory meters) : IHostedService, IAsyncDisposable
{
    private Telemedicine.Media.MediaNode? _node;

    public static RtpCapabilities RtpCapabilities => Telemedicine.Media.MediaNode.RtpCapabilities;

    public MediaLoad Load => Node.Load;

    private Telemedicine.Media.MediaNode Node => _node ?? throw new InvalidOperationException("The media node is not running.");

    /// <param name="begun">The consultation goes on from another node.</param>
    /// <exception cref="Microsoft.AspNetCore.SignalR.HubException">The node is full, or about to stop.</exception>
    public Router CreateRouter(bool begun)
    {
        try
        {
            return Node.CreateRouter(begun);
        }
        catch (MediaException)
        {
            throw Load.Draining
                ? HubErrors.Full("The call service is being updated. Stay on this page: we will connect you in a moment.")
                : HubErrors.Full("All call rooms are in use. Stay on this page: we will connect you as soon as one is free.");
        }
    }

    /// <summary>For an echo; it takes no place from a consultation.</summary>
    /// <exception cref="MediaException">The node is about to stop.</exception>
    public Router CreateEchoRouter() => Node.CreateEchoRouter();

    /// <summary>From now on no consultation begins here. Those that have begun go on.</summary>
    public void Drain() => Node.Drain();

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
