using Telemedicine.Media.Core;

namespace Telemedicine.Media;

/// <summary>One track that a client sends.</summary>
public sealed class Producer
{
    private readonly Worker _worker;

    internal Producer(Router router, Worker worker, IncomingTrack track, MediaKind kind, RtpParameters parameters)
    {
        _worker = worker;
        Router = router;
        Track = track;
        Kind = kind;
        RtpParameters = parameters;
    }

    public Guid Id => Track.Id;

    public MediaKind Kind { get; }

    public RtpParameters RtpParameters { get; }

    public bool Paused => Track.Paused;

    internal Router Router { get; }

    internal IncomingTrack Track { get; }

    /// <summary>Consumers stop receiving until <see cref="ResumeAsync"/>, which asks for a key frame.</summary>
    public Task PauseAsync() => _worker.InvokeUnlessStoppedAsync(_ => Track.Pause());

    public Task ResumeAsync() => _worker.InvokeUnlessStoppedAsync(Track.Resume);

    /// <summary>Closes it with its consumers.</summary>
    public Task CloseAsync() => _worker.InvokeUnlessStoppedAsync(_ => Track.Close());
}
