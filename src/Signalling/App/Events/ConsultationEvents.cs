using System.Diagnostics.CodeAnalysis;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Events;

/// <summary>
/// The events that Web does not have yet, a queue for each consultation. One is safe in the spool before <see cref="Publish"/> returns.
/// A consultation whose events Web refuses waits by itself and one event at a time, so that it holds no other up.
/// </summary>
public sealed partial class ConsultationEvents
{
    /// <summary>With Web away for a day, a large node makes some thousands.</summary>
    private const int Capacity = 50_000;

    private static readonly TimeSpan FirstRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<ConsultationId, Queue> _queues = [];
    private readonly EventSpool _spool;
    private readonly TimeProvider _time;
    private readonly ILogger<ConsultationEvents> _logger;
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _lastNumber;
    private readonly int _capacity;
    private int _count;

    public ConsultationEvents(EventSpool spool, TimeProvider time, ILogger<ConsultationEvents> logger)
        : this(spool, time, logger, Capacity)
    {
    }

    public ConsultationEvents(EventSpool spool, TimeProvider time, ILogger<ConsultationEvents> logger, int capacity)
    {
        (_spool, _time, _logger, _capacity) = (spool, time, logger, capacity);
        foreach (var pending in spool.Load())
            Add(pending);
    }

    /// <summary>Keeps an event for Web. When too many wait already it is dropped, and that is logged.</summary>
    public void Publish(ConsultationEvent happened)
    {
        lock (_gate)
        {
            if (_count >= _capacity)
            {
                LogFull(happened.Id);
                return;
            }
            var pending = new PendingEvent(_lastNumber + 1, happened);
            _spool.TryAdd(pending);
            Add(pending);
            _arrived.TrySetResult();
        }
    }

    /// <summary>What to post now: at most <see cref="EventBatch.MaxEvents"/>, in order. Nothing: wait for <paramref name="wait"/>.</summary>
    public bool TryTake([NotNullWhen(true)] out IReadOnlyList<PendingEvent>? batch, [NotNullWhen(false)] out Task? wait, CancellationToken cancellation)
    {
        lock (_gate)
        {
            var now = _time.GetUtcNow();
            var due = _queues.Values.Where(queue => queue.NotBefore <= now).ToList();
            var said = 0;
            batch = due.Where(queue => !queue.Careful).SelectMany(queue => queue.Events).OrderBy(pending => pending.Number).Take(EventBatch.MaxEvents)
                .TakeWhile(pending => (said += pending.Event.Text?.Length ?? 0) <= EventBatch.MaxText).ToList();
            if (batch.Count == 0 && due.MinBy(queue => queue.NotBefore) is { } careful)
                batch = [careful.Events.Peek()];
            if (batch.Count > 0)
            {
                wait = null;
                return true;
            }
            batch = null;
            if (_arrived.Task.IsCompleted)
                _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            wait = _queues.Count == 0
                ? _arrived.Task.WaitAsync(cancellation)
                : Task.WhenAny(_arrived.Task, Task.Delay(_queues.Values.Min(queue => queue.NotBefore) - now, _time, cancellation));
            return false;
        }
    }

    /// <summary>Web has them, or will never take them.</summary>
    public void Done(IReadOnlyList<PendingEvent> batch)
    {
        lock (_gate)
        {
            foreach (var pending in batch)
            {
                var queue = _queues[pending.Event.Consultation];
                queue.Events.Dequeue();
                queue.Failures = 0;
                queue.NotBefore = DateTimeOffset.MinValue;
                if (queue.Events.Count == 0)
                    _queues.Remove(pending.Event.Consultation);
                _count--;
                _spool.Remove(pending);
            }
        }
    }

    /// <summary>Web refused something in a batch of several: from now on each event of theirs goes alone.</summary>
    public void Separate(IReadOnlyList<PendingEvent> batch)
    {
        lock (_gate)
        {
            foreach (var queue in QueuesOf(batch))
                queue.Careful = true;
        }
    }

    /// <summary>Web could not take them now. The pause doubles from 1 s to 1 minute.</summary>
    public void Retry(IReadOnlyList<PendingEvent> batch)
    {
        lock (_gate)
        {
            foreach (var queue in QueuesOf(batch))
            {
                queue.Careful = true;
                queue.NotBefore = _time.GetUtcNow() + TimeSpan.FromTicks(Math.Min(LongestRetry.Ticks, FirstRetry.Ticks << Math.Min(queue.Failures, 10)));
                queue.Failures++;
            }
        }
    }

    private IEnumerable<Queue> QueuesOf(IReadOnlyList<PendingEvent> batch) =>
        batch.Select(pending => pending.Event.Consultation).Distinct().Select(consultation => _queues[consultation]);

    private void Add(PendingEvent pending)
    {
        if (!_queues.TryGetValue(pending.Event.Consultation, out var queue))
            _queues.Add(pending.Event.Consultation, queue = new Queue());
        queue.Events.Enqueue(pending);
        _lastNumber = Math.Max(_lastNumber, pending.Number);
        _count++;
    }

    private sealed class Queue
    {
        public Queue<PendingEvent> Events { get; } = [];

        public int Failures { get; set; }

        public bool Careful { get; set; }

        public DateTimeOffset NotBefore { get; set; } = DateTimeOffset.MinValue;
    }
}
