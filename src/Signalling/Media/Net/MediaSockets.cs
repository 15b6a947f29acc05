using System.Net;
using System.Net.Sockets;

namespace Telemedicine.Media.Net;

/// <summary>All sockets of one node: a UDP socket for each worker, all on one port, and the TCP listener.</summary>
internal sealed class MediaSockets : IDisposable
{
    private MediaSockets(IReadOnlyList<UdpLayer> udp, TcpConnections tcp, int? tcpPort)
    {
        Udp = udp;
        Tcp = tcp;
        TcpPort = tcpPort;
    }

    public IReadOnlyList<UdpLayer> Udp { get; }

    public TcpConnections Tcp { get; }

    public int UdpPort => Udp[0].Port;

    public int? TcpPort { get; }

    /// <exception cref="MediaException">An address or port cannot be used.</exception>
    public static MediaSockets Open(MediaOptions options, int maximumConnections, TimeProvider time)
    {
        var udp = new List<UdpLayer>();
        var tcp = new TcpConnections(maximumConnections, time);
        try
        {
            OpenUdp(options, udp);
            return new MediaSockets(udp, tcp, options.Tcp ? OpenTcp(options, tcp) : null);
        }
        catch (MediaException)
        {
            tcp.Dispose();
            foreach (var layer in udp)
                layer.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        Tcp.Dispose();
        foreach (var layer in Udp)
            layer.Dispose();
    }

    private static void OpenUdp(MediaOptions options, List<UdpLayer> udp)
    {
        var port = options.Port;
        var share = options.Workers > 1;
        try
        {
            // Whoever shares the port would share it with another process of the same user too, and each would lose half its calls.
            if (share && port != 0)
                UdpLayer.Open(new IPEndPoint(options.ListenAddress, port), preferBatching: false).Dispose();
            for (var i = 0; i < options.Workers; i++)
            {
                udp.Add(UdpLayer.Open(new IPEndPoint(options.ListenAddress, port), preferBatching: true, share));
                port = udp[0].Port;
            }
        }
        catch (SocketException refused)
        {
            throw Refused("UDP", port, refused);
        }
    }

    private static int OpenTcp(MediaOptions options, TcpConnections tcp)
    {
        var port = options.TcpPort ?? options.Port;
        try
        {
            return tcp.Listen(new IPEndPoint(options.ListenAddress, port));
        }
        catch (SocketException refused)
        {
            throw Refused("TCP", port, refused);
        }
    }

    private static MediaException Refused(string protocol, int port, SocketException refused)
    {
        var reason = refused.SocketErrorCode == SocketError.AddressAlreadyInUse ? "it is in use" : "the system refuses it";
        return new MediaException($"{protocol} port {port} cannot be opened for media: {reason}.");
    }
}
