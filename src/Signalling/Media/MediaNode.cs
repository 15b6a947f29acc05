namespace Telemedicine.Media;

/// <summary>The SFU of one process: its sockets and worker loops. Routers are made here.</summary>
public sealed class MediaNode : IAsyncDisposable
{
    public static Task<MediaNode> StartAsync(MediaOptions options, TimeProvider time, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>What every router can receive and forward, in mediasoup-client's shape.</summary>
    public static RtpCapabilities RtpCapabilities => throw new NotImplementedException();

    /// <summary>The UDP port in use (the one asked for, or the one the system chose for 0).</summary>
    public int Port => throw new NotImplementedException();

    /// <exception cref="MediaException">The node is full.</exception>
    public Router CreateRouter() => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
