using System.Net;

namespace Telemedicine.Media;

public sealed class MediaOptions
{
    /// <summary>Where the UDP socket is bound.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Loopback;

    /// <summary>UDP port for all media; 0 lets the system choose.</summary>
    public int Port { get; init; } = 5083;

    /// <summary>The addresses told to clients as ICE candidates, in order of preference. Empty: ListenAddress.</summary>
    public IReadOnlyList<IPAddress> AnnouncedAddresses { get; init; } = [];

    /// <summary>The port told to clients when it is not the bound one (behind a port mapping, or a relay in a test).</summary>
    public int? AnnouncedPort { get; init; }

    /// <summary>How many consultations one node takes at once.</summary>
    public int MaximumRouters { get; init; } = 1000;
}
