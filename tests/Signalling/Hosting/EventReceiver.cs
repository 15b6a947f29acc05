using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>One POST of events as it arrived.</summary>
public sealed record Delivery(IReadOnlyList<ConsultationEvent> Events, string Signature, byte[] Body, string? ContentType);

/// <summary>Stands where Web is: a real HTTP server that takes events, or refuses them as the test says.</summary>
public sealed class EventReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Lock _gate = new();
    private readonly List<Delivery> _attempts = [];
    private readonly List<ConsultationEvent> _taken = [];
    private readonly List<QualityReport> _reports = [];
    private readonly List<byte[]> _reportBodies = [];
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private EventReceiver(WebApplication app) => _app = app;

    /// <summary>What to answer to a delivery. A status, or null to never answer.</summary>
    public Func<Delivery, HttpStatusCode?> Answer { get; set; } = _ => HttpStatusCode.NoContent;

    /// <summary>The clock that signatures are checked by.</summary>
    public Func<DateTimeOffset> Now { get; set; } = () => DateTimeOffset.UtcNow;

    /// <summary>What to answer to quality reports.</summary>
    public HttpStatusCode QualityAnswer { get; set; } = HttpStatusCode.NoContent;

    public string Url { get; private set; } = "";

    public static async Task<EventReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var receiver = new EventReceiver(app);
        app.MapPost(EventBatch.Path, receiver.HandleAsync);
        app.MapPost(QualityBatch.Path, receiver.HandleQualityAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        receiver.Url = app.Urls.Single();
        return receiver;
    }

    public IReadOnlyList<Delivery> Attempts
    {
        get
        {
            lock (_gate)
                return [.. _attempts];
        }
    }

    /// <summary>The events answered with success, in the order of their arrival.</summary>
    public IReadOnlyList<ConsultationEvent> Taken
    {
        get
        {
            lock (_gate)
                return [.. _taken];
        }
    }

    /// <summary>Those that tell the course of consultations: who came, was let in and went, without what went wrong meanwhile.</summary>
    public IReadOnlyList<ConsultationEvent> Course =>
        [.. Taken.Where(taken => taken.Type is not (ConsultationEventType.TroubleBegan or ConsultationEventType.TroubleEnded or ConsultationEventType.Stepped))];

    /// <summary>The quality reports that came, whatever the answer was.</summary>
    public IReadOnlyList<QualityReport> Reports
    {
        get
        {
            lock (_gate)
                return [.. _reports];
        }
    }

    /// <summary>The bodies that they came in.</summary>
    public IReadOnlyList<byte[]> ReportBodies
    {
        get
        {
            lock (_gate)
                return [.. _reportBodies];
        }
    }

    public async Task UntilAsync(Func<EventReceiver, bool> condition)
    {
        while (!condition(this))
        {
            Task changed;
            lock (_gate)
                changed = _changed.Task;
            if (condition(this))
                return;
            await changed.WaitAsync(TimeSpan.FromSeconds(15), TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Gives the service a moment to post something.</summary>
    public async Task ChangesWithinAsync(TimeSpan moment)
    {
        Task changed;
        lock (_gate)
            changed = _changed.Task;
        await changed.WaitAsync(moment).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Waits until the types of the events of a consultation's course, in the order taken, are these.</summary>
    public async Task<IReadOnlyList<ConsultationEvent>> UntilTakenAsync(ConsultationId consultation, params ConsultationEventType[] types)
    {
        await UntilAsync(receiver => receiver.Course.Count(taken => taken.Consultation == consultation) >= types.Length);
        var events = Course.Where(taken => taken.Consultation == consultation).ToList();
        Assert.Equal(types, events.Select(taken => taken.Type));
        return events;
    }

    /// <summary>Web is away: nothing listens any more.</summary>
    public Task StopAsync() => _app.StopAsync(TestContext.Current.CancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        var batch = JsonSerializer.Deserialize(body.ToArray(), ContractsJson.Default.EventBatch);
        Assert.NotNull(batch);
        var delivery = new Delivery(batch.Events, context.Request.Headers[MessageSignature.Header].ToString(), body.ToArray(), context.Request.ContentType);
        var answer = Answer(delivery);
        lock (_gate)
        {
            _attempts.Add(delivery);
            if (answer is { } status && (int)status < 300)
                _taken.AddRange(batch.Events);
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        if (answer is null)
        {
            var gone = new TaskCompletionSource();
            using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return;
        }
        context.Response.StatusCode = (int)answer;
    }

    private async Task HandleQualityAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        Assert.True(MessageSignature.Verify([TestTickets.Key], context.Request.Headers[MessageSignature.Header], body.ToArray(), Now()));
        var batch = JsonSerializer.Deserialize(body.ToArray(), ContractsJson.Default.QualityBatch);
        Assert.NotNull(batch);
        lock (_gate)
        {
            _reports.AddRange(batch.Reports);
            _reportBodies.Add(body.ToArray());
            _changed.TrySetResult();
            _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        context.Response.StatusCode = (int)QualityAnswer;
    }
}
