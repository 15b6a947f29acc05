using System.Net;

namespace Telemedicine.Media.Net;

internal abstract class UdpLayer : Core.IDatagramOutput, IDisposable
{
    /// <summary>The most datagrams one <see cref="Receive"/> hands out.</summary>
    public const int ReceiveBatch = 64;

    /// <summary>The longest datagram received or sent, in bytes; longer ones are dropped.</summary>
    public const int MaxDatagram = 1536;

    /// <summary>Binds a socket. With batching: recvmmsg, sendmmsg and UDP_SEGMENT where the system has them.</summary>
    public static UdpLayer Open(IPEndPoint endPoint, bool preferBatching) => throw new NotImplementedException();

    /// <summary>The bound port.</summary>
    public abstract int Port { get; }

    /// <summary>Datagrams that the system refused to take (full buffers, unreachable peers).</summary>
    public abstract long DroppedSends { get; }

    /// <summary>Waits until a datagram is there or <see cref="Wake"/> was called.</summary>
    /// <returns>False when the time ran out first.</returns>
    public abstract bool Wait(int microseconds);

    /// <summary>Ends the current or the next <see cref="Wait"/>. From any thread.</summary>
    public abstract void Wake();

    /// <summary>Takes what has arrived without waiting. The datagrams stay valid until the next call.</summary>
    /// <returns>How many, at most <see cref="ReceiveBatch"/>.</returns>
    public abstract int Receive();

    public abstract Span<byte> Datagram(int index);

    public abstract PeerAddress From(int index);

    /// <summary>A place to write the next datagram; nothing is queued until <see cref="Commit"/>. May send what is queued.</summary>
    public abstract Span<byte> Reserve(PeerAddress to, int max);

    /// <summary>Queues the reserved datagram, of which this many bytes were written.</summary>
    public abstract void Commit(int length);

    /// <summary>Sends all that is queued; each peer's datagrams in the order committed.</summary>
    public abstract void Flush();

    public abstract void Dispose();
}
