using System.Net;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Media.Core;
using Telemedicine.Media.Dtls;
using Telemedicine.Media.Net;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>
/// An engine (or several, as the workers of one node) and its peers on a network in memory: 5 ms one way, no loss unless a test asks for it, and a clock that only
/// <see cref="Run"/> moves.
/// </summary>
internal sealed class VirtualNetwork : IDatagramOutput, IDisposable
{
    private const long Delay = 5_000;
    private const long Step = 1_000;

    private readonly Dictionary<PeerAddress, VirtualPeer> _peers = [];
    private readonly Queue<(long At, PeerAddress From, byte[] Datagram)> _toEngine = new();
    private readonly PriorityQueue<(PeerAddress To, byte[] Datagram), (long At, long Order)> _toPeers = new();
    private readonly DtlsContext _dtls = new(DtlsCertificate.Create(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56))));
    private readonly byte[] _reserved = new byte[UdpLayer.MaxDatagram];
    private readonly List<IDisposable> _owned = [];
    private readonly VirtualInbox[] _inboxes;
    private PeerAddress _reservedFor;
    private int _nextPort = 40000;
    private long _order;

    public VirtualNetwork(int workers = 1, WorkLimits? limits = null)
    {
        _inboxes = [.. Enumerable.Range(0, workers).Select(_ => new VirtualInbox())];
        Engines = [.. Enumerable.Range(0, workers).Select(i => new Engine(this, _dtls, limits ?? new WorkLimits(2000, 200), i, _inboxes))];
    }

    public IReadOnlyList<Engine> Engines { get; }

    public Engine Engine => Engines[0];

    /// <summary>To which worker's socket the system gives an address's datagrams.</summary>
    public Func<PeerAddress, int> SocketOf { get; set; } = _ => 0;

    public long Now { get; private set; } = 1_000_000;

    public DtlsFingerprint Fingerprint => _dtls.Certificate.Fingerprint;

    /// <summary>Says which datagrams from peers are lost.</summary>
    public Func<byte[], bool> LosesFromPeer { get; set; } = _ => false;

    /// <summary>What lies between the engine and a peer, instead of the plain delay.</summary>
    public Dictionary<PeerAddress, Link> Links { get; } = [];

    /// <summary>What the engine sends goes nowhere.</summary>
    public bool Discards { get; set; }

    /// <summary>Where the engine sent anything at all.</summary>
    public HashSet<PeerAddress> SentTo { get; } = [];

    /// <summary>Addresses that an engine is done with.</summary>
    public List<PeerAddress> Released { get; } = [];

    public VirtualPeer AddPeer(TransportDirection direction, int worker = 0)
    {
        var peer = new VirtualPeer(this, Engines[worker].CreateTransport(direction), NewAddress());
        _peers.Add(peer.Address, peer);
        _owned.Add(peer);
        return peer;
    }

    /// <summary>A peer whose transport is connected.</summary>
    public VirtualPeer Connect(TransportDirection direction, int worker = 0)
    {
        var peer = AddPeer(direction, worker);
        peer.Connect();
        for (var i = 0; i < 100 && !peer.IsConnected; i++)
            Run(10);
        Xunit.Assert.True(peer.IsConnected, "The peer did not connect.");
        return peer;
    }

    public PeerAddress NewAddress() => PeerAddress.From(new IPEndPoint(IPAddress.Parse("192.0.2.1"), _nextPort++));

    /// <summary>The port of the next new address.</summary>
    public int PeekPort() => _nextPort;

    public void Move(VirtualPeer peer, PeerAddress address)
    {
        _peers.Remove(peer.Address);
        _peers[address] = peer;
    }

    public void Send(PeerAddress from, ReadOnlySpan<byte> datagram)
    {
        var copy = datagram.ToArray();
        if (!LosesFromPeer(copy))
            _toEngine.Enqueue((Now + Delay, from, copy));
    }

    /// <summary>Lets time pass.</summary>
    public void Run(int milliseconds)
    {
        for (var end = Now + milliseconds * 1000L; Now < end;)
        {
            Now += Step;
            while (_toEngine.TryPeek(out var next) && next.At <= Now)
            {
                _toEngine.Dequeue();
                Engines[SocketOf(next.From)].HandleDatagram(Now, next.From, next.Datagram);
            }

            for (var i = 0; i < Engines.Count; i++)
            {
                _inboxes[i].Empty(Engines[i], Now);
                if (Now % Engine.TickInterval == 0)
                    Engines[i].HandleTimeout(Now);
            }

            while (_toPeers.TryPeek(out var next, out var due) && due.At <= Now)
            {
                _toPeers.Dequeue();
                if (_peers.TryGetValue(next.To, out var peer))
                    peer.HandleDatagram(Now, next.Datagram);
            }

            foreach (var peer in _peers.Values)
                peer.HandleTimeout(Now);
        }
    }

    /// <summary>Time that a test let pass for the engine alone.</summary>
    public void SkipTo(long now) => Now = now;

    Span<byte> IDatagramOutput.Reserve(PeerAddress to, int max)
    {
        _reservedFor = to;
        return _reserved.AsSpan(0, max);
    }

    void IDatagramOutput.Commit(int length)
    {
        if (Discards)
            return;
        SentTo.Add(_reservedFor);
        var at = Links.TryGetValue(_reservedFor, out var link) ? link.Send(Now, length) : Now + Delay;
        if (at is { } arrival)
            _toPeers.Enqueue((_reservedFor, _reserved[..length]), (arrival, _order++));
    }

    void IDatagramOutput.Release(PeerAddress address) => Released.Add(address);

    public void Dispose()
    {
        foreach (var engine in Engines)
            engine.CloseAll();
        foreach (var owned in _owned)
            owned.Dispose();
        _dtls.Dispose();
    }

    private sealed class VirtualInbox : IHandOver
    {
        private readonly Queue<(int Via, PeerAddress From, byte[] Datagram)> _waiting = new();

        public bool TryHandOver(int via, PeerAddress from, ReadOnlySpan<byte> datagram)
        {
            _waiting.Enqueue((via, from, datagram.ToArray()));
            return true;
        }

        public void Empty(Engine engine, long now)
        {
            while (_waiting.TryDequeue(out var next))
                engine.HandleHandedOver(now, next.Via, next.From, next.Datagram);
        }
    }
}
