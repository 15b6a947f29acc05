using System.Threading.Channels;

namespace Telemedicine.Signalling.Rooms;

/// <summary>
/// Runs what is put into it one after another, in order, on one loop: the state that only such work touches needs no lock. Work must
/// not block; whatever takes time runs elsewhere and puts its outcome back in.
/// </summary>
public sealed class Mailbox
{
    private readonly Channel<Task> _work = Channel.CreateUnbounded<Task>(new() { SingleReader = true });
    private readonly Action<Exception> _failed;

    /// <param name="failed">Told of work that failed with nobody waiting for it.</param>
    public Mailbox(Action<Exception> failed)
    {
        _failed = failed;
        _ = RunAsync();
    }

    /// <summary>Runs <paramref name="work"/> in its turn; its result or exception is the caller's.</summary>
    public Task<T> AskAsync<T>(Func<T> work)
    {
        // A cold task carries its own outcome, and its continuations never run on the loop.
        var task = new Task<T>(work, TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_work.Writer.TryWrite(task))
            throw new InvalidOperationException("The mailbox is closed.");
        return task;
    }

    /// <summary>Runs <paramref name="work"/> in its turn, if the mailbox is still open.</summary>
    public void Tell(Action work)
    {
        var task = new Task(work, TaskCreationOptions.RunContinuationsAsynchronously);
        Observe(task);
        _work.Writer.TryWrite(task);
    }

    /// <summary>Reports the failure of a task that nobody awaits.</summary>
    public void Observe(Task task) =>
        task.ContinueWith(
            (done, failed) => ((Action<Exception>)failed!)(done.Exception!.GetBaseException()),
            _failed,
            CancellationToken.None,
            TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
            TaskScheduler.Default);

    /// <summary>Takes nothing more in. What is in it still runs.</summary>
    public void Close() => _work.Writer.TryComplete();

    private async Task RunAsync()
    {
        await foreach (var task in _work.Reader.ReadAllAsync())
            task.RunSynchronously(TaskScheduler.Default);
    }
}
