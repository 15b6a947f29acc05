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

/// <summary>One DTLS 1.2 association (RFC 6347) with the use_srtp extension (RFC 5764). Not thread-safe: one thread at a time.</summary>
internal sealed class DtlsSession : IDisposable
{
    /// <param name="expectedSha256Fingerprint">Upper-case hex pairs joined by colons, of the certificate that the peer must show.</param>
    public DtlsSession(DtlsContext context, DtlsRole role, string expectedSha256Fingerprint) => throw new NotImplementedException();

    public DtlsState State => throw new NotImplementedException();

    /// <summary>None until connected.</summary>
    public SrtpProfile Profile => throw new NotImplementedException();

    /// <summary>Begins: a client sends its first flight, a server waits.</summary>
    public void Start(long now) => throw new NotImplementedException();

    /// <summary>Takes one datagram from the peer; anything that is not DTLS is ignored. Then take what is to be sent.</summary>
    public void HandleDatagram(long now, ReadOnlySpan<byte> datagram) => throw new NotImplementedException();

    /// <summary>The next datagram to send: whole records, at most 1,200 bytes.</summary>
    public bool TryTakeOutgoing(Span<byte> buffer, out int length) => throw new NotImplementedException();

    /// <summary>When <see cref="HandleTimeout"/> is due, on the clock of <paramref name="now"/>; null when nothing is.</summary>
    public long? NextTimeout(long now) => throw new NotImplementedException();

    /// <summary>Sends a lost flight again when its time has come. Calling too early does nothing.</summary>
    public void HandleTimeout(long now) => throw new NotImplementedException();

    /// <summary>The SRTP master keys of both directions (RFC 5764, section 4.2), once connected.</summary>
    public bool TryExportKeys(out SrtpKeyingMaterial keys) => throw new NotImplementedException();

    /// <summary>Queues a close_notify alert for the peer.</summary>
    public void Close() => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
