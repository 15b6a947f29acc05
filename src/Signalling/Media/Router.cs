using Telemedicine.Media.Core;

namespace Telemedicine.Media;

/// <summary>The media of one consultation. Closing it closes its transports, producers and consumers.</summary>
public sealed class Router
{
    /// <summary>Two a session; far more than a consultation needs.</summary>
    private const int MaximumTransports = 64;

    private readonly MediaNode _node;
    private readonly Worker _worker;
    private readonly bool _counted;
    private readonly List<WebRtcTransport> _transports = [];
    private readonly ActiveSpeaker _speakers = new();
    private readonly SerialCallbacks _callbacks = new();
    private bool _closed;

    /// <param name="counted">It takes one of the node's places, and so do its participants.</param>
    internal Router(MediaNode node, Worker worker, bool counted)
    {
        _node = node;
        _worker = worker;
        _counted = counted;
        _speakers.Changed = OnSpeaker;
    }

    public Guid Id { get; } = Guid.NewGuid();

    /// <summary>The producer whose voice is heard; null while nobody speaks. The latest; <see cref="ActiveSpeakerChanged"/> may still be on its way.</summary>
    public Guid? ActiveSpeaker => _speakers.Current?.Id;

    /// <summary>Raised on the thread pool, in order, with <see cref="ActiveSpeaker"/> as it became.</summary>
    public event Action<Router, Guid?>? ActiveSpeakerChanged;

    /// <exception cref="MediaException">The router is closed or full, or the node has stopped.</exception>
    public Task<WebRtcTransport> CreateTransportAsync(TransportDirection direction, CancellationToken cancellation) =>
        _worker.InvokeAsync(
            _ =>
            {
                if (_closed)
                    throw new MediaException("The call is over.");
                if (_transports.Count >= MaximumTransports)
                    throw new MediaException("The call has too many connections.");
                var core = _worker.Engine.CreateTransport(direction);
                if (core.Incoming is { } incoming)
                    incoming.Speakers = _speakers;
                var transport = new WebRtcTransport(this, _worker, direction, core, _node.IceCandidates, _node.DtlsParameters);
                _transports.Add(transport);
                if (direction == TransportDirection.Send && _counted)
                    _node.CountParticipant(1);
                return transport;
            },
            cancellation);

    public Task CloseAsync() => _worker.InvokeUnlessStoppedAsync(_ =>
    {
        if (_closed)
            return;
        _closed = true;
        while (_transports.Count > 0)
            _transports[^1].Close();
        _node.OnRouterClosed(_worker, _counted);
    });

    private void OnSpeaker(IncomingTrack? track)
    {
        var id = track?.Id;
        _callbacks.Post(() => ActiveSpeakerChanged?.Invoke(this, id));
    }

    /// <summary>On the worker's thread.</summary>
    internal void Remove(WebRtcTransport transport)
    {
        if (_transports.Remove(transport) && transport.Direction == TransportDirection.Send && _counted)
            _node.CountParticipant(-1);
    }
}
