using Telemedicine.Media.Dtls;
using Telemedicine.Media.Ice;
using Telemedicine.Media.Net;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Srtp;
using Telemedicine.Media.Stun;

namespace Telemedicine.Media.Core;

/// <summary>One ICE + DTLS + SRTP association: the core of <see cref="WebRtcTransport"/>. Belongs to its engine's thread.</summary>
internal sealed class Transport
{
    /// <summary>RFC 7675 §5.1.</summary>
    public const long ConsentLifetime = 30_000_000;

    /// <summary>Browsers check every 2.5 s; a connection this long without a check may lose its address to another transport.</summary>
    public const long LiveTime = 10_000_000;

    // A browser checks each pair of candidates every 50 ms at most, and later every 2.5 s (RFC 8445 §14.2, RFC 7675 §5.1).
    private const int ChecksPerSecond = 50;
    private const int ChecksAtOnce = 100;

    // A handshake is a handful of datagrams each way.
    private const int DtlsDatagramsPerSecond = 20;
    private const int DtlsDatagramsAtOnce = 64;

    private const int MaximumAddresses = 8;
    private const int MaximumDtlsDatagram = 1200;
    private const int MaximumRtcp = 1200;

    private readonly Engine _engine;
    private readonly IceLiteAgent _ice;
    private readonly List<PeerAddress> _addresses = [];
    private string? _formerUsername;
    private DtlsSession? _dtls;
    private bool _dtlsStarted;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private PeerAddress _selected;
    private bool _reachable;
    private RateLimit _checks = new(ChecksPerSecond, ChecksAtOnce);
    private RateLimit _strangersChecks = new(ChecksPerSecond, ChecksAtOnce);
    private RateLimit _dtlsDatagrams = new(DtlsDatagramsPerSecond, DtlsDatagramsAtOnce);

    public Transport(Engine engine, TransportDirection direction, IceParameters ice)
    {
        _engine = engine;
        _ice = new IceLiteAgent(ice);
        engine.Register(ice.UsernameFragment, this);
        if (direction == TransportDirection.Send)
            Incoming = new IncomingMedia(this);
        else
            Outgoing = new OutgoingMedia(this);
    }

    public TransportState State { get; private set; }

    /// <summary>Called on the engine's thread with each new state.</summary>
    public Action<TransportState>? StateChanged { get; set; }

    public IceParameters IceParameters => _ice.Local;

    /// <summary>What the peer sends; null for a receive transport.</summary>
    public IncomingMedia? Incoming { get; }

    /// <summary>What the peer receives; null for a send transport.</summary>
    public OutgoingMedia? Outgoing { get; }

    public bool IsConnected => State == TransportState.Connected;

    public bool IsOver => State is TransportState.Failed or TransportState.Closed;

    public Engine Engine => _engine;

    public Counters Counters => _engine.Counters;

    /// <summary>
    /// When <see cref="HandleTimeout"/> has something to do. A tick would otherwise touch all memory of all transports, in vain nearly always, and hold packets up.
    /// </summary>
    public long DueAt { get; private set; }

    public bool IsLiveAt(PeerAddress address, long now) => IsConnected && _selected == address && now - _ice.LastCheckAt < LiveTime;

    /// <exception cref="MediaException">Unusable parameters, or called twice.</exception>
    public void Connect(long now, DtlsParameters remote)
    {
        if (IsOver)
            throw new MediaException("The transport is closed.");
        if (_dtls is not null)
            throw new MediaException("The transport was connected before.");
        Span<byte> parsed = stackalloc byte[32];
        var fingerprint = remote?.Fingerprints?.FirstOrDefault(known => string.Equals(known?.Algorithm, "sha-256", StringComparison.OrdinalIgnoreCase))
            ?? throw new MediaException("The DTLS parameters have no sha-256 fingerprint.");
        if (fingerprint.Value is null || !DtlsCertificate.TryParseSha256(fingerprint.Value, parsed))
            throw new MediaException("The DTLS parameters' fingerprint is not 32 hexadecimal pairs joined by colons.");
        // A peer that leaves it open ("auto") is answered as by an SDP answerer: it becomes the client.
        var role = remote.Role switch
        {
            "client" or "auto" => DtlsRole.Server,
            "server" => DtlsRole.Client,
            _ => throw new MediaException("The DTLS parameters' role must be auto, client or server."),
        };
        _dtls = new DtlsSession(_engine.Dtls, role, fingerprint.Value.ToUpperInvariant());
        StartDtls(now);
    }

    /// <exception cref="MediaException">The transport is closed.</exception>
    public IceParameters RestartIce()
    {
        if (IsOver)
            throw new MediaException("The transport is closed.");
        // Checks under the former name may still be on their way.
        if (_formerUsername is not null)
            _engine.Unregister(_formerUsername);
        _formerUsername = _ice.Local.UsernameFragment;
        var parameters = _engine.NewIceParameters();
        _ice.Restart(parameters);
        _engine.Register(parameters.UsernameFragment, this);
        return parameters;
    }

    /// <summary>One more check may be looked into. Those from addresses that passed one have a measure of their own, so that strangers cannot use it up.</summary>
    public bool MayCheck(long now, bool fromKnown) => fromKnown ? _checks.TryTake(now) : _strangersChecks.TryTake(now);

    /// <returns>True for a valid check: what comes from this address is then this transport's.</returns>
    public bool TryHandleStun(long now, PeerAddress from, ReadOnlySpan<byte> datagram)
    {
        var response = _engine.Output.Reserve(from, IceLiteAgent.MaxResponse);
        if (!_ice.TryHandle(now, from, datagram, response, out var length, out var change))
            return false;
        // A refusal without integrity answers someone who does not know the password: to their address, which may be forged, nothing is sent.
        if (!StunMessage.TryParse(response[..length], out var answer) || !answer.HasIntegrity)
            return false;
        _engine.Output.Commit(length);
        if (answer.Type != StunMessageType.BindingSuccess)
            return false;
        Remember(from);
        if (_ice.Selected is { } selected)
        {
            if (_reachable && _selected != selected)
            {
                Outgoing?.Congestion.OnPathChanged(now);
                Hurry();
            }

            _selected = selected;
            _reachable = true;
        }

        if (change != IceChange.None && State == TransportState.New)
            Enter(TransportState.Connecting);
        if (change != IceChange.None)
            StartDtls(now);
        return true;
    }

    public void HandleDtls(long now, ReadOnlySpan<byte> datagram)
    {
        if (_dtls is null || !_dtlsStarted)
        {
            Counters.DroppedNotConnected++;
            return;
        }

        if (!_dtlsDatagrams.TryTake(now) || (_dtls.State == DtlsState.New && !_engine.TryBeginHandshake(now)))
        {
            Counters.DroppedTooMany++;
            return;
        }

        _dtls.HandleDatagram(now, datagram);
        AfterDtls(now);
    }

    /// <summary>One SRTP or SRTCP packet, decrypted in place.</summary>
    public void HandleMedia(long now, Span<byte> datagram)
    {
        if (_receiver is null)
        {
            Counters.DroppedNotConnected++;
            return;
        }

        if (datagram.Length < 2)
        {
            Counters.DroppedMalformed++;
            return;
        }

        // RFC 5761 §4: RTCP packet types, seen as an RTP payload type with the marker bit.
        var isRtcp = datagram[1] is >= 192 and <= 223;
        if (!(isRtcp ? _receiver.TryUnprotectRtcp(datagram, out var length) : _receiver.TryUnprotectRtp(datagram, out length)))
        {
            Counters.DroppedUnauthenticated++;
            return;
        }

        var clear = datagram[..length];
        if (Incoming is not null)
        {
            if (isRtcp)
                Incoming.HandleRtcp(now, clear);
            else
                Incoming.HandleRtp(now, clear);
        }
        else if (isRtcp)
        {
            Outgoing?.HandleRtcp(now, clear);
        }
        else
        {
            Counters.DroppedUnknownStream++;
        }
    }

    /// <summary>What came up cannot wait: at the next tick.</summary>
    public void Hurry() => DueAt = 0;

    public void HandleTimeout(long now)
    {
        DueAt = 0;
        if (_dtls is { State: DtlsState.New or DtlsState.Handshaking } && _dtlsStarted && _dtls.NextTimeout(now) <= now)
        {
            _dtls.HandleTimeout(now);
            AfterDtls(now);
        }

        if (IsOver)
            return;
        if (_reachable && now - _ice.LastCheckAt > ConsentLifetime)
        {
            Close();
            return;
        }

        if (!IsConnected)
            return;
        DueAt = Incoming?.HandleTimeout(now) ?? Outgoing?.HandleTimeout(now) ?? now;
    }

    public void Close()
    {
        if (!IsOver)
            End(TransportState.Closed);
        else
            State = TransportState.Closed;
    }

    /// <summary>Sends one clear RTP packet, encrypted straight into the send buffer.</summary>
    public void SendRtp(SrtpStream stream, ReadOnlySpan<byte> packet, int headerLength)
    {
        // A packet that came in whole can be too long to go out when the receiver's profile adds more.
        if (_sender is null || packet.Length + SrtpSender.MaxOverhead > UdpLayer.MaxDatagram)
            return;
        var destination = _engine.Output.Reserve(_selected, packet.Length + SrtpSender.MaxOverhead);
        var length = _sender.ProtectRtp(stream, packet[..headerLength], packet[headerLength..], destination);
        if (length > 0)
            _engine.Output.Commit(length);
    }

    /// <summary>Begins an RTCP datagram, written straight into the send buffer. End it with <see cref="SendRtcp"/>.</summary>
    /// <returns>False before the transport is connected.</returns>
    public bool TryBeginRtcp(out Span<byte> buffer)
    {
        if (_sender is null)
        {
            buffer = default;
            return false;
        }

        buffer = _engine.Output.Reserve(_selected, MaximumRtcp + SrtpSender.MaxOverhead);
        return true;
    }

    /// <param name="buffer">From <see cref="TryBeginRtcp"/>.</param>
    public void SendRtcp(Span<byte> buffer, in RtcpBuilder rtcp)
    {
        if (_sender is null || rtcp.Length == 0)
            return;
        var length = _sender.ProtectRtcp(buffer, rtcp.Length);
        if (length > 0)
            _engine.Output.Commit(length);
    }

    public SrtpStream? OpenStream(uint ssrc) => _sender?.Stream(ssrc);

    private void StartDtls(long now)
    {
        if (_dtls is null || _dtlsStarted || !_reachable)
            return;
        _dtlsStarted = true;
        _dtls.Start(now);
        AfterDtls(now);
    }

    private void AfterDtls(long now)
    {
        SendDtls();
        switch (_dtls?.State)
        {
            case DtlsState.Connected when _receiver is null && _dtls.TryExportKeys(out var keys):
                _sender = new SrtpSender(keys.Local);
                _receiver = new SrtpReceiver(keys.Remote);
                Enter(TransportState.Connected);
                Outgoing?.OnConnected(now);
                break;
            case DtlsState.Failed:
                End(TransportState.Failed);
                break;
            case DtlsState.Closed:
                End(TransportState.Closed);
                break;
        }
    }

    /// <summary>Only ever to an address that passed a check.</summary>
    private void SendDtls()
    {
        while (_dtls is not null && _reachable)
        {
            var datagram = _engine.Output.Reserve(_selected, MaximumDtlsDatagram);
            if (!_dtls.TryTakeOutgoing(datagram, out var length))
                return;
            _engine.Output.Commit(length);
        }
    }

    private void Remember(PeerAddress address)
    {
        if (_addresses.Contains(address))
            return;
        if (_addresses.Count == MaximumAddresses)
        {
            var oldest = _addresses[0] == _selected ? 1 : 0;
            _engine.Unregister(_addresses[oldest], this);
            _addresses.RemoveAt(oldest);
        }

        _addresses.Add(address);
    }

    private void End(TransportState state)
    {
        Incoming?.Close();
        Outgoing?.Close();
        if (_dtls is not null)
        {
            _dtls.Close();
            SendDtls();
            _dtls.Dispose();
            _dtls = null;
        }

        _sender?.Dispose();
        _sender = null;
        _receiver?.Dispose();
        _receiver = null;
        _engine.Unregister(_ice.Local.UsernameFragment);
        if (_formerUsername is not null)
            _engine.Unregister(_formerUsername);
        foreach (var address in _addresses)
            _engine.Unregister(address, this);
        _engine.Remove(this);
        Enter(state);
    }

    private void Enter(TransportState state)
    {
        State = state;
        StateChanged?.Invoke(state);
    }
}
