using Telemedicine.Media;
using Telemedicine.Signalling.Hubs;

namespace Telemedicine.Signalling.MediaNode;

/// <summary>
/// The media of one consultation: one router, made when first needed and closed when the last session is gone. What is asked of it runs
/// one after another in the order it was asked, outside the clinic's mailbox, so that a closing never overtakes a making.
/// Ask from the mailbox only.
/// </summary>
internal sealed class ConsultationMedia(MediaHost host)
{
    private Task _last = Task.CompletedTask;
    private Router? _router;

    /// <summary>Called on the thread pool, in order, with the producer whose voice is heard now, or null.</summary>
    public Action<Guid?>? SpeakerChanged { get; set; }

    public Task<WebRtcTransport> CreateTransportAsync(TransportDirection direction) => RunAsync(() =>
    {
        _router ??= OpenRouter();
        return _router.CreateTransportAsync(direction, CancellationToken.None);
    });

    public Task CloseRouterAsync() => RunAsync(async () =>
    {
        var router = _router;
        _router = null;
        if (router is not null)
            await router.CloseAsync();
    });

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

    private Router OpenRouter()
    {
        try
        {
            var router = host.CreateRouter();
            router.ActiveSpeakerChanged += (_, producer) => SpeakerChanged?.Invoke(producer);
            return router;
        }
        catch (MediaException)
        {
            throw HubErrors.TooMany("Too many consultations are going on. Try again in a minute.");
        }
    }

    private static async Task<T> AfterAsync<T>(Task before, Func<Task<T>> work)
    {
        // Whoever asked for the one before hears of its failure; always off the mailbox's loop.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        return await work();
    }
}
