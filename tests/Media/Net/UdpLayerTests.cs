using System.Net;
using System.Net.Sockets;
using Telemedicine.Media.Net;
using Xunit;

namespace Telemedicine.Media.Tests.Net;

/// <summary>Real sockets on the loopback interface; each fact holds for both paths and both families.</summary>
public sealed class UdpLayerTests
{
    private const int LongWait = 10_000_000;

    public static TheoryData<bool, string> Paths => new()
    {
        { true, "127.0.0.1" },
        { false, "127.0.0.1" },
        { true, "::1" },
        { false, "::1" },
    };

    [Theory, MemberData(nameof(Paths))]
    public void A_datagram_arrives_whole_and_says_whom_it_is_from(bool batching, string address)
    {
        using UdpLayer one = Open(batching, address);
        using UdpLayer other = Open(batching, address);
        byte[] data = Filled(1200, 3);

        Send(one, At(address, other), data);
        one.Flush();

        Assert.True(other.Wait(LongWait));
        Assert.Equal(1, other.Receive());
        Assert.Equal(data, other.Datagram(0).ToArray());
        Assert.Equal(At(address, one), other.From(0));
    }

    [Theory, MemberData(nameof(Paths))]
    public void Waiting_ends_when_the_time_is_over(bool batching, string address)
    {
        using UdpLayer layer = Open(batching, address);

        Assert.False(layer.Wait(0));
        Assert.False(layer.Wait(1500));
        Assert.Equal(0, layer.Receive());
    }

    [Theory, MemberData(nameof(Paths))]
    public void Waking_ends_the_next_wait_once(bool batching, string address)
    {
        using UdpLayer layer = Open(batching, address);

        layer.Wake();
        layer.Wake();

        Assert.True(layer.Wait(LongWait));
        Assert.Equal(0, layer.Receive());
        Assert.False(layer.Wait(0));
    }

    [Theory, MemberData(nameof(Paths))]
    public void Waking_from_another_thread_ends_a_wait(bool batching, string address)
    {
        using UdpLayer layer = Open(batching, address);
        Thread waker = new(layer.Wake);
        waker.Start();

        bool woken = layer.Wait(LongWait);

        waker.Join();
        Assert.True(woken);
    }

    [Theory, MemberData(nameof(Paths))]
    public void Waiting_for_the_next_datagram_brings_it_or_ends(bool batching, string address)
    {
        using UdpLayer one = Open(batching, address);
        using UdpLayer other = Open(batching, address);
        Assert.Equal(0, other.ReceiveNext());
        byte[] data = Filled(900, 5);
        Thread sender = new(() =>
        {
            Send(one, At(address, other), data);
            one.Flush();
        });
        sender.Start();

        int received;
        do
            received = other.ReceiveNext();
        while (received == 0);

        sender.Join();
        Assert.Equal(1, received);
        Assert.Equal(data, other.Datagram(0).ToArray());
        Assert.Equal(0, other.ReceiveNext());
    }

    [Theory, MemberData(nameof(Paths))]
    public void Bursts_of_mixed_sizes_to_many_peers_all_arrive_intact_and_in_order(bool batching, string address)
    {
        using UdpLayer sender = Open(batching, address);
        UdpLayer[] peers = [.. Enumerable.Range(0, 5).Select(_ => Open(batching, address))];
        PeerAddress[] addresses = [.. peers.Select(peer => At(address, peer))];
        List<byte[]>[] expected = [.. peers.Select(_ => new List<byte[]>())];
        List<byte[]>[] actual = [.. peers.Select(_ => new List<byte[]>())];
        int[] sizes = [1, 60, 200, 200, 200, 1100, 1100, 1100, 1116, 1536];
        Random random = new(4);
        int serial = 0;

        for (int burst = 0; burst < 25; burst++)
        {
            // Packet by packet to every peer, as a forwarded frame is, with the last one shorter.
            int packets = random.Next(1, 90);
            int size = sizes[random.Next(sizes.Length)];
            for (int packet = 0; packet < packets; packet++)
            {
                int length = packet == packets - 1 || random.Next(20) == 0 ? random.Next(1, size + 1) : size;
                for (int peer = 0; peer < peers.Length; peer++)
                {
                    if (random.Next(10) == 0)
                        continue;
                    byte[] data = Filled(length, serial++);
                    expected[peer].Add(data);
                    Send(sender, addresses[peer], data);
                }
            }

            sender.Flush();
            for (int peer = 0; peer < peers.Length; peer++)
                Drain(peers[peer], actual[peer], until: expected[peer].Count);
        }

        for (int peer = 0; peer < peers.Length; peer++)
            AssertSame(expected[peer], actual[peer]);
        Assert.Equal(0, sender.DroppedSends);
        Array.ForEach(peers, peer => peer.Dispose());
    }

    [Theory, MemberData(nameof(Paths))]
    public void One_peer_may_get_more_than_one_message_holds(bool batching, string address)
    {
        using UdpLayer sender = Open(batching, address);
        using UdpLayer peer = Open(batching, address);
        List<byte[]> expected = [.. Enumerable.Range(0, 130).Select(n => Filled(1400, n))];
        List<byte[]> actual = [];

        foreach (byte[] data in expected)
            Send(sender, At(address, peer), data);
        sender.Flush();
        Drain(peer, actual, until: expected.Count);

        AssertSame(expected, actual);
    }

    [Theory, MemberData(nameof(Paths))]
    public void Datagrams_that_are_too_long_or_empty_are_left_out(bool batching, string address)
    {
        using UdpLayer layer = Open(batching, address);
        using Socket peer = new(IPAddress.Parse(address).AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        IPEndPoint to = new(IPAddress.Parse(address), layer.Port);
        byte[] longest = Filled(UdpLayer.MaxDatagram, 1);
        List<byte[]> actual = [];

        peer.SendTo(new byte[UdpLayer.MaxDatagram + 1], to);
        peer.SendTo([], to);
        peer.SendTo(new byte[9000], to);
        peer.SendTo(longest, to);
        Drain(layer, actual, until: 1);

        Assert.Equal([longest], actual);
        Assert.Equal(2, layer.DroppedReceives);
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_peer_that_cannot_be_reached_costs_only_its_own_datagrams(bool batching, string address)
    {
        using UdpLayer sender = Open(batching, address);
        using UdpLayer peer = Open(batching, address);
        PeerAddress nowhere = PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), 0));
        PeerAddress otherFamily = PeerAddress.From(new IPEndPoint(IPAddress.Parse("2001:db8::1"), 9));
        bool crossFamily = address == "127.0.0.1";
        List<byte[]> actual = [];

        for (int n = 0; n < 5; n++)
        {
            Send(sender, nowhere, Filled(100, n));
            if (crossFamily)
                Send(sender, otherFamily, Filled(100, n));
            Send(sender, At(address, peer), Filled(100, n));
        }

        sender.Flush();
        Drain(peer, actual, until: 5);

        Assert.Equal(5, actual.Count);
        Assert.Equal(crossFamily ? 10 : 5, sender.DroppedSends);
    }

    [Theory, InlineData(true), InlineData(false)]
    public void An_ipv6_wildcard_serves_ipv4_peers(bool batching)
    {
        using UdpLayer both = UdpLayer.Open(new IPEndPoint(IPAddress.IPv6Any, 0), batching);
        using UdpLayer peer = Open(batching, "127.0.0.1");
        byte[] data = Filled(300, 1);

        Send(peer, At("127.0.0.1", both), data);
        peer.Flush();
        Assert.True(both.Wait(LongWait));
        Assert.Equal(1, both.Receive());
        Assert.Equal(At("127.0.0.1", peer), both.From(0));
        Send(both, both.From(0), data);
        both.Flush();

        Assert.True(peer.Wait(LongWait));
        Assert.Equal(1, peer.Receive());
        Assert.Equal(data, peer.Datagram(0).ToArray());
        both.Wake();
        Assert.True(both.Wait(LongWait));
    }

    [Fact]
    public void Where_the_kernel_refuses_to_cut_up_runs_the_datagrams_go_one_by_one()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sendmmsg and UDP_SEGMENT are Linux's.");

        // UDP_SEGMENT needs checksums, so without them (SO_NO_CHECK, 11, of SOL_SOCKET, 1) the kernel refuses every run.
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.SetRawSocketOption(1, 11, BitConverter.GetBytes(1));
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        using BatchedUdpLayer sender = new(socket);
        using UdpLayer peer = Open(batching: true, "127.0.0.1");
        List<byte[]> expected = [.. Enumerable.Range(0, 30).Select(n => Filled(n < 20 ? 500 : 700, n))];
        List<byte[]> actual = [];

        foreach (byte[] data in expected)
            Send(sender, At("127.0.0.1", peer), data);
        sender.Flush();
        Drain(peer, actual, until: expected.Count);

        AssertSame(expected, actual);
        Assert.Equal(0, sender.DroppedSends);
    }

    [Theory, MemberData(nameof(Paths))]
    public void A_reserved_place_that_is_not_used_sends_nothing(bool batching, string address)
    {
        using UdpLayer sender = Open(batching, address);
        using UdpLayer peer = Open(batching, address);
        List<byte[]> actual = [];

        sender.Reserve(At(address, peer), 100).Fill(1);
        sender.Reserve(At(address, peer), 100).Fill(2);
        sender.Commit(0);
        Send(sender, At(address, peer), Filled(50, 3));
        sender.Flush();
        sender.Flush();
        Drain(peer, actual, until: 1);

        Assert.Equal([Filled(50, 3)], actual);
    }

    [Fact]
    public void A_port_that_is_taken_is_an_error_at_once()
    {
        using UdpLayer first = Open(batching: true, "127.0.0.1");

        Assert.Throws<SocketException>(() => UdpLayer.Open(new IPEndPoint(IPAddress.Loopback, first.Port), preferBatching: true));
    }

    [Theory, MemberData(nameof(Paths))]
    public void Waking_a_closed_layer_is_a_mistake_that_harms_nothing(bool batching, string address)
    {
        UdpLayer layer = Open(batching, address);
        layer.Dispose();

        Assert.Throws<ObjectDisposedException>(layer.Wake);
    }

    [Theory, MemberData(nameof(Paths))]
    public void Sending_waiting_and_receiving_allocate_nothing(bool batching, string address)
    {
        using UdpLayer one = Open(batching, address);
        using UdpLayer other = Open(batching, address);
        PeerAddress to = At(address, other);

        long allocated = Allocations.Of(() =>
        {
            for (int n = 0; n < 50; n++)
                RoundTrip();
        });

        Assert.Equal(0, allocated);

        void RoundTrip()
        {
            for (int n = 0; n < 8; n++)
            {
                one.Reserve(to, 1200)[..1100].Fill((byte)n);
                one.Commit(1100);
            }

            one.Flush();
            other.Wake();
            int total = 0;
            while (total < 8)
            {
                if (!other.Wait(LongWait))
                    throw new TimeoutException();
                int count = other.Receive();
                for (int n = 0; n < count; n++)
                    total += other.Datagram(n).Length == 1100 && other.From(n).Port == one.Port ? 1 : 0;
            }
        }
    }

    private static UdpLayer Open(bool batching, string address)
    {
        UdpLayer layer = UdpLayer.Open(new IPEndPoint(IPAddress.Parse(address), 0), batching);
        if (OperatingSystem.IsLinux())
            Assert.Equal(batching, layer is BatchedUdpLayer);
        return layer;
    }

    private static PeerAddress At(string address, UdpLayer layer) => PeerAddress.From(new IPEndPoint(IPAddress.Parse(address), layer.Port));

    private static void Send(UdpLayer layer, PeerAddress to, byte[] data)
    {
        data.CopyTo(layer.Reserve(to, data.Length));
        layer.Commit(data.Length);
    }

    private static void Drain(UdpLayer layer, List<byte[]> into, int until)
    {
        while (into.Count < until && layer.Wait(LongWait))
        {
            int count = layer.Receive();
            for (int n = 0; n < count; n++)
                into.Add(layer.Datagram(n).ToArray());
        }
    }

    /// <summary>As Assert.Equal, but not element by element through objects.</summary>
    private static void AssertSame(List<byte[]> expected, List<byte[]> actual)
    {
        Assert.Equal(expected.Count, actual.Count);
        for (int n = 0; n < expected.Count; n++)
            Assert.True(expected[n].AsSpan().SequenceEqual(actual[n]), $"datagram {n} differs");
    }

    private static byte[] Filled(int length, int seed)
    {
        byte[] data = new byte[length];
        new Random(seed).NextBytes(data);
        return data;
    }
}
