using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Events;

/// <summary>
/// Posts events to Web, signed, until Web has each of them at least once. What Web calls wrong (400) is logged and dropped; whatever
/// else goes wrong is tried again.
/// </summary>
public sealed partial class EventPoster(
    ConsultationEvents events,
    IHttpClientFactory clients,
    SignallingSettings settings,
    TimeProvider time,
    ILogger<EventPoster> logger) : BackgroundService
{
    public const string ClientName = "events";

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
        var status = await SendAsync(batch, stopping);
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

    /// <summary>Web's answer, or null if there was none.</summary>
    private async Task<HttpStatusCode?> SendAsync(IReadOnlyList<PendingEvent> batch, CancellationToken stopping)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new EventBatch([.. batch.Select(pending => pending.Event)]), ContractsJson.Default.EventBatch);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.WebInternalUrl, EventBatch.Path));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(MessageSignature.Header, MessageSignature.Sign(settings.Keys[0], body, time.GetUtcNow()));

        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stopping);
            return response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
