using Telemedicine.Media.Core;
using Telemedicine.Media.Net;
using Telemedicine.Media.Rtcp;
using Xunit;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>The packet path allocates nothing, so a thousand calls give the garbage collector nothing to do.</summary>
public sealed class AllocationTests : IDisposable
{
    private const int Batch = 500;
    private const int Rounds = 5;

    private readonly VirtualNetwork _network = new();
    private readonly VirtualPeer _publisher;
    private readonly VirtualPeer _receiver;
    private ushort _next;

    public AllocationTests()
    {
        _publisher = _network.Connect(TransportDirection.Send);
        _receiver = _network.Connect(TransportDirection.Receive);
        _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Camera, false), _network.Now);
        _receiver.Consume(_publisher.Incoming.AddTrack(TestMedia.Microphone, false), _network.Now);
    }

    public void Dispose() => _network.Dispose();

    [Fact]
    public void A_forwarded_packet_allocates_nothing()
    {
        Assert.Equal(0, AllocatedBy(() => TestMedia.Video(_next, keyFrame: _next++ % 100 == 0, transportNumber: _next), lossEvery: 0));
        Assert.True(_network.Engine.Counters.Forwarded >= Batch);
    }

    [Fact]
    public void Neither_does_loss_with_its_requests_and_feedback()
    {
        Assert.Equal(0, AllocatedBy(() => TestMedia.Video(_next, keyFrame: _next++ % 100 == 0, transportNumber: _next), lossEvery: 7));
        Assert.True(_network.Engine.Counters.NacksSent > Batch / 7);
    }

    [Fact]
    public void Neither_does_what_is_dropped()
    {
        var stranger = _network.NewAddress();

        Assert.Equal(0, LeastOf(() => Dropped(stranger)));
    }

    [Fact]
    public void Neither_does_a_layer_of_several_with_its_switches()
    {
        var publisher = _network.Connect(TransportDirection.Send);
        var camera = new SimulcastCamera(_network, publisher);
        var consumer = _receiver.Consume(camera.Track, _network.Now);
        camera.SendFrames(30);
        var switches = 0;

        Assert.Equal(0, LeastOf(() =>
        {
            consumer.SetPreferred(_network.Now, new ConsumerLayers(switches++ % 2 * 2, 1));
            return camera.Record(100);
        }));
        Assert.NotNull(consumer.Current);
    }

    [Fact]
    public void Neither_do_the_numbers_of_what_is_sent_and_the_reports_on_it()
    {
        Assert.Equal(0, AllocatedBy(() => TestMedia.Video(_next, keyFrame: _next++ % 100 == 0, transportNumber: _next), lossEvery: 0));
        Assert.Equal(0, LeastOf(() =>
        {
            // The only consumer that is sent anything: what it was forwarded before has these numbers.
            var reported = (ushort)_network.Engine.Counters.Forwarded;
            var datagrams = Protect(() => TestMedia.Video(_next, keyFrame: _next++ % 100 == 0, transportNumber: _next), Batch, lossEvery: 0);
            for (var report = 0; report < 10; report++)
            {
                var feedback = new TransportFeedback();
                for (var i = 0; i < Batch / 10; i++)
                    feedback.OnPacket(++reported, 1_000_000 + reported * 1_000L);
                datagrams.Add((_receiver.Address, _receiver.ProtectRtcp((ref RtcpBuilder rtcp) => feedback.Write(ref rtcp, 1, 2))));
            }

            return datagrams;
        }));
        Assert.NotNull(_receiver.Outgoing.AvailableBitrate);
    }

    private List<(PeerAddress From, byte[] Datagram)> Dropped(PeerAddress stranger)
    {
        var datagrams = new List<(PeerAddress, byte[])>();
        for (var i = 0; i < Batch; i++)
        {
            var forged = _publisher.ProtectRtp(TestMedia.Video(_next++));
            forged[^1] ^= 1;
            datagrams.Add((_publisher.Address, forged));
            datagrams.Add((stranger, [0x80, 96, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]));
            datagrams.Add((stranger, [0x00, 0x01, 0, 0]));
            datagrams.Add((stranger, [0xFF]));
            datagrams.Add((_publisher.Address, _publisher.ProtectRtp(TestPackets.Rtp(96, _next, 0, 4242, [1]))));
        }

        return datagrams;
    }

    private long AllocatedBy(Func<byte[]> next, int lossEvery)
    {
        // Warm: compiled, rings filled, collections grown.
        _ = Measure(Protect(next, 2000, lossEvery));
        return LeastOf(() => Protect(next, Batch, lossEvery));
    }

    /// <summary>
    /// The least of some rounds: a garbage collection that another test causes counts the unused rest of this thread's allocation buffer as used.
    /// </summary>
    private long LeastOf(Func<List<(PeerAddress From, byte[] Datagram)>> datagrams)
    {
        var least = Measure(datagrams());
        for (var round = 0; round < Rounds && least > 0; round++)
            least = Math.Min(least, Measure(datagrams()));
        return least;
    }

    private List<(PeerAddress From, byte[] Datagram)> Protect(Func<byte[]> next, int count, int lossEvery)
    {
        var datagrams = new List<(PeerAddress, byte[])>();
        for (var i = 0; i < count; i++)
        {
            var datagram = _publisher.ProtectRtp(next());
            if (lossEvery == 0 || i % lossEvery != 0)
                datagrams.Add((_publisher.Address, datagram));
        }

        return datagrams;
    }

    /// <summary>Bytes allocated by the engine while it takes these in, 1 ms apart.</summary>
    private long Measure(List<(PeerAddress From, byte[] Datagram)> datagrams)
    {
        _network.Discards = true;
        var now = _network.Now;
        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var (from, datagram) in datagrams)
        {
            now += 1000;
            _network.Engine.HandleDatagram(now, from, datagram);
            if (now % Engine.TickInterval == 0)
                _network.Engine.HandleTimeout(now);
        }

        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        _network.SkipTo(now);
        return allocated;
    }
}
