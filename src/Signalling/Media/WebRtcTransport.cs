namespace Telemedicine.Media;

public enum TransportDirection
{
    /// <summary>The client sends on it: producers.</summary>
    Send,

    /// <summary>The client receives on it: consumers.</summary>
    Receive,
}

public enum TransportState
{
    New,
    Connecting,
    Connected,

    /// <summary>The DTLS handshake failed or the peer's certificate did not match its fingerprint.</summary>
    Failed,

    /// <summary>Closed by us, by the peer's DTLS alert, or after 30 s without ICE consent (RFC 7675).</summary>
    Closed,
}

/// <summary>One ICE + DTLS + SRTP association with one peer.</summary>
public sealed class WebRtcTransport
{
    public Guid Id => throw new NotImplementedException();

    public TransportDirection Direction => throw new NotImplementedException();

    /// <summary>What the client needs to make its side.</summary>
    public TransportParameters Parameters => throw new NotImplementedException();

    public TransportState State => throw new NotImplementedException();

    /// <summary>Raised on the thread pool, in order.</summary>
    public event Action<WebRtcTransport, TransportState>? StateChanged
    {
        add => throw new NotImplementedException();
        remove => throw new NotImplementedException();
    }

    /// <summary>Says which certificate the peer will show. Once only.</summary>
    /// <exception cref="MediaException">Unusable parameters, or called twice.</exception>
    public Task ConnectAsync(DtlsParameters remote, CancellationToken cancellation) => throw new NotImplementedException();

    public Task<IceParameters> RestartIceAsync(CancellationToken cancellation) => throw new NotImplementedException();

    /// <exception cref="MediaException">Parameters that this router cannot carry, or a transport of the other direction.</exception>
    public Task<Producer> ProduceAsync(MediaKind kind, RtpParameters parameters, bool paused, CancellationToken cancellation) => throw new NotImplementedException();

    /// <summary>Makes a paused consumer of a producer of the same router.</summary>
    /// <exception cref="MediaException">The receiver cannot decode the producer's codec.</exception>
    public Task<Consumer> ConsumeAsync(Producer producer, RtpCapabilities receiver, CancellationToken cancellation) => throw new NotImplementedException();

    public Task CloseAsync() => throw new NotImplementedException();
}
