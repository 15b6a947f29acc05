using System.Collections.Concurrent;
using Telemedicine.Media.Dtls;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Core;

/// <summary>
/// The thread that owns an engine and its socket. All else reaches the engine by commands. DTLS handshakes (under half a millisecond each)
/// run here too; if many calls start at once they can move to a thread of their own.
/// </summary>
internal sealed class Worker
{
    /// <summary>Without transports nothing is due.</summary>
    private const int IdleWait = 1_000_000;

    /// <summary>
    /// With this many datagrams in a tick (4,000 a second) another comes within <see cref="GatherTime"/>: rather than wait for each, let some gather.
    /// The time is small against what a network adds, and below what a busy server's queue would.
    /// </summary>
    private const int BusyTick = 40;
    private const int GatherTime = 250;

    private readonly UdpLayer _udp;
    private readonly MediaClock _clock;
    private readonly ConcurrentQueue<Task> _commands = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _closed;
    private volatile bool _stopping;

    public Worker(UdpLayer udp, DtlsContext dtls, MediaClock clock)
    {
        _udp = udp;
        _clock = clock;
        Engine = new Engine(udp, dtls);
        _thread = new Thread(Run) { Name = "media", IsBackground = true };
        _thread.Start();
    }

    /// <summary>Only commands may touch it.</summary>
    public Engine Engine { get; }

    /// <summary>Runs a command on the worker's thread, with the engine's time. What it throws comes out of the task.</summary>
    /// <exception cref="MediaException">The worker has stopped.</exception>
    public Task<T> InvokeAsync<T>(Func<long, T> command, CancellationToken cancellation)
    {
        var task = new Task<T>(() => command(_clock.Now), cancellation, TaskCreationOptions.RunContinuationsAsynchronously);
        return Enqueue(task) ? task : Task.FromException<T>(Stopped());
    }

    /// <inheritdoc cref="InvokeAsync{T}"/>
    public Task InvokeAsync(Action<long> command, CancellationToken cancellation)
    {
        var task = new Task(() => command(_clock.Now), cancellation, TaskCreationOptions.RunContinuationsAsynchronously);
        return Enqueue(task) ? task : Task.FromException(Stopped());
    }

    /// <summary>As <see cref="InvokeAsync"/>, for what has nothing left to do once the worker has stopped and everything is closed.</summary>
    public Task InvokeUnlessStoppedAsync(Action<long> command)
    {
        var task = new Task(() => command(_clock.Now), TaskCreationOptions.RunContinuationsAsynchronously);
        return Enqueue(task) ? task : Task.CompletedTask;
    }

    /// <summary>Closes every transport, tells their peers, and ends the thread.</summary>
    public Task StopAsync()
    {
        _stopping = true;
        _udp.Wake();
        return _stopped.Task;
    }

    private static MediaException Stopped() => new("The media server has stopped.");

    private bool Enqueue(Task command)
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _commands.Enqueue(command);
            _udp.Wake();
            return true;
        }
    }

    private void Run()
    {
        var tickAt = _clock.Now;
        var receivedInTick = 0;
        var busy = false;
        var received = 0;
        while (!_stopping)
        {
            RunCommands();
            var now = _clock.Now;
            if (now >= tickAt)
            {
                Engine.HandleTimeout(now);
                tickAt = now + Engine.TickInterval;
                busy = receivedInTick >= BusyTick;
                receivedInTick = 0;
            }

            _udp.Flush();
            if (busy && received < UdpLayer.ReceiveBatch)
                _udp.Rest(GatherTime);
            else if (!busy)
                _udp.Wait(Engine.TransportCount == 0 ? IdleWait : (int)Math.Max(0, tickAt - _clock.Now));
            received = _udp.Receive();
            receivedInTick += received;
            now = _clock.Now;
            for (var i = 0; i < received; i++)
                Engine.HandleDatagram(now, _udp.From(i), _udp.Datagram(i));
            _udp.Flush();
        }

        lock (_gate)
            _closed = true;
        RunCommands();
        Engine.CloseAll();
        _udp.Flush();
        _stopped.SetResult();
    }

    private void RunCommands()
    {
        while (_commands.TryDequeue(out var command))
        {
            if (!command.IsCanceled)
                command.RunSynchronously(TaskScheduler.Default);
        }
    }
}
