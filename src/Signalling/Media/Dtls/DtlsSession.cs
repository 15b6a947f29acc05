using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Telemedicine.Media.OpenSsl;
using Telemedicine.Media.Srtp;

namespace Telemedicine.Media.Dtls;

internal enum DtlsRole
{
    Server,
    Client,
}

internal enum DtlsState
{
    New,
    Handshaking,
    Connected,

    /// <summary>The handshake did not succeed: wrong certificate, no common cipher or SRTP profile, an alert, or no answer in time.</summary>
    Failed,

    /// <summary>Closed by either side after it was connected, or by us before.</summary>
    Closed,
}

/// <summary>One DTLS 1.2 association (RFC 6347) with the use_srtp extension (RFC 5764). Any thread, but one at a time.</summary>
internal sealed unsafe class DtlsSession : IDisposable
{
    /// <summary>The longest datagram given out, in bytes: with UDP and IPv6 headers it fits every path that ICE works on.</summary>
    public const int MaxDatagram = 1200;

    private const int Mtu = 1200;
    private const int IpAndUdpHeader = 28;
    private const int AppDataIndex = 0;

    // Microseconds. RFC 6347, section 4.2.4.1, starts at 1 s; in a call each wait is felt, so like browsers we start lower.
    private const long FirstRetransmission = 100_000;
    private const long LongestRetransmission = 3_200_000;
    private const long HandshakeTime = 30_000_000;

    private readonly DtlsRole _role;
    private readonly byte[] _expected = new byte[SHA256.HashSizeInBytes];
    private readonly DtlsFlight _flight = new();
    private readonly nint _incoming;
    private readonly nint _outgoing;
    private GCHandle _self;
    private nint _ssl;
    private long _startedAt;
    private long _retransmission;
    private long? _deadline;

    /// <param name="expectedSha256Fingerprint">Hex pairs joined by colons, of the certificate that the peer must show.</param>
    /// <exception cref="ArgumentException">It is not such a fingerprint: check what a client sends with <see cref="DtlsCertificate.TryParseSha256"/>.</exception>
    public DtlsSession(DtlsContext context, DtlsRole role, string expectedSha256Fingerprint)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (!DtlsCertificate.TryParseSha256(expectedSha256Fingerprint, _expected))
            throw new ArgumentException("A sha-256 fingerprint is 32 pairs of hex digits joined by colons.", nameof(expectedSha256Fingerprint));
        _role = role;
        _ssl = LibCrypto.RequireHandle(LibSsl.New(context.Handle));
        _self = GCHandle.Alloc(this, GCHandleType.Weak);
        LibCrypto.Require(LibSsl.SetExData(_ssl, AppDataIndex, GCHandle.ToIntPtr(_self)) == 1);
        _incoming = NewMemoryBio();
        _outgoing = NewMemoryBio();
        LibSsl.SetBio(_ssl, _incoming, _outgoing);
        LibSsl.Ctrl(_ssl, LibSsl.CtrlSetMtu, Mtu, null);
        LibSsl.Ctrl(_ssl, LibSsl.CtrlSetLinkMtu, Mtu + IpAndUdpHeader, null);
        LibSsl.SetTimerCallback(_ssl, &NeverByWallClock);
        if (role == DtlsRole.Server)
            LibSsl.SetAcceptState(_ssl);
        else
            LibSsl.SetConnectState(_ssl);
    }

    public DtlsState State { get; private set; }

    /// <summary>None until connected.</summary>
    public SrtpProfile Profile { get; private set; }

    /// <summary>A client sends its first flight. A server has nothing to begin with: it waits for the client's.</summary>
    public void Start(long now)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        if (State != DtlsState.New || _role == DtlsRole.Server)
            return;
        Begin(now);
        Advance(now);
    }

    /// <summary>Takes one datagram from the peer; anything that is not DTLS is ignored. Then take what is to be sent.</summary>
    public void HandleDatagram(long now, ReadOnlySpan<byte> datagram)
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        if (State is DtlsState.Failed or DtlsState.Closed || !DtlsRecords.AreWhole(datagram))
            return;
        if (State == DtlsState.New)
            Begin(now);
        bool wasConnected = State == DtlsState.Connected;
        fixed (byte* bytes = datagram)
            LibCrypto.Require(LibCrypto.BioWrite(_incoming, bytes, datagram.Length) == datagram.Length);
        bool answered = Advance(now);

        // What OpenSSL left unread of a broken datagram must not be taken for the beginning of the next.
        if (LibCrypto.BioCtrl(_incoming, LibCrypto.BioCtrlPending, 0, null) > 0)
            LibCrypto.BioCtrl(_incoming, LibCrypto.BioCtrlReset, 0, null);

        // The client is still sending its last flight, so ours was lost (RFC 6347, section 4.2.4: the FINISHED state answers with its last flight).
        if (wasConnected && !answered && State == DtlsState.Connected && _role == DtlsRole.Server && datagram[0] == DtlsRecords.Handshake)
            _flight.Repeat();
    }

    /// <summary>The next datagram to send: whole records, at most <see cref="MaxDatagram"/> bytes.</summary>
    public bool TryTakeOutgoing(Span<byte> buffer, out int length) => _flight.TryTake(buffer, MaxDatagram, out length);

    /// <summary>When <see cref="HandleTimeout"/> is due, on the clock of <paramref name="now"/> and not before it; null when nothing is.</summary>
    public long? NextTimeout(long now) => _deadline is { } deadline ? long.Max(deadline, now) : null;

    /// <summary>Sends a lost flight again when its time has come, with doubling intervals; gives up after 30 s. Calling too early does nothing.</summary>
    public void HandleTimeout(long now)
    {
        if (_deadline is not { } deadline || now < deadline)
            return;
        if (now - _startedAt >= HandshakeTime)
        {
            Finish(DtlsState.Failed);
            return;
        }

        _flight.Repeat();
        _retransmission = long.Min(_retransmission * 2, LongestRetransmission);
        _deadline = now + _retransmission;
    }

    /// <summary>The SRTP master keys of both directions (RFC 5764, section 4.2), once connected.</summary>
    public bool TryExportKeys(out SrtpKeyingMaterial keys)
    {
        keys = default;
        if (State != DtlsState.Connected)
            return false;
        const int KeyLength = 16;
        int saltLength = Profile == SrtpProfile.AeadAes128Gcm ? 12 : 14;
        Span<byte> material = stackalloc byte[2 * (KeyLength + saltLength)];
        ReadOnlySpan<byte> label = "EXTRACTOR-dtls_srtp"u8;
        fixed (byte* bytes = material, labelBytes = label)
        {
            if (LibSsl.ExportKeyingMaterial(_ssl, bytes, (nuint)material.Length, labelBytes, (nuint)label.Length, null, 0, 0) != 1)
                return false;
        }

        // Client key, server key, client salt, server salt.
        ReadOnlySpan<byte> salts = material[(2 * KeyLength)..];
        SrtpMasterKey client = new(Profile, material[..KeyLength].ToArray(), salts[..saltLength].ToArray());
        SrtpMasterKey server = new(Profile, material[KeyLength..(2 * KeyLength)].ToArray(), salts[saltLength..].ToArray());
        CryptographicOperations.ZeroMemory(material);
        keys = _role == DtlsRole.Client ? new SrtpKeyingMaterial(client, server) : new SrtpKeyingMaterial(server, client);
        return true;
    }

    /// <summary>Ends the association; a connected peer is told by a close_notify alert, which is then to be taken and sent.</summary>
    public void Close()
    {
        ObjectDisposedException.ThrowIf(_ssl == 0, this);
        if (State is DtlsState.Failed or DtlsState.Closed)
            return;
        if (State == DtlsState.Connected)
        {
            LibCrypto.Require(LibSsl.AllocBuffers(_ssl) == 1);
            SendCloseNotify();
        }

        Finish(DtlsState.Closed);
    }

    public void Dispose()
    {
        if (_ssl == 0)
            return;
        LibSsl.Free(_ssl);
        _ssl = 0;
        _self.Free();
        _deadline = null;
    }

    internal static DtlsSession? Of(nint ssl) => GCHandle.FromIntPtr(LibSsl.GetExData(ssl, AppDataIndex)).Target as DtlsSession;

    internal bool Expects(ReadOnlySpan<byte> sha256) => sha256.SequenceEqual(_expected);

    private static nint NewMemoryBio()
    {
        nint bio = LibCrypto.RequireHandle(LibCrypto.BioNew(LibCrypto.BioSMem()));
        LibCrypto.BioCtrl(bio, LibCrypto.BioSetMemEofReturn, -1, null); // empty means "come back", not "closed"
        return bio;
    }

    /// <summary>OpenSSL's own timer reads the wall clock at every call; an hour keeps it out of the way of ours.</summary>
    [UnmanagedCallersOnly]
    private static uint NeverByWallClock(nint ssl, uint last) => 3_600_000_000;

    private void Begin(long now)
    {
        State = DtlsState.Handshaking;
        _startedAt = now;
        _deadline = now + HandshakeTime;
    }

    /// <returns>Whether there is something new to send.</returns>
    private bool Advance(long now)
    {
        LibCrypto.ErrClearError();
        bool wasConnected = State == DtlsState.Connected;
        if (State == DtlsState.Handshaking)
            Handshake();
        if (wasConnected)
            LibCrypto.Require(LibSsl.AllocBuffers(_ssl) == 1);
        if (State == DtlsState.Connected)
            Read();
        bool produced = Collect();
        // A third of a session's memory, for records that seldom come any more. It stays when a record has been read by half.
        if (State == DtlsState.Connected)
            LibSsl.FreeBuffers(_ssl);
        if (State == DtlsState.Handshaking && produced)
        {
            _retransmission = FirstRetransmission;
            _deadline = now + FirstRetransmission;
        }

        return produced;
    }

    private void Handshake()
    {
        int result = LibSsl.DoHandshake(_ssl);
        if (result == 1)
        {
            LibSsl.SrtpProtectionProfile* profile = LibSsl.GetSelectedSrtpProfile(_ssl);
            Profile = profile is null ? SrtpProfile.None : (SrtpProfile)profile->Id.Value;
            if (Profile == SrtpProfile.None)
                SendCloseNotify(); // media without SRTP is not for us (RFC 8827, section 6.5)
            Finish(Profile == SrtpProfile.None ? DtlsState.Failed : DtlsState.Connected);
        }
        else if (LibSsl.GetError(_ssl, result) is not (LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite))
        {
            Finish(DtlsState.Failed);
        }
    }

    /// <summary>Application data (there are no data channels) is thrown away; alerts are what matters.</summary>
    private void Read()
    {
        byte* discarded = stackalloc byte[256];
        int result;
        do
            result = LibSsl.Read(_ssl, discarded, 256);
        while (result > 0);
        int error = LibSsl.GetError(_ssl, result);
        if (error is LibSsl.ErrorWantRead or LibSsl.ErrorWantWrite)
            return;
        if (error == LibSsl.ErrorZeroReturn)
            SendCloseNotify();
        Finish(DtlsState.Closed);
    }

    private void SendCloseNotify()
    {
        LibCrypto.ErrClearError();
        LibSsl.Shutdown(_ssl);
        Collect();
    }

    private bool Collect()
    {
        int pending = (int)LibCrypto.BioCtrl(_outgoing, LibCrypto.BioCtrlPending, 0, null);
        if (pending <= 0)
            return false;
        fixed (byte* records = _flight.Append(pending))
            LibCrypto.Require(LibCrypto.BioRead(_outgoing, records, pending) == pending);
        return true;
    }

    private void Finish(DtlsState state)
    {
        State = state;
        _deadline = null;
    }
}
