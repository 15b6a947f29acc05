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
    private readonly List<Producer> _producers = [];
    private readonly List<Consumer> _consumers = [];

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
    public async Task<Producer> ProduceAsync(MediaKind kind, RtpParameters parameters, MediaSource source, bool paused, CancellationToken cancellation)
    {
        if (_core.Incoming is not { } incoming)
            throw new MediaException("This connection only receives.");
        var format = ProducerFormat.Parse(kind, parameters);
        return await _worker.InvokeAsync(
            _ =>
            {
                CheckRoom(_producers.Count, MaximumProducers);
                var track = incoming.AddTrack(format, paused, source);
                var producer = new Producer(_router, _worker, track, kind, parameters);
                _producers.Add(producer);
                track.Closed = () => _producers.Remove(producer);
                return producer;
            },
            cancellation);
    }

    /// <summary>Makes a paused consumer of a producer of the same router.</summary>
    /// <exception cref="CannotPlayException">The receiver cannot decode the producer's codec.</exception>
    /// <exception cref="MediaException">One of the two is closed, or the connection carries too many media.</exception>
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
                CheckRoom(_consumers.Count, MaximumConsumers);
                if (producer.Track.IsClosed)
                    throw new MediaException("The media has ended.");
                var track = outgoing.AddTrack(now, producer.Track, format);
                var consumer = new Consumer(_worker, track, producer, _callbacks);
                _consumers.Add(consumer);
                track.Closed = () => _consumers.Remove(consumer);
                return consumer;
            },
            cancellation);
    }

    /// <summary>The figures of this moment; without tracks once the connection is closed.</summary>
    /// <exception cref="MediaException">The node has stopped.</exception>
    public Task<TransportStatistics> ReadStatisticsAsync(CancellationToken cancellation = default) =>
        _worker.InvokeAsync(_ => StatisticsReader.Read(_core, _producers, _consumers), cancellation);

    public Task CloseAsync() => _worker.InvokeUnlessStoppedAsync(_ => Close());

    /// <summary>On the worker's thread.</summary>
    internal void Close() => _core.Close();

    private void CheckRoom(int tracks, int maximum)
    {
        if (_core.IsOver)
            throw new MediaException("The connection is closed.");
        if (tracks >= maximum)
            throw new MediaException("The connection carries too many media.");
    }

    private void OnStateChanged(TransportState state)
    {
        if (_core.IsOver)
            _router.Remove(this);
        _callbacks.Post(() => StateChanged?.Invoke(this, state));
    }
}
