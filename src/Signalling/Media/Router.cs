namespace Telemedicine.Media;

/// <summary>The media of one consultation. Closing it closes its transports, producers and consumers.</summary>
public sealed class Router
{
    public Guid Id => throw new NotImplementedException();

    public Task<WebRtcTransport> CreateTransportAsync(TransportDirection direction, CancellationToken cancellation) => throw new NotImplementedException();

    public Task CloseAsync() => throw new NotImplementedException();
}
