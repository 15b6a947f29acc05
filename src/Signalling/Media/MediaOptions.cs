using System.Net;

namespace Telemedicine.Media;

public sealed class MediaOptions
{
    /// <summary>Where the sockets are bound. <see cref="IPAddress.IPv6Any"/> serves IPv4 too.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>UDP port for all media; 0 lets the system choose.</summary>
    public int Port { get; init; } = 5083;

    /// <summary>Whether clients that UDP does not reach may come by TCP (RFC 6544).</summary>
    public bool Tcp { get; init; } = true;

    /// <summary>TCP port for all media; the same number as <see cref="Port"/> by default.</summary>
    public int? TcpPort { get; init; }

    /// <summary>The addresses told to clients as ICE candidates, in order of preference, of either IP version. Empty: ListenAddress.</summary>
    public IReadOnlyList<IPAddress> AnnouncedAddresses { get; init; } = [];

    /// <summary>The UDP port told to clients when it is not the bound one (behind a port mapping, or a relay in a test).</summary>
    public int? AnnouncedPort { get; init; }

    /// <summary>The same of the TCP port.</summary>
    public int? AnnouncedTcpPort { get; init; }

    /// <summary>Threads that forward media, each with a socket of its own on the one port. More than one needs Linux.</summary>
    public int Workers { get; init; } = OperatingSystem.IsLinux() ? Environment.ProcessorCount : 1;

    /// <summary>How many consultations one node takes at once.</summary>
    public int MaximumRouters { get; init; } = 1000;

    /// <summary>From how many participants on no further consultation begins.</summary>
    public int MaximumParticipants { get; init; } = 3000;

    /// <summary>STUN checks from unknown addresses that one worker looks into in a second.</summary>
    public int ChecksPerSecond { get; init; } = 2000;

    /// <summary>DTLS handshakes that one worker begins in a second.</summary>
    public int HandshakesPerSecond { get; init; } = 200;
}
