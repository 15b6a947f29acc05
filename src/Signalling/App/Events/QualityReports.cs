using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Events;

/// <summary>
/// The quality reports that Web does not have yet. A later report of a session replaces the one that waits, so there is at most one a session;
/// beyond <c>capacity</c> sessions new ones are left out, for a call matters more than what is known of it.
/// </summary>
public sealed class QualityReports(int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<SessionId, QualityReport> _waiting = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>With the sessions of a large node, several times over.</summary>
    public QualityReports()
        : this(10_000)
    {
    }

    public void Publish(QualityReport report)
    {
        lock (_gate)
            Keep(report);
    }

    /// <summary>Completes when there is something to take.</summary>
    public Task WaitAsync(CancellationToken cancellation)
    {
        lock (_gate)
            return _arrived.Task.WaitAsync(cancellation);
    }

    /// <summary>At most <see cref="QualityBatch.MaxReports"/>.</summary>
    public IReadOnlyList<QualityReport> Take()
    {
        lock (_gate)
        {
            var batch = _waiting.Values.Take(QualityBatch.MaxReports).ToList();
            foreach (var report in batch)
                _waiting.Remove(report.Session);
            if (_waiting.Count == 0)
                _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return batch;
        }
    }

    /// <summary>Web could not take them now.</summary>
    public void PutBack(IReadOnlyList<QualityReport> batch)
    {
        lock (_gate)
        {
            foreach (var report in batch)
                Keep(report);
        }
    }

    private void Keep(QualityReport report)
    {
        if (_waiting.TryGetValue(report.Session, out var known) ? known.Number >= report.Number : _waiting.Count >= capacity)
            return;
        _waiting[report.Session] = report;
        _arrived.TrySetResult();
    }
}
