using Telemedicine.Media.Core;

namespace Telemedicine.Media.Net;

/// <summary>What one worker sends: by its UDP socket, or by the TCP connection that the peer came by. Belongs to the worker's thread.</summary>
internal sealed class WorkerOutput(UdpLayer udp, TcpConnections connections) : IDatagramOutput
{
    private readonly byte[] _frame = new byte[TcpFraming.HeaderLength + UdpLayer.MaxDatagram];
    private readonly List<TcpConnection> _written = [];
    private TcpConnection? _connection;
    private bool _toTcp;
    private long _droppedFrames;

    /// <summary>What the system did not take, and what readers over TCP were too slow for.</summary>
    public long Dropped => udp.DroppedSends + _droppedFrames;

    public Span<byte> Reserve(PeerAddress to, int max)
    {
        _toTcp = to.IsTcp;
        if (!_toTcp)
            return udp.Reserve(to, max);
        _connection = connections.Find(to);
        return _frame.AsSpan(TcpFraming.HeaderLength, max);
    }

    public void Commit(int length)
    {
        if (!_toTcp)
        {
            udp.Commit(length);
            return;
        }

        if (length == 0 || _connection is null)
            return;
        TcpFraming.WriteHeader(_frame, length);
        if (!_connection.TryQueue(_frame.AsSpan(0, TcpFraming.HeaderLength + length)))
            _droppedFrames++;
        else if (!_written.Contains(_connection))
            _written.Add(_connection);
    }

    public void Release(PeerAddress address)
    {
        if (address.IsTcp)
            connections.Find(address)?.CloseWhenSent();
    }

    public void Flush()
    {
        udp.Flush();
        foreach (var connection in _written)
            connection.Send();
        _written.Clear();
    }
}
