using System.Buffers.Binary;
using System.Net;
using Telemedicine.Media.Net;
using Xunit;

namespace Telemedicine.Media.Tests.Net;

public sealed class InboxTests
{
    private static readonly PeerAddress Someone = PeerAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), 4000));

    private readonly Inbox _inbox = new();

    [Fact]
    public void What_is_posted_is_taken_once_in_order()
    {
        Assert.True(_inbox.IsEmpty);
        Assert.True(_inbox.TryPost(3, Someone, [1, 2, 3]));
        Assert.True(_inbox.TryPost(Inbox.ViaTcp, Someone.OverTcp(), []));
        Assert.False(_inbox.IsEmpty);

        Assert.True(_inbox.TryTake(out var via, out var from, out var datagram));
        Assert.Equal((3, Someone), (via, from));
        Assert.Equal([1, 2, 3], datagram.ToArray());
        _inbox.Release();
        Assert.True(_inbox.TryTake(out via, out from, out datagram));
        Assert.Equal((Inbox.ViaTcp, Someone.OverTcp()), (via, from));
        Assert.True(datagram.IsEmpty);
        _inbox.Release();
        Assert.False(_inbox.TryTake(out _, out _, out _));
        Assert.True(_inbox.IsEmpty);
    }

    [Fact]
    public void A_full_inbox_refuses_until_something_is_taken()
    {
        var posted = 0;
        while (_inbox.TryPost(0, Someone, [1]))
            posted++;
        Assert.InRange(posted, 64, 10_000);

        Assert.True(_inbox.TryTake(out _, out _, out _));
        _inbox.Release();

        Assert.True(_inbox.TryPost(0, Someone, [1]));
        Assert.False(_inbox.TryPost(0, Someone, [1]));
    }

    [Fact]
    public void Neither_posting_nor_taking_allocates()
    {
        var datagram = new byte[UdpLayer.MaxDatagram];

        Assert.Equal(0, Allocations.Of(() =>
        {
            for (var i = 0; i < 1000; i++)
            {
                _inbox.TryPost(0, Someone, datagram);
                _inbox.TryTake(out _, out _, out _);
                _inbox.Release();
            }
        }));
    }

    [Fact]
    public async Task Each_of_many_posters_is_heard_in_its_own_order()
    {
        const int Posters = 4, Each = 20_000;
        var posting = Enumerable.Range(0, Posters).Select(poster => Task.Run(() =>
        {
            var datagram = new byte[4];
            for (var i = 0; i < Each;)
            {
                BinaryPrimitives.WriteInt32BigEndian(datagram, i);
                if (_inbox.TryPost(poster, Someone, datagram))
                    i++;
                else
                    Thread.Yield();
            }
        })).ToArray();

        var next = new int[Posters];
        while (next.Sum() < Posters * Each)
        {
            if (!_inbox.TryTake(out var via, out _, out var datagram))
            {
                Thread.Yield();
                continue;
            }

            Assert.Equal(next[via]++, BinaryPrimitives.ReadInt32BigEndian(datagram));
            _inbox.Release();
        }

        await Task.WhenAll(posting);
        Assert.True(_inbox.IsEmpty);
    }
}
