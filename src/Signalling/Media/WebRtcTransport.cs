using Telemedicine.Media.Core;
using Telemedicine.Media.Ortc;

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
    /// <summary>Microphone, camera, screen and one to spare.</summary>
    private const int MaximumProducers = 8;

    private const int MaximumConsumers = 128;

    private readonly Router _router;
    private readonly Worker _worker;
    private readonly Transport _core;
    private readonly SerialCallbacks _callbacks = new();
    private int _tracks;

    internal WebRtcTransport(
        Router router, Worker worker, TransportDirection direction, Transport core, IReadOnlyList<IceCandidate> candidates, DtlsParameters dtls)
    {
        _router = router;
        _worker = worker;
        _core = core;
        Direction = direction;
        Parameters = new TransportParameters(Id, core.IceParameters, candidates, dtls);
        core.StateChanged = OnStateChanged;
    }

    public Guid Id { get; } = Guid.NewGuid();

    public TransportDirection Direction { get; }

    /// <summary>What the client needs to make its side.</summary>
    public TransportParameters Parameters { get; }

    /// <summary>The latest; <see cref="StateChanged"/> may still be on its way.</summary>
    public TransportState State => _core.State;

    /// <summary>Raised on the thread pool, in order.</summary>
    public event Action<WebRtcTransport, TransportState>? StateChanged;

    /// <summary>Says which certificate the peer will show. Once only.</summary>
    /// <exception cref="MediaException">Unusable parameters, or called twice.</exception>
    public Task ConnectAsync(DtlsParameters remote, CancellationToken cancellation) => _worker.InvokeAsync(now => _core.Connect(now, remote), cancellation);

    /// <exception cref="MediaException">The transport is closed.</exception>
    public Task<IceParameters> RestartIceAsync(CancellationToken cancellation) => _worker.InvokeAsync(_ => _core.RestartIce(), cancellation);

    /// <exception cref="MediaException">Parameters that this router cannot carry, or a transport of the other direction.</exception>
    public async Task<Producer> ProduceAsync(MediaKind kind, RtpParameters parameters, bool paused, CancellationToken cancellation)
    {
        if (_core.Incoming is not { } incoming)
            throw new MediaException("This connection only receives.");
        var format = ProducerFormat.Parse(kind, parameters);
        return await _worker.InvokeAsync(
            _ =>
            {
                CheckRoom(MaximumProducers);
                var track = incoming.AddTrack(format, paused);
                _tracks++;
                track.Closed = () => _tracks--;
                return new Producer(_router, _worker, track, kind, parameters);
            },
            cancellation);
    }

    /// <summary>Makes a paused consumer of a producer of the same router.</summary>
    /// <exception cref="MediaException">The receiver cannot decode the producer's codec.</exception>
    public async Task<Consumer> ConsumeAsync(Producer producer, RtpCapabilities receiver, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(producer);
        if (_core.Outgoing is not { } outgoing)
            throw new MediaException("This connection only sends.");
        if (producer.Router != _router)
            throw new MediaException("The media belongs to another call.");
        var format = ConsumerFormat.Negotiate(producer.Track.Format, receiver);
        return await _worker.InvokeAsync(
            now =>
            {
                CheckRoom(MaximumConsumers);
                if (producer.Track.IsClosed)
                    throw new MediaException("The media has ended.");
                var track = outgoing.AddTrack(now, producer.Track, format);
                _tracks++;
                track.Closed = () => _tracks--;
                return new Consumer(_worker, track, producer.Kind);
            },
            cancellation);
    }

    public Task CloseAsync() => _worker.InvokeUnlessStoppedAsync(_ => Close());

    /// <summary>On the worker's thread.</summary>
    internal void Close() => _core.Close();

    private void CheckRoom(int maximum)
    {
        if (_core.IsOver)
            throw new MediaException("The connection is closed.");
        if (_tracks >= maximum)
            throw new MediaException("The connection carries too many media.");
    }

    private void OnStateChanged(TransportState state)
    {
        if (_core.IsOver)
            _router.Remove(this);
        _callbacks.Post(() => StateChanged?.Invoke(this, state));
    }
}
