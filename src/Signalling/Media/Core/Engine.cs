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
internal sealed class Engine(IDatagramOutput output, DtlsContext dtls)
{
    /// <summary>How often <see cref="HandleTimeout"/> wants to be called while there are transports.</summary>
    public const int TickInterval = 10_000;

    private const int MaximumUsernameFragment = 64;

    private readonly Dictionary<string, Transport> _byUsername = [];
    private readonly Dictionary<PeerAddress, Transport> _byAddress = [];
    private readonly List<Transport> _transports = [];

    public IDatagramOutput Output { get; } = output;

    public DtlsContext Dtls { get; } = dtls;

    public Counters Counters { get; } = new();

    public PacketPool Packets { get; } = new();

    public int TransportCount => _transports.Count;

    public Transport CreateTransport(TransportDirection direction)
    {
        var transport = new Transport(this, direction, IceLiteAgent.NewParameters());
        _transports.Add(transport);
        return transport;
    }

    /// <summary>Takes one datagram. It is decrypted in place.</summary>
    public void HandleDatagram(long now, PeerAddress from, Span<byte> datagram)
    {
        Counters.Received++;
        if (datagram.IsEmpty)
        {
            Counters.DroppedMalformed++;
            return;
        }

        // RFC 7983 §7.
        switch (datagram[0])
        {
            case <= 3:
                HandleStun(now, from, datagram);
                break;
            case >= 20 and <= 63:
                if (Find(from) is { } handshaking)
                    handshaking.HandleDtls(now, datagram);
                break;
            case >= 128 and <= 191:
                if (Find(from) is { } transport)
                    transport.HandleMedia(now, datagram);
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
            _transports[i].HandleTimeout(now);
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
        if (_byAddress.TryGetValue(address, out var owner) && owner == transport)
            _byAddress.Remove(address);
    }

    public void Remove(Transport transport) => _transports.Remove(transport);

    private Transport? Find(PeerAddress from)
    {
        if (_byAddress.TryGetValue(from, out var transport))
            return transport;
        Counters.DroppedUnknownAddress++;
        return null;
    }

    private void HandleStun(long now, PeerAddress from, ReadOnlySpan<byte> datagram)
    {
        if (!StunMessage.TryParse(datagram, out var message)
            || !message.TryGetUsername(out var local, out _)
            || FindByUsername(local) is not { } transport
            || IsHeldByAnother(from, transport, now)
            || !transport.TryHandleStun(now, from, datagram))
        {
            Counters.DroppedStun++;
            return;
        }

        _byAddress[from] = transport;
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
    private bool IsHeldByAnother(PeerAddress from, Transport transport, long now) =>
        _byAddress.TryGetValue(from, out var owner) && owner != transport && owner.IsLiveAt(from, now);
}
