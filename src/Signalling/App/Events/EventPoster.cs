using System.Net;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Events;

/// <summary>
/// Posts events to Web, signed, until Web has each of them at least once. What Web calls wrong (400) is logged and dropped; whatever
/// else goes wrong is tried again.
/// </summary>
public sealed partial class EventPoster(ConsultationEvents events, SignedSender web, ILogger<EventPoster> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            if (events.TryTake(out var batch, out var wait, stoppingToken))
                await PostAsync(batch, stoppingToken);
            else
                await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task PostAsync(IReadOnlyList<PendingEvent> batch, CancellationToken stopping)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new EventBatch([.. batch.Select(pending => pending.Event)]), ContractsJson.Default.EventBatch);
        var status = await web.PostAsync(EventBatch.Path, body, stopping);
        if (stopping.IsCancellationRequested)
            return;
        if (status is { } answered && (int)answered is >= 200 and < 300)
        {
            events.Done(batch);
        }
        else if (status != HttpStatusCode.BadRequest)
        {
            events.Retry(batch);
            LogNotTaken(batch.Count, status);
        }
        else if (batch.Count > 1)
        {
            events.Separate(batch);
        }
        else
        {
            LogRefused(batch[0].Event.Id, batch[0].Event.Type);
            events.Done(batch);
        }
    }
}
