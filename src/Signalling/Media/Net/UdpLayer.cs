using System.Net;
using System.Net.Sockets;

namespace Telemedicine.Media.Net;

/// <summary>
/// One worker's UDP socket. Everything but <see cref="Wake"/> belongs to one thread. The socket never blocks outside <see cref="Wait"/>; what the system
/// does not take is dropped and counted, as the network would drop it.
/// </summary>
internal abstract class UdpLayer : IDisposable
{
    /// <summary>The most datagrams one <see cref="Receive"/> hands out.</summary>
    public const int ReceiveBatch = 64;

    /// <summary>The longest datagram received or sent, in bytes; longer ones are dropped.</summary>
    public const int MaxDatagram = 1536;

    /// <summary>Milliseconds that <see cref="ReceiveNext"/> waits at most; the system's clock may add some.</summary>
    public const int LongestBlock = 10;

    /// <summary>Asked for in both directions: a quarter of a second at 128 Mbit/s. The system may grant less.</summary>
    private const int SocketBuffer = 4 << 20;

    // asm-generic/socket.h: like SO_SNDBUF and SO_RCVBUF, but above the system's limit, for who may.
    private const int SolSocket = 1;
    private const int SoSendBufferForce = 32;
    private const int SoReceiveBufferForce = 33;
    private const int SoReusePort = 15;

    private const int SioUdpConnReset = -1744830452;

    protected UdpLayer(Socket socket) => Socket = socket;

    /// <summary>The bound port.</summary>
    public int Port => ((IPEndPoint)(Socket.LocalEndPoint ?? throw new InvalidOperationException("The socket is not bound."))).Port;

    /// <summary>Datagrams that the system did not take (full buffers, unreachable peers).</summary>
    public abstract long DroppedSends { get; }

    /// <summary>Datagrams that were longer than <see cref="MaxDatagram"/>.</summary>
    public long DroppedReceives { get; protected set; }

    protected Socket Socket { get; }

    /// <summary>Binds a socket. An IPv6 wildcard address serves IPv4 too.</summary>
    /// <param name="preferBatching">recvmmsg, sendmmsg and UDP_SEGMENT where the system has them; else a system call for each datagram.</param>
    /// <param name="share">Others may share the address and port: the system then gives each sender's datagrams to one of them. Linux only.</param>
    /// <exception cref="SocketException">The address or port cannot be had.</exception>
    public static UdpLayer Open(IPEndPoint endPoint, bool preferBatching, bool share = false)
    {
        ArgumentNullException.ThrowIfNull(endPoint);
        Socket socket = new(endPoint.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (endPoint.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = endPoint.Address.Equals(IPAddress.IPv6Any);
            if (OperatingSystem.IsWindows())
                socket.IOControl(SioUdpConnReset, [0, 0, 0, 0], null); // a peer's closed port is no error of ours
            if (share)
                socket.SetRawSocketOption(SolSocket, SoReusePort, BitConverter.GetBytes(1));
            Enlarge(socket, SoReceiveBufferForce, SocketOptionName.ReceiveBuffer);
            Enlarge(socket, SoSendBufferForce, SocketOptionName.SendBuffer);
            socket.Bind(endPoint);
            return preferBatching && OperatingSystem.IsLinux() && Environment.Is64BitProcess ? new BatchedUdpLayer(socket) : new PlainUdpLayer(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Waits until a datagram is there or <see cref="Wake"/> was called.</summary>
    /// <returns>False when the time ran out first.</returns>
    public abstract bool Wait(int microseconds);

    /// <summary>Ends the current or the next <see cref="Wait"/>. From any thread, but not after <see cref="Dispose"/>.</summary>
    public abstract void Wake();

    /// <summary>Takes what has arrived without waiting. The datagrams stay valid until the next call.</summary>
    /// <returns>How many, at most <see cref="ReceiveBatch"/>.</returns>
    public abstract int Receive();

    /// <summary>
    /// Waits for the next datagram and takes what has arrived. <see cref="Wake"/> need not end the wait: for when the next datagram is sure to come soon. It costs
    /// half of what <see cref="Wait"/> and <see cref="Receive"/> do, which are two system calls and a timer of the system's.
    /// </summary>
    /// <returns>As <see cref="Receive"/>; 0 also when <see cref="LongestBlock"/> is over.</returns>
    public virtual int ReceiveNext()
    {
        Wait(LongestBlock * 1000);
        return Receive();
    }

    public abstract Span<byte> Datagram(int index);

    public abstract PeerAddress From(int index);

    /// <summary>A place to write the next datagram; nothing is queued until <see cref="Commit"/>, and without it the place is given again. May send what is queued.</summary>
    /// <param name="max">The most bytes that will be written, up to <see cref="MaxDatagram"/>.</param>
    public abstract Span<byte> Reserve(PeerAddress to, int max);

    /// <summary>Queues the reserved datagram, of which this many bytes were written; with 0 there is none.</summary>
    public abstract void Commit(int length);

    /// <summary>Sends all that is queued; each peer's datagrams in the order committed.</summary>
    public abstract void Flush();

    public virtual void Dispose() => Socket.Dispose();

    private static void Enlarge(Socket socket, int forced, SocketOptionName option)
    {
        if (OperatingSystem.IsLinux())
        {
            try
            {
                socket.SetRawSocketOption(SolSocket, forced, BitConverter.GetBytes(SocketBuffer));
                return;
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.AccessDenied)
            {
                // Without CAP_NET_ADMIN the system's limit (net.core.rmem_max, wmem_max) holds.
            }
        }

        socket.SetSocketOption(SocketOptionLevel.Socket, option, SocketBuffer);
    }
}
