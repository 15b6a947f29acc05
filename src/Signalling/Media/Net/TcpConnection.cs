using System.Net;
using System.Net.Sockets;

namespace Telemedicine.Media.Net;

/// <summary>
/// One ICE-TCP connection (RFC 6544), passive side. What it receives goes to the inbox of the worker that the first check names. What a worker sends waits in a
/// bounded ring: when the peer reads too slowly frames are dropped, as a network drops packets, and never queued without end.
/// One worker queues; whoever holds <see cref="_sending"/> sends.
/// </summary>
internal sealed class TcpConnection : IDisposable
{
    // Two longest frames, so that one can be completed while the next begins.
    private const int ReceiveLength = 2 * (TcpFraming.HeaderLength + UdpLayer.MaxDatagram);

    // With the system's buffer it holds about half a second of a good picture, or one large key frame; a power of two.
    private const int RingLength = 128 * 1024;
    private const int SystemBuffer = 64 * 1024;

    private readonly Socket _socket;
    private byte[]? _ring;
    private long _queued;
    private long _sent;
    private int _sending;
    private int _closed;
    private volatile bool _closing;

    public TcpConnection(Socket socket)
    {
        _socket = socket;
        socket.NoDelay = true;
        socket.SendBufferSize = SystemBuffer;
        var remote = socket.RemoteEndPoint as IPEndPoint ?? throw new InvalidOperationException("The connection has no far end.");
        Address = PeerAddress.From(remote).OverTcp();
        Host = PeerAddress.From(new IPEndPoint(remote.Address, 0));
    }

    public PeerAddress Address { get; }

    /// <summary>Its address without the port: all connections of one host have the same.</summary>
    public PeerAddress Host { get; }

    /// <summary>It passed a check: only then is anything sent to it.</summary>
    public bool IsProven => Volatile.Read(ref _ring) is not null;

    /// <summary>Whose it is, once its first check has said so. Only who receives from it touches this.</summary>
    public int? Worker { get; set; }

    /// <summary>Reads frames until the connection ends, breaks the framing, or the reader refuses one.</summary>
    public async Task ReceiveAsync(Func<TcpConnection, Memory<byte>, bool> accept)
    {
        var buffer = new byte[ReceiveLength];
        var length = 0;
        try
        {
            while (true)
            {
                var received = await _socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None);
                if (received == 0)
                    return;
                length += received;
                if (TakeFrames(buffer.AsMemory(0, length), accept) is not { } rest)
                    return;
                buffer.AsSpan(length - rest, rest).CopyTo(buffer);
                length = rest;
            }
        }
        catch (SocketException)
        {
            // Broken off by the far end or the network.
        }
        catch (ObjectDisposedException)
        {
            // Closed by us.
        }
    }

    /// <summary>Takes a whole frame, to be sent with the next <see cref="Send"/>. On the worker's thread.</summary>
    /// <returns>False when there is no room for it.</returns>
    public bool TryQueue(ReadOnlySpan<byte> frame)
    {
        var ring = _ring;
        if (ring is null)
            Volatile.Write(ref _ring, ring = new byte[RingLength]);
        if (_closing || _queued + frame.Length - Volatile.Read(ref _sent) > RingLength)
            return false;

        var at = (int)(_queued & (RingLength - 1));
        var first = Math.Min(frame.Length, RingLength - at);
        frame[..first].CopyTo(ring.AsSpan(at));
        frame[first..].CopyTo(ring);
        Volatile.Write(ref _queued, _queued + frame.Length);
        return true;
    }

    /// <summary>Sends what is queued, unless that is going on already. Never blocks: what the system does not take at once is sent later, elsewhere.</summary>
    public void Send()
    {
        if (Interlocked.CompareExchange(ref _sending, 1, 0) == 0)
            _ = SendQueuedAsync();
    }

    /// <summary>Closes it when what is queued has gone.</summary>
    public void CloseWhenSent()
    {
        _closing = true;
        Send();
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
            _socket.Dispose();
    }

    private async Task SendQueuedAsync()
    {
        try
        {
            do
            {
                for (long queued; (queued = Volatile.Read(ref _queued)) != _sent;)
                {
                    var at = (int)(_sent & (RingLength - 1));
                    var run = (int)Math.Min(queued - _sent, RingLength - at);
                    Volatile.Write(ref _sent, _sent + await _socket.SendAsync(_ring.AsMemory(at, run), SocketFlags.None));
                }

                if (_closing)
                    Dispose();
                Interlocked.Exchange(ref _sending, 0);
            }
            // Queued since the last look, by a worker that saw us still at it.
            while ((Volatile.Read(ref _queued) != _sent || (_closing && Volatile.Read(ref _closed) == 0)) && Interlocked.CompareExchange(ref _sending, 1, 0) == 0);
        }
        catch (SocketException)
        {
            Dispose();
        }
        catch (ObjectDisposedException)
        {
            // Closed by us: nothing is left to send to.
        }
    }

    /// <returns>How many bytes of an unfinished frame are left, or null when the connection is over.</returns>
    private int? TakeFrames(Memory<byte> received, Func<TcpConnection, Memory<byte>, bool> accept)
    {
        while (TcpFraming.TryRead(received.Span, out var frame, out var consumed))
        {
            if (consumed == 0)
                return received.Length;
            if (frame.Length > 0 && !accept(this, received.Slice(TcpFraming.HeaderLength, frame.Length)))
                return null;
            received = received[consumed..];
        }

        return null;
    }
}
