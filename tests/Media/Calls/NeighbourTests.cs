using Telemedicine.Media.Core;
using Telemedicine.Media.Net;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>Workers on one port: whichever socket a datagram comes to, it reaches the worker that has its transport.</summary>
public sealed class NeighbourTests : IDisposable
{
    private readonly VirtualNetwork _network = new(workers: 3) { SocketOf = address => address.Port % 3 };

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_call_goes_on_wherever_the_system_delivers_its_datagrams()
    {
        // Four peers have neighbouring ports, so every socket is met.
        var publishers = new[] { _network.Connect(TransportDirection.Send, worker: 1), _network.Connect(TransportDirection.Send, worker: 1) };
        var receivers = new[] { _network.Connect(TransportDirection.Receive, worker: 1), _network.Connect(TransportDirection.Receive, worker: 1) };
        for (var i = 0; i < 2; i++)
            receivers[i].Consume(publishers[i].Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);

        for (ushort n = 0; n < 10; n++)
        {
            publishers[0].SendRtp(TestMedia.Sound(n));
            publishers[1].SendRtp(TestMedia.Sound(n));
        }

        _network.Run(50);
        Assert.All(receivers, receiver => Assert.Equal(Enumerable.Range(0, 10), receiver.Rtp.Contents()));
        Assert.Equal(20, _network.Engines[1].Counters.Forwarded);
        Assert.True(_network.Engines[0].Counters.HandedOver > 0 && _network.Engines[2].Counters.HandedOver > 0);
        Assert.Equal(0, _network.Engines[1].Counters.HandedOver);
        Assert.Equal(0, _network.Engines.Sum(engine => engine.Counters.DroppedUnknownAddress));
    }

    [Fact]
    public void A_stranger_cannot_lead_anothers_datagrams_away()
    {
        var publisher = Misplaced(TransportDirection.Send, worker: 0);
        var receiver = _network.Connect(TransportDirection.Receive, worker: 0);
        receiver.Consume(publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
        var thief = _network.AddPeer(TransportDirection.Send, worker: 2);

        // A valid check of the thief's own transport, with the publisher's address forged as its source.
        thief.SendCheck(publisher.Address, nominate: true);
        _network.Run(20);
        publisher.SendRtp(TestMedia.Sound(0));
        _network.Run(20);

        Assert.Empty(thief.States);
        Assert.Equal([0], receiver.Rtp.Contents());
    }

    [Fact]
    public void Nor_one_that_its_own_worker_has()
    {
        var publisher = _network.Connect(TransportDirection.Send, worker: _network.PeekPort() % 3);
        var thief = _network.AddPeer(TransportDirection.Send, worker: (publisher.Address.Port + 1) % 3);

        thief.SendCheck(publisher.Address, nominate: true);
        _network.Run(20);

        Assert.Empty(thief.States);
    }

    [Fact]
    public void An_address_whose_call_is_over_may_begin_another_with_another_worker()
    {
        var former = Misplaced(TransportDirection.Send, worker: 0);
        former.Silent = true;
        _network.Run((int)(Transport.LiveTime / 1000) + 1000);

        var next = _network.AddPeer(TransportDirection.Send, worker: 2);
        next.MoveTo(former.Address);
        next.Connect();
        _network.Run(300);

        Assert.True(next.IsConnected);
    }

    [Fact]
    public void Without_a_valid_check_nothing_but_checks_is_handed_over()
    {
        var peer = _network.AddPeer(TransportDirection.Send, worker: (_network.PeekPort() + 1) % 3);
        peer.SendCheck(peer.Address, nominate: true, password: "aaaaaaaaaaaaaaaaaaaaaaaa");
        _network.Run(20);
        var receiving = _network.Engines[_network.SocketOf(peer.Address)].Counters;
        Assert.Equal(1, receiving.HandedOver);

        _network.Send(peer.Address, new byte[] { 0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0 });
        _network.Run(20);

        Assert.Equal(1, receiving.HandedOver);
        Assert.Equal(1, receiving.DroppedUnknownAddress);
        Assert.Empty(_network.SentTo);
    }

    [Fact]
    public void Handing_over_allocates_nothing_at_the_worker_that_received()
    {
        var publisher = Misplaced(TransportDirection.Send, worker: 0);
        var sound = publisher.ProtectRtp(TestMedia.Sound(1));
        var sink = new Sink();
        var neighbours = new Neighbours(0, [sink, sink], new Counters());
        neighbours.Learn(_network.Now, publisher.Address, 1);

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
                neighbours.TryHandOver(publisher.Address, sound);
        }));
        Assert.True(sink.Taken >= 1000);
    }

    /// <summary>A connected peer whose datagrams come to another worker's socket.</summary>
    private VirtualPeer Misplaced(TransportDirection direction, int worker)
    {
        while (_network.PeekPort() % 3 == worker)
            _network.NewAddress();
        return _network.Connect(direction, worker);
    }

    private sealed class Sink : IHandOver
    {
        public int Taken { get; private set; }

        public bool TryHandOver(int via, PeerAddress from, ReadOnlySpan<byte> datagram)
        {
            Taken++;
            return true;
        }
    }
}
