using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Net;
using Xunit;

namespace Telemedicine.Media.Tests.Net;

public sealed class PeerAddressTests
{
    [Theory]
    [InlineData("192.0.2.7", 5000)]
    [InlineData("0.0.0.0", 0)]
    [InlineData("2001:db8::1", 65535)]
    [InlineData("fe80::1%3", 9)]
    public void An_end_point_survives_the_way_there_and_back(string address, int port)
    {
        IPEndPoint endPoint = new(IPAddress.Parse(address), port);

        Assert.Equal(endPoint, PeerAddress.From(endPoint).ToEndPoint());
    }

    [Fact]
    public void An_ipv4_peer_is_the_same_through_an_ipv6_socket()
    {
        PeerAddress plain = PeerAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5000));
        PeerAddress mapped = PeerAddress.From(new IPEndPoint(IPAddress.Parse("::ffff:192.0.2.7"), 5000));

        Assert.True(plain == mapped);
        Assert.Equal(plain.GetHashCode(), mapped.GetHashCode());
        Assert.True(mapped.IsIPv4);
    }

    [Theory]
    [InlineData("192.0.2.7", AddressFamily.InterNetwork, 16)]
    [InlineData("192.0.2.7", AddressFamily.InterNetworkV6, 28)]
    [InlineData("2001:db8::1", AddressFamily.InterNetworkV6, 28)]
    [InlineData("fe80::1%3", AddressFamily.InterNetworkV6, 28)]
    public void A_socket_address_survives_the_way_there_and_back(string address, AddressFamily socket, int length)
    {
        PeerAddress peer = PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), 4711));
        byte[] bytes = new byte[PeerAddress.MaxSockAddrLength];

        Assert.Equal(length, peer.WriteSockAddr(socket, bytes));
        Assert.True(PeerAddress.TryReadSockAddr(socket, bytes.AsSpan(0, length), out PeerAddress read));

        Assert.Equal(peer, read);
    }

    [Fact]
    public void The_systems_own_socket_address_is_read()
    {
        SocketAddress system = new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5000).Serialize();

        Assert.True(PeerAddress.TryReadSockAddr(system.Family, system.Buffer.Span[..system.Size], out PeerAddress read));

        Assert.Equal(PeerAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5000)), read);
    }

    [Fact]
    public void Short_or_strange_socket_addresses_are_refused()
    {
        Assert.False(PeerAddress.TryReadSockAddr(AddressFamily.InterNetwork, new byte[15], out _));
        Assert.False(PeerAddress.TryReadSockAddr(AddressFamily.InterNetworkV6, new byte[27], out _));
        Assert.False(PeerAddress.TryReadSockAddr(AddressFamily.Unix, new byte[28], out _));
    }

    [Fact]
    public void An_ipv4_socket_cannot_reach_an_ipv6_peer()
    {
        PeerAddress peer = PeerAddress.From(new IPEndPoint(IPAddress.IPv6Loopback, 1));

        Assert.Equal(0, peer.WriteSockAddr(AddressFamily.InterNetwork, new byte[28]));
    }

    [Fact]
    public void Peers_differ_by_address_port_and_scope()
    {
        PeerAddress[] peers =
        [
            .. new[] { "192.0.2.7", "192.0.2.8", "2001:db8::1", "2001:db8:0:1::1", "fe80::1%1", "fe80::1%2" }
                .SelectMany(address => new[] { 1, 2, 256 }.Select(port => PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), port)))),
        ];

        Assert.Equal(peers.Length, peers.Distinct().Count());
        Assert.Equal(peers.Length, peers.Select(peer => peer.GetHashCode()).Distinct().Count());
    }

    [Fact]
    public void A_peer_never_prints_its_address() =>
        Assert.Equal("peer", $"{PeerAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.7"), 5000))}");
}
