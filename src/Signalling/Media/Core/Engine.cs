using Telemedicine.Media.Dtls;
using Telemedicine.Media.Ice;
using Telemedicine.Media.Net;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Stun;

namespace Telemedicine.Media.Core;

/// <summary>
/// All transports of one worker, without sockets, threads or a clock: datagrams and the time come in, datagrams and state changes go out.
/// One thread at a time. Times are microseconds that never go back.
/// </summary>
internal sealed class Engine
{
    /// <summary>How often <see cref="HandleTimeout"/> wants to be called while there are transports.</summary>
    public const int TickInterval = 10_000;

    private const int MaximumUsernameFragment = 64;

    private readonly Dictionary<string, Transport> _byUsername = [];
    private readonly Dictionary<PeerAddress, Transport> _byAddress = [];
    private readonly List<Transport> _transports = [];
    private readonly int _index;
    private readonly Neighbours? _neighbours;
    private RateLimit _strangers;
    private RateLimit _handshakes;

    /// <param name="index">Which of <paramref name="workers"/> this one is.</param>
    /// <param name="workers">All that share the UDP port.</param>
    public Engine(IDatagramOutput output, DtlsContext dtls, WorkLimits limits, int index, IReadOnlyList<IHandOver> workers)
    {
        Output = output;
        Dtls = dtls;
        _index = index;
        _neighbours = workers.Count > 1 ? new Neighbours(index, workers, Counters) : null;
        _strangers = new RateLimit(limits.ChecksPerSecond, limits.ChecksPerSecond);
        _handshakes = new RateLimit(limits.HandshakesPerSecond, limits.HandshakesPerSecond);
    }

    public IDatagramOutput Output { get; }

    public DtlsContext Dtls { get; }

    public Counters Counters { get; } = new();

    public PacketPool Packets { get; } = new();

    public int TransportCount => _transports.Count;

    public IReadOnlyList<Transport> Transports => _transports;

    public Transport CreateTransport(TransportDirection direction)
    {
        var transport = new Transport(this, direction, NewIceParameters());
        _transports.Add(transport);
        return transport;
    }

    /// <summary>Their user name says which worker they belong to.</summary>
    public IceParameters NewIceParameters() => IceLiteAgent.NewParameters(_index);

    /// <summary>One more handshake may begin now: it costs as much as hundreds of packets.</summary>
    public bool TryBeginHandshake(long now) => _handshakes.TryTake(now);

    /// <summary>Takes one datagram. It is decrypted in place.</summary>
    public void HandleDatagram(long now, PeerAddress from, Span<byte> datagram)
    {
        Counters.Received++;
        HandleDatagram(now, from, datagram, _index);
    }

    /// <summary>Takes what another thread handed over: see <see cref="Inbox.TryPost"/>.</summary>
    public void HandleHandedOver(long now, int via, PeerAddress from, Span<byte> datagram)
    {
        if (datagram.IsEmpty)
        {
            _neighbours?.Learn(now, from, via);
            return;
        }

        if (via == Inbox.ViaTcp)
            Counters.Received++;
        HandleDatagram(now, from, datagram, via);
    }

    /// <param name="via">The worker whose socket it came to; it is handed over only if that is this one.</param>
    private void HandleDatagram(long now, PeerAddress from, Span<byte> datagram, int via)
    {
        if (datagram.IsEmpty)
        {
            Counters.DroppedMalformed++;
            return;
        }

        // RFC 7983 §7.
        switch (datagram[0])
        {
            case <= 3:
                HandleStun(now, from, datagram, via);
                break;
            case >= 20 and <= 63:
                if (_byAddress.TryGetValue(from, out var handshaking))
                    handshaking.HandleDtls(now, datagram);
                else
                    HandleForeign(from, datagram, via);
                break;
            case >= 128 and <= 191:
                if (_byAddress.TryGetValue(from, out var transport))
                    transport.HandleMedia(now, datagram);
                else
                    HandleForeign(from, datagram, via);
                break;
            default:
                Counters.DroppedMalformed++;
                break;
        }
    }

    public void HandleTimeout(long now)
    {
        // From the end: a transport may close, and leave the list, in its turn. Closing touches no other transport's place.
        for (var i = _transports.Count - 1; i >= 0; i--)
        {
            if (now >= _transports[i].DueAt)
                _transports[i].HandleTimeout(now);
        }

        _neighbours?.HandleTimeout(now);
    }

    public void CloseAll()
    {
        while (_transports.Count > 0)
            _transports[^1].Close();
    }

    public void Register(string usernameFragment, Transport transport) => _byUsername.Add(usernameFragment, transport);

    public void Unregister(string usernameFragment) => _byUsername.Remove(usernameFragment);

    public void Unregister(PeerAddress address, Transport transport)
    {
        if (!_byAddress.TryGetValue(address, out var owner) || owner != transport)
            return;
        _byAddress.Remove(address);
        Output.Release(address);
    }

    public void Remove(Transport transport) => _transports.Remove(transport);

    private void HandleForeign(PeerAddress from, ReadOnlySpan<byte> datagram, int via)
    {
        if (via != _index || _neighbours is null || !_neighbours.TryHandOver(from, datagram))
            Counters.DroppedUnknownAddress++;
    }

    private void HandleStun(long now, PeerAddress from, ReadOnlySpan<byte> datagram, int via)
    {
        if (!StunMessage.TryParse(datagram, out var message) || !message.TryGetUsername(out var local, out _))
        {
            Counters.DroppedStun++;
            return;
        }

        if (_neighbours is not null && via == _index && IceLiteAgent.TryReadWorker(local, out var worker) && _neighbours.Exists(worker))
        {
            if (_neighbours.IsHeldByAnother(now, from, worker) || IsHeldByAnother(from, null, now))
                Counters.DroppedStun++;
            else
                _neighbours.HandOver(worker, from, datagram);
            return;
        }

        if (FindByUsername(local) is not { } transport
            || IsHeldByAnother(from, transport, now)
            || (via == _index && _neighbours?.IsHeldByAnother(now, from, _index) == true))
        {
            Counters.DroppedStun++;
            return;
        }

        var known = _byAddress.TryGetValue(from, out var owner) && owner == transport;
        if (!transport.MayCheck(now, known) || (!known && !_strangers.TryTake(now)))
        {
            Counters.DroppedTooMany++;
            return;
        }

        if (!transport.TryHandleStun(now, from, datagram))
        {
            Counters.DroppedStun++;
            return;
        }

        _byAddress[from] = transport;
        _neighbours?.Claim(via, from);
    }

    private Transport? FindByUsername(ReadOnlySpan<byte> usernameFragment)
    {
        if (usernameFragment.Length > MaximumUsernameFragment)
            return null;
        Span<char> text = stackalloc char[MaximumUsernameFragment];
        for (var i = 0; i < usernameFragment.Length; i++)
            text[i] = (char)usernameFragment[i];
        return _byUsername.GetAlternateLookup<ReadOnlySpan<char>>().TryGetValue(text[..usernameFragment.Length], out var transport) ? transport : null;
    }

    /// <summary>A client that forges its source address must not take away another's live connection.</summary>
    private bool IsHeldByAnother(PeerAddress from, Transport? transport, long now) =>
        _byAddress.TryGetValue(from, out var owner) && owner != transport && owner.IsLiveAt(from, now);
}
