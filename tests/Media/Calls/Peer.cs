using System.Text;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Media.Dtls;
using Telemedicine.Media.Ice;
using Telemedicine.Media.Net;
using Telemedicine.Media.Rtcp;
using Telemedicine.Media.Rtp;
using Telemedicine.Media.Srtp;
using Telemedicine.Media.Stun;

namespace Telemedicine.Media.Tests.Calls;

/// <summary>The browser's side of one transport: the controlling ICE agent, the DTLS client, SRTP both ways.</summary>
internal abstract class Peer(IceParameters ice, DtlsFingerprint fingerprint) : IDisposable
{
    private const ushort IceControlling = 0x802A;
    private const long CheckInterval = 2_500_000;

    private readonly DtlsContext _context = new(DtlsCertificate.Create(new FakeTimeProvider(DateTimeOffset.UnixEpoch.AddYears(56))));
    private readonly Dictionary<uint, SrtpStream> _streams = [];
    private readonly byte[] _buffer = new byte[2000];
    private IceParameters _ice = ice;
    private DtlsSession? _dtls;
    private SrtpSender? _sender;
    private SrtpReceiver? _receiver;
    private long _checkAt;

    public PeerAddress Address { get; protected set; }

    /// <summary>Clear RTP packets received, in order of arrival.</summary>
    public List<byte[]> Rtp { get; } = [];

    /// <summary>Clear RTCP datagrams received, in order of arrival.</summary>
    public List<byte[]> Rtcp { get; } = [];

    /// <summary>Called for each clear RTP packet.</summary>
    public Action<byte[]>? OnRtp { get; set; }

    /// <summary>Called for each clear RTCP datagram.</summary>
    public Action<byte[]>? OnRtcp { get; set; }

    public bool HasKeys => _sender is not null;

    /// <summary>A silent peer sends no more checks.</summary>
    public bool Silent { get; set; }

    public DtlsParameters DtlsParameters => new("client", [_context.Certificate.Fingerprint]);

    protected abstract long Now { get; }

    /// <summary>Starts checks and the handshake.</summary>
    public void Begin()
    {
        _dtls = new DtlsSession(_context, DtlsRole.Client, fingerprint.Value);
        SendCheck(Address, nominate: true);
        _checkAt = Now + CheckInterval;
    }

    public void Use(IceParameters parameters) => _ice = parameters;

    public void SendCheck(PeerAddress from, bool nominate, string? password = null)
    {
        var check = new StunWriter(_buffer, StunMessageType.BindingRequest, Guid.NewGuid().ToByteArray().AsSpan(0, 12));
        check.Add(StunFormat.Username, Encoding.ASCII.GetBytes($"{_ice.UsernameFragment}:peer"));
        check.Add(StunFormat.Priority, [0x6E, 0, 0, 0xFF]);
        check.Add(IceControlling, new byte[8]);
        if (nominate)
            check.Add(StunFormat.UseCandidate, []);
        check.AddIntegrity(Encoding.ASCII.GetBytes(password ?? _ice.Password));
        check.AddFingerprint();
        Send(from, _buffer.AsSpan(0, check.Length));
    }

    public void SendRtp(ReadOnlySpan<byte> packet) => Send(Address, ProtectRtp(packet));

    /// <summary>A datagram as this peer would send it.</summary>
    public byte[] ProtectRtp(ReadOnlySpan<byte> packet)
    {
        var sender = _sender ?? throw new InvalidOperationException("Not connected.");
        Xunit.Assert.True(RtpHeader.TryParse(packet, out var header));
        if (!_streams.TryGetValue(header.Ssrc, out var stream))
            _streams.Add(header.Ssrc, stream = sender.Stream(header.Ssrc));
        packet.CopyTo(_buffer);
        var length = sender.ProtectRtp(stream, _buffer, packet.Length);
        Xunit.Assert.NotEqual(0, length);
        return _buffer[..length];
    }

    public delegate void RtcpWriter(ref RtcpBuilder rtcp);

    public void SendRtcp(RtcpWriter write) => Send(Address, ProtectRtcp(write));

    /// <summary>A datagram as this peer would send it.</summary>
    public byte[] ProtectRtcp(RtcpWriter write)
    {
        var sender = _sender ?? throw new InvalidOperationException("Not connected.");
        var rtcp = new RtcpBuilder(_buffer);
        write(ref rtcp);
        return _buffer[..sender.ProtectRtcp(_buffer, rtcp.Length)];
    }

    /// <summary>Ends the association with a DTLS alert.</summary>
    public void SendClose()
    {
        _dtls?.Close();
        Flush();
    }

    public void HandleDatagram(long now, byte[] datagram)
    {
        switch (datagram[0])
        {
            case <= 3:
                if (_dtls is { State: DtlsState.New })
                {
                    _dtls.Start(now);
                    Flush();
                }

                break;
            case <= 63:
                _dtls?.HandleDatagram(now, datagram);
                Flush();
                if (_sender is null && _dtls is not null && _dtls.TryExportKeys(out var keys))
                {
                    _sender = new SrtpSender(keys.Local);
                    _receiver = new SrtpReceiver(keys.Remote);
                }

                break;
            default:
                HandleMedia(datagram);
                break;
        }
    }

    public void HandleTimeout(long now)
    {
        if (_dtls is { State: DtlsState.Handshaking })
        {
            _dtls.HandleTimeout(now);
            Flush();
        }

        if (_dtls is null || Silent || now < _checkAt)
            return;
        _checkAt = now + CheckInterval;
        SendCheck(Address, nominate: false);
    }

    public virtual void Dispose()
    {
        _dtls?.Dispose();
        _sender?.Dispose();
        _receiver?.Dispose();
        _context.Dispose();
    }

    protected abstract void Send(PeerAddress from, ReadOnlySpan<byte> datagram);

    private void HandleMedia(byte[] datagram)
    {
        var receiver = _receiver ?? throw new InvalidOperationException("Media came before the handshake ended.");
        if (datagram[1] is >= 192 and <= 223)
        {
            Xunit.Assert.True(receiver.TryUnprotectRtcp(datagram, out var rtcpLength));
            Rtcp.Add(datagram[..rtcpLength]);
            OnRtcp?.Invoke(datagram[..rtcpLength]);
            return;
        }

        Xunit.Assert.True(receiver.TryUnprotectRtp(datagram, out var length));
        Rtp.Add(datagram[..length]);
        OnRtp?.Invoke(datagram[..length]);
    }

    private void Flush()
    {
        while (_dtls is not null && _dtls.TryTakeOutgoing(_buffer, out var length))
            Send(Address, _buffer.AsSpan(0, length));
    }
}
