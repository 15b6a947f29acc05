using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>How a network is; each datagram meets it on its own, the same ones in every run.</summary>
/// <param name="DownBitsPerSecond">What one connection from the media node to a browser carries; null: as much as comes.</param>
/// <param name="Loss">Of the datagrams each way, 0 to 1.</param>
/// <param name="Delay">Each way.</param>
/// <param name="Jitter">At most so much longer, so that datagrams overtake one another.</param>
public sealed record NetworkCondition(long? DownBitsPerSecond = null, double Loss = 0, TimeSpan Delay = default, TimeSpan Jitter = default)
{
    public static NetworkCondition Good { get; } = new();
}

/// <summary>
/// Stands between the browsers and the media node, whose announced port is this one's, and treats their datagrams as a poor network would: a bottleneck with a
/// queue, loss, delay and jitter. A relay, because the machines that build this have no netem in their kernel.
/// </summary>
public sealed class PoorNetwork : IAsyncDisposable
{
    /// <summary>What waits longer in front of the bottleneck is dropped.</summary>
    private static readonly TimeSpan QueueLimit = TimeSpan.FromMilliseconds(400);

    private const int LargestDatagram = 2048;

    private readonly Socket _browsers = Bound(IPAddress.Loopback);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<SocketAddress, Way> _ways = [];
    private readonly PriorityQueue<(Socket From, byte[] Datagram, SocketAddress? To), (TimeSpan Due, long Number)> _onTheirWay = new();
    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _more = new(0);
    private readonly Random _random = new(20261128);
    private readonly EndPoint _mediaNode;
    private readonly Task _running;
    private NetworkCondition _condition = NetworkCondition.Good;
    private long _taken;
    private long _dropped;

    /// <param name="mediaPort">The media node's UDP port on loopback.</param>
    public PoorNetwork(int mediaPort)
    {
        _mediaNode = new IPEndPoint(IPAddress.Loopback, mediaPort);
        Port = _browsers.LocalEndPoint is IPEndPoint bound ? bound.Port : throw new InvalidOperationException("Not bound.");
        _running = Task.WhenAll(FromBrowsersAsync(), DeliverAsync());
    }

    /// <summary>Where browsers send to.</summary>
    public int Port { get; }

    /// <summary>Datagrams lost so far.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    public NetworkCondition Condition
    {
        get => Volatile.Read(ref _condition);
        set => Volatile.Write(ref _condition, value);
    }

    private static TimeSpan Now => Stopwatch.GetElapsedTime(0);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _browsers.Dispose();
        foreach (var way in _ways.Values)
            way.Socket.Dispose();
        await _running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        foreach (var way in _ways.Values)
            await way.Receiving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        _more.Dispose();
    }

    /// <summary>One browser's connection.</summary>
    private sealed class Way(Socket socket)
    {
        public Socket Socket => socket;

        public Task Receiving { get; set; } = Task.CompletedTask;

        /// <summary>When the bottleneck has sent what waits in front of it.</summary>
        public TimeSpan BusyUntil { get; set; }
    }

    private static Socket Bound(IPAddress address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Bind(new IPEndPoint(address, 0));
        return socket;
    }

    private async Task FromBrowsersAsync()
    {
        var buffer = new byte[LargestDatagram];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (!_stopping.IsCancellationRequested)
        {
            if (await ReceiveAsync(_browsers, buffer, from) is not { } length)
                continue;
            if (!_ways.TryGetValue(from, out var way))
            {
                var browser = new SocketAddress(AddressFamily.InterNetwork);
                from.Buffer.CopyTo(browser.Buffer);
                way = new Way(Bound(IPAddress.Loopback));
                way.Socket.Connect(_mediaNode);
                _ways.Add(browser, way);
                way.Receiving = FromMediaNodeAsync(way, browser);
            }
            Take(way.Socket, buffer.AsSpan(0, length), null, null);
        }
    }

    private async Task FromMediaNodeAsync(Way way, SocketAddress browser)
    {
        var buffer = new byte[LargestDatagram];
        var from = new SocketAddress(AddressFamily.InterNetwork);
        while (!_stopping.IsCancellationRequested)
        {
            if (await ReceiveAsync(way.Socket, buffer, from) is { } length)
                Take(_browsers, buffer.AsSpan(0, length), browser, way);
        }
    }

    /// <returns>Null when a peer's closed port was answered for, which UDP forgets.</returns>
    private async Task<int?> ReceiveAsync(Socket socket, byte[] buffer, SocketAddress from)
    {
        try
        {
            return await socket.ReceiveFromAsync(buffer, SocketFlags.None, from, _stopping.Token);
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            return null;
        }
    }

    /// <param name="bottleneck">Null: on its way up, which no bottleneck is on.</param>
    private void Take(Socket from, ReadOnlySpan<byte> datagram, SocketAddress? to, Way? bottleneck)
    {
        var condition = Condition;
        var now = Now;
        lock (_gate)
        {
            var due = now;
            if (bottleneck is not null && condition.DownBitsPerSecond is { } rate)
            {
                due = (bottleneck.BusyUntil > now ? bottleneck.BusyUntil : now) + TimeSpan.FromSeconds(datagram.Length * 8.0 / rate);
                if (due - now > QueueLimit)
                {
                    Interlocked.Increment(ref _dropped);
                    return;
                }
                bottleneck.BusyUntil = due;
            }
            if (_random.NextDouble() < condition.Loss)
            {
                Interlocked.Increment(ref _dropped);
                return;
            }
            _onTheirWay.Enqueue((from, datagram.ToArray(), to), (due + condition.Delay + (condition.Jitter * _random.NextDouble()), _taken++));
        }
        _more.Release();
    }

    private async Task DeliverAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            TimeSpan wait;
            lock (_gate)
            {
                while (_onTheirWay.TryPeek(out var next, out var when) && when.Due <= Now)
                {
                    _onTheirWay.Dequeue();
                    Send(next.From, next.Datagram, next.To);
                }
                wait = _onTheirWay.TryPeek(out _, out var later) ? TimeSpan.FromMilliseconds(Math.Ceiling((later.Due - Now).TotalMilliseconds)) : Timeout.InfiniteTimeSpan;
            }
            if (wait == Timeout.InfiniteTimeSpan || wait > TimeSpan.Zero)
                await _more.WaitAsync(wait, _stopping.Token);
        }
    }

    private static void Send(Socket from, byte[] datagram, SocketAddress? to)
    {
        try
        {
            _ = to is null ? from.Send(datagram) : from.SendTo(datagram, SocketFlags.None, to);
        }
        catch (SocketException refused) when (refused.SocketErrorCode is SocketError.ConnectionRefused or SocketError.ConnectionReset)
        {
            // The other side has closed its port; UDP forgets it.
        }
    }
}
