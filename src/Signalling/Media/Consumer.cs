using Telemedicine.Media.Core;

namespace Telemedicine.Media;

/// <summary>One producer forwarded to one receiving transport. Created paused. Closed with its producer; calls then do nothing.</summary>
public sealed class Consumer
{
    private readonly Worker _worker;
    private readonly OutgoingTrack _track;

    internal Consumer(Worker worker, OutgoingTrack track, Producer producer, SerialCallbacks callbacks)
    {
        _worker = worker;
        _track = track;
        ProducerId = producer.Id;
        Kind = producer.Kind;
        track.LayersChanged = layers => callbacks.Post(() => LayersChanged?.Invoke(this, layers));
    }

    public Guid Id { get; } = Guid.NewGuid();

    public Guid ProducerId { get; }

    public MediaKind Kind { get; }

    /// <summary>What the client passes to its receive transport's consume().</summary>
    public RtpParameters RtpParameters => _track.Parameters;

    /// <summary>Closed itself, or with its producer or transport.</summary>
    public bool Closed => _track.IsClosed;

    /// <summary>
    /// Raised on the thread pool, in order, with the layers that are now forwarded; null when video is paused because the receiver's bandwidth
    /// does not carry it.
    /// </summary>
    public event Action<Consumer, ConsumerLayers?>? LayersChanged;

    internal OutgoingTrack Track => _track;

    /// <summary>
    /// The most that the receiver wishes: a small picture needs no high layer. What it gets also depends on what the publisher sends and the
    /// bandwidth carries. Higher numbers than there are layers mean the highest.
    /// </summary>
    /// <exception cref="MediaException">A negative layer.</exception>
    public Task SetPreferredLayersAsync(int spatialLayer, int temporalLayer)
    {
        if (spatialLayer < 0 || temporalLayer < 0)
            throw new MediaException("Layers are numbered from 0.");
        return _worker.InvokeUnlessStoppedAsync(now => _track.SetPreferred(now, new ConsumerLayers(spatialLayer, temporalLayer)));
    }

    public Task PauseAsync() => _worker.InvokeUnlessStoppedAsync(_ => _track.Pause());

    /// <summary>Starts forwarding; video asks its producer for a key frame.</summary>
    public Task ResumeAsync() => _worker.InvokeUnlessStoppedAsync(_track.Resume);

    public Task CloseAsync() => _worker.InvokeUnlessStoppedAsync(_ => _track.Close());
}
