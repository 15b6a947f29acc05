namespace Telemedicine.Media.Core;

/// <summary>Runs callbacks on the thread pool, one after the other, in the order posted.</summary>
internal sealed class SerialCallbacks : IThreadPoolWorkItem
{
    private readonly Lock _lock = new();
    private readonly Queue<Action> _waiting = new();
    private bool _running;

    public void Post(Action callback)
    {
        lock (_lock)
        {
            _waiting.Enqueue(callback);
            if (_running)
                return;
            _running = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    void IThreadPoolWorkItem.Execute()
    {
        while (true)
        {
            Action? next;
            lock (_lock)
            {
                if (!_waiting.TryDequeue(out next))
                {
                    _running = false;
                    return;
                }
            }

            next();
        }
    }
}
