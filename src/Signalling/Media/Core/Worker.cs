using System.Collections.Concurrent;
using Telemedicine.Media.Dtls;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Core;

/// <summary>
/// The thread that owns an engine and its socket. All else reaches the engine by commands, and datagrams that came elsewhere by the inbox.
/// DTLS handshakes (under half a millisecond each) run here too; how many begin in a second is limited.
/// </summary>
internal sealed class Worker : IHandOver
{
    /// <summary>Without transports nothing is due.</summary>
    private const int IdleWait = 1_000_000;

    /// <summary>
    /// With this many datagrams in a tick (2,000 a second) the next is there in half a millisecond, and a command can wait for it; but not all the commands of
    /// someone who is joining, so not in the tick after one.
    /// </summary>
    private const int BusyTick = 20;

    private readonly UdpLayer _udp;
    private readonly WorkerOutput _output;
    private readonly MediaClock _clock;
    private readonly Inbox _inbox = new();
    private readonly ConcurrentQueue<Task> _commands = new();
    private readonly Thread _thread;
    private readonly TaskCompletionSource _stopped = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private bool _closed;
    private volatile bool _stopping;
    private int _waiting;
    private int _routers;

    /// <param name="workers">All of the node, this one at <paramref name="index"/>.</param>
    public Worker(int index, IReadOnlyList<IHandOver> workers, UdpLayer udp, TcpConnections connections, DtlsContext dtls, WorkLimits limits, MediaClock clock)
    {
        _udp = udp;
        _clock = clock;
        _output = new WorkerOutput(udp, connections);
        Engine = new Engine(_output, dtls, limits, index, workers);
        _thread = new Thread(Run) { Name = $"media {index}", IsBackground = true, Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>How many routers it has.</summary>
    public int Routers => Volatile.Read(ref _routers);

    /// <summary>Only commands may touch it.</summary>
    public Engine Engine { get; }

    public void Start() => _thread.Start();

    public void CountRouter(int change) => Interlocked.Add(ref _routers, change);

    /// <summary>On the worker's thread.</summary>
    public MediaCounters ReadCounters() => Engine.Counters.Read() with { DroppedSends = _output.Dropped };

    /// <inheritdoc/>
    public bool TryHandOver(int via, PeerAddress from, ReadOnlySpan<byte> datagram)
    {
        var taken = _inbox.TryPost(via, from, datagram);
        // Either this sees that the worker waits, or the worker sees the datagram before it waits.
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) == 1 && Interlocked.Exchange(ref _waiting, 0) == 1)
            _udp.Wake();
        return taken;
    }

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
        Scheduling.Prefer();
        var tickAt = _clock.Now;
        var receivedInTick = 0;
        var commands = 0;
        var busy = false;
        while (!_stopping)
        {
            commands += RunCommands();
            var now = _clock.Now;
            if (now >= tickAt)
            {
                Engine.HandleTimeout(now);
                tickAt = now + Engine.TickInterval;
                busy = receivedInTick >= BusyTick && commands == 0;
                receivedInTick = commands = 0;
            }

            _output.Flush();
            if (!busy)
                Wait(Engine.TransportCount == 0 ? IdleWait : (int)Math.Max(0, tickAt - _clock.Now));
            var received = busy ? _udp.ReceiveNext() : _udp.Receive();
            receivedInTick += received;
            now = _clock.Now;
            for (var i = 0; i < received; i++)
                Engine.HandleDatagram(now, _udp.From(i), _udp.Datagram(i));
            EmptyInbox(now);
            _output.Flush();
        }

        lock (_gate)
            _closed = true;
        RunCommands();
        Engine.CloseAll();
        _output.Flush();
        _stopped.SetResult();
    }

    private void Wait(int microseconds)
    {
        Interlocked.Exchange(ref _waiting, 1);
        _udp.Wait(_inbox.IsEmpty ? microseconds : 0);
        Volatile.Write(ref _waiting, 0);
    }

    private void EmptyInbox(long now)
    {
        // As many as one receive brings: the socket must not wait behind a full inbox.
        for (var taken = 0; taken < UdpLayer.ReceiveBatch && _inbox.TryTake(out var via, out var from, out var datagram); taken++)
        {
            Engine.HandleHandedOver(now, via, from, datagram);
            _inbox.Release();
        }
    }

    /// <returns>How many there were.</returns>
    private int RunCommands()
    {
        var count = 0;
        for (; _commands.TryDequeue(out var command); count++)
        {
            if (!command.IsCanceled)
                command.RunSynchronously(TaskScheduler.Default);
        }

        return count;
    }
}
