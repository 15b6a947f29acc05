using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Core;
using Telemedicine.Media.Ice;
using Telemedicine.Media.Stun;

namespace Telemedicine.Media.Net;

/// <summary>
/// The passive TCP candidate (RFC 6544, section 4.1): accepts connections, keeps their number in bounds, and closes those that pass no check in time.
/// Whose a connection is, its first frame says: a check that names a worker.
/// </summary>
internal sealed class TcpConnections : IDisposable
{
    /// <summary>How long a connection may stay without passing a check.</summary>
    public static readonly TimeSpan ProofTime = TimeSpan.FromSeconds(10);

    /// <summary>Connections that have passed no check: of all hosts together, and of one (a whole practice may come from one address).</summary>
    public const int MaximumUnproven = 512;
    public const int MaximumUnprovenOfOneHost = 64;

    private const int Backlog = 256;

    private readonly ConcurrentDictionary<PeerAddress, TcpConnection> _connections = new();
    private readonly Lock _unprovenGate = new();
    private readonly Dictionary<PeerAddress, int> _unprovenByHost = [];
    private readonly TimeProvider _time;
    private readonly int _maximum;
    private Socket? _listener;
    private IReadOnlyList<IHandOver> _workers = [];
    private int _unproven;
    private long _refused;

    /// <param name="maximum">Of connections at once.</param>
    public TcpConnections(int maximum, TimeProvider time)
    {
        _maximum = maximum;
        _time = time;
    }

    public int Count => _connections.Count;

    /// <summary>Connections closed at once because there were too many.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    public TcpConnection? Find(PeerAddress address) => _connections.GetValueOrDefault(address);

    /// <summary>Binds the port; connections wait until <see cref="Accept"/>.</summary>
    /// <returns>The port.</returns>
    /// <exception cref="SocketException">The address or port cannot be had.</exception>
    public int Listen(IPEndPoint endPoint)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                listener.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            listener.Bind(endPoint);
            listener.Listen(Backlog);
            _listener = listener;
            return (listener.LocalEndPoint as IPEndPoint)?.Port ?? endPoint.Port;
        }
        catch (SocketException)
        {
            listener.Dispose();
            throw;
        }
    }

    /// <summary>Lets connections in, for these workers.</summary>
    public void Accept(IReadOnlyList<IHandOver> workers)
    {
        _workers = workers;
        if (_listener is not null)
            _ = AcceptAsync(_listener);
    }

    public void Dispose()
    {
        _listener?.Dispose();
        foreach (var connection in _connections.Values)
            connection.Dispose();
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync();
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException stopped) when (stopped.SocketErrorCode is SocketError.OperationAborted or SocketError.Interrupted or SocketError.InvalidArgument)
            {
                return;
            }
            catch (SocketException)
            {
                // The caller went away before it was let in, or the process has no descriptors left: the next may fare better.
                await Task.Delay(TimeSpan.FromMilliseconds(50), _time);
                continue;
            }

            Open(socket);
        }
    }

    private void Open(Socket socket)
    {
        TcpConnection connection;
        try
        {
            connection = new TcpConnection(socket);
        }
        catch (SocketException)
        {
            socket.Dispose(); // gone already
            return;
        }

        if (_connections.Count >= _maximum || !TryCountUnproven(connection.Host))
        {
            Interlocked.Increment(ref _refused);
            connection.Dispose();
            return;
        }

        if (_connections.TryAdd(connection.Address, connection))
        {
            _ = ServeAsync(connection);
            return;
        }

        // The same address and port before the former connection's end was noticed.
        ForgetUnproven(connection.Host);
        connection.Dispose();
    }

    private async Task ServeAsync(TcpConnection connection)
    {
        var counted = 1;
        void Settle()
        {
            if (Interlocked.Exchange(ref counted, 0) == 1)
                ForgetUnproven(connection.Host);
        }

        using var proof = _time.CreateTimer(
            _ =>
            {
                Settle();
                if (!connection.IsProven)
                    connection.Dispose();
            },
            null,
            ProofTime,
            Timeout.InfiniteTimeSpan);
        await connection.ReceiveAsync((from, frame) =>
        {
            if (from.IsProven)
                Settle();
            return HandOver(from, frame.Span);
        });
        Settle();
        _connections.TryRemove(connection.Address, out _);
        connection.Dispose();
    }

    /// <returns>False when the connection says nothing that we would listen to.</returns>
    private bool HandOver(TcpConnection connection, ReadOnlySpan<byte> frame)
    {
        if (connection.Worker is not { } worker)
        {
            if (!TryReadWorker(frame, out worker))
                return false;
            connection.Worker = worker;
        }

        // A full inbox loses it, as a network would.
        _workers[worker].TryHandOver(Inbox.ViaTcp, connection.Address, frame);
        return true;
    }

    private bool TryReadWorker(ReadOnlySpan<byte> frame, out int worker)
    {
        worker = 0;
        return StunMessage.TryParse(frame, out var check)
            && check.Type == StunMessageType.BindingRequest
            && check.TryGetUsername(out var local, out _)
            && IceLiteAgent.TryReadWorker(local, out worker)
            && worker < _workers.Count;
    }

    private bool TryCountUnproven(PeerAddress host)
    {
        lock (_unprovenGate)
        {
            var ofHost = _unprovenByHost.GetValueOrDefault(host);
            if (_unproven >= MaximumUnproven || ofHost >= MaximumUnprovenOfOneHost)
                return false;
            _unproven++;
            _unprovenByHost[host] = ofHost + 1;
            return true;
        }
    }

    private void ForgetUnproven(PeerAddress host)
    {
        lock (_unprovenGate)
        {
            _unproven--;
            if (_unprovenByHost[host] == 1)
                _unprovenByHost.Remove(host);
            else
                _unprovenByHost[host]--;
        }
    }
}
