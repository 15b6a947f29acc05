using Telemedicine.Media;

namespace Telemedicine.Signalling.MediaNode;

/// <summary>
/// The media of one consultation: one router, open while there are sessions, so that a call that may begin finds its place kept. What is
/// asked of it runs one after another in the order it was asked, outside the clinic's mailbox, so that a closing never overtakes a making.
/// Ask from the mailbox only.
/// </summary>
internal sealed class ConsultationMedia(MediaHost host)
{
    private Task _last = Task.CompletedTask;
    private Router? _router;

    /// <summary>Called on the thread pool, in order, with the producer whose voice is heard now, or null.</summary>
    public Action<Guid?>? SpeakerChanged { get; set; }

    public bool IsDraining => host.Load.Draining;

    /// <param name="begun">The consultation goes on from another node: it is let in even where all places are taken.</param>
    /// <exception cref="Microsoft.AspNetCore.SignalR.HubException">The node is full, or about to stop.</exception>
    public void Open(bool begun)
    {
        if (_router is not null)
            return;
        _router = host.CreateRouter(begun);
        _router.ActiveSpeakerChanged += (_, producer) => SpeakerChanged?.Invoke(producer);
    }

    public Task<WebRtcTransport> CreateTransportAsync(TransportDirection direction)
    {
        var router = _router ?? throw new InvalidOperationException("A transport was asked for in a consultation without sessions.");
        return RunAsync(() => router.CreateTransportAsync(direction, CancellationToken.None));
    }

    public Task CloseAsync()
    {
        var router = _router;
        _router = null;
        return router is null ? Task.CompletedTask : RunAsync(router.CloseAsync);
    }

    public Task<T> RunAsync<T>(Func<Task<T>> work)
    {
        var task = AfterAsync(_last, work);
        _last = task;
        return task;
    }

    public Task RunAsync(Func<Task> work) => RunAsync(async () =>
    {
        await work();
        return true;
    });

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> work)
    {
        // Whoever asked for the one before hears of its failure; always off the mailbox's loop.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        return await work();
    }
}
