using System.Net;

namespace Telemedicine.Media.Ice;

/// <summary>What clients are told of where we are: host candidates of component 1, each address by UDP and then by TCP.</summary>
internal static class Candidates
{
    // RFC 8445, section 5.1.2.1: 2^24 × type preference + 2^8 × local preference + (256 - component). Host is 126; TCP is tried after all UDP (RFC 6544, section 4.2).
    private const uint Udp = 126u << 24;
    private const uint Tcp = 125u << 24;
    private const uint Component = 255;
    private const uint HighestLocalPreference = 65535;

    // RFC 6544, section 4.2: 2^13 × direction preference (4 for passive) + other preference.
    private const uint HighestPassivePreference = (4 << 13) | 8191;

    /// <param name="tcpPort">Null: no TCP.</param>
    public static IReadOnlyList<IceCandidate> Announce(MediaOptions options, int udpPort, int? tcpPort)
    {
        var addresses = options.AnnouncedAddresses.Count > 0 ? options.AnnouncedAddresses : [options.ListenAddress];
        var candidates = new List<IceCandidate>();
        for (var i = 0; i < addresses.Count; i++)
            candidates.Add(Host($"udp{i}", Udp | ((HighestLocalPreference - (uint)i) << 8) | Component, addresses[i], options.AnnouncedPort ?? udpPort, "udp", null));
        for (var i = 0; tcpPort is { } port && i < addresses.Count; i++)
            candidates.Add(Host($"tcp{i}", Tcp | ((HighestPassivePreference - (uint)i) << 8) | Component, addresses[i], options.AnnouncedTcpPort ?? port, "tcp", "passive"));
        return candidates;
    }

    private static IceCandidate Host(string foundation, uint priority, IPAddress address, int port, string protocol, string? tcpType) =>
        new(foundation, priority, address.ToString(), address.ToString(), port, protocol, "host", tcpType);
}
