using Telemedicine.Media.Core;

namespace Telemedicine.Media;

/// <summary>One producer forwarded to one receiving transport. Created paused. Closed with its producer; calls then do nothing.</summary>
public sealed class Consumer
{
    private readonly Worker _worker;
    private readonly OutgoingTrack _track;

    internal Consumer(Worker worker, OutgoingTrack track, MediaKind kind)
    {
        _worker = worker;
        _track = track;
        Kind = kind;
    }

    public Guid Id { get; } = Guid.NewGuid();

    public MediaKind Kind { get; }

    /// <summary>What the client passes to its receive transport's consume().</summary>
    public RtpParameters RtpParameters => _track.Parameters;

    /// <summary>Closed itself, or with its producer or transport.</summary>
    public bool Closed => _track.IsClosed;

    public Task PauseAsync() => _worker.InvokeUnlessStoppedAsync(_ => _track.Pause());

    /// <summary>Starts forwarding; video asks its producer for a key frame.</summary>
    public Task ResumeAsync() => _worker.InvokeUnlessStoppedAsync(_track.Resume);

    public Task CloseAsync() => _worker.InvokeUnlessStoppedAsync(_ => _track.Close());
}
