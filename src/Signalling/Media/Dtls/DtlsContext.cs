using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Telemedicine.Media.OpenSsl;
using Telemedicine.Media.Srtp;

namespace Telemedicine.Media.Dtls;

/// <summary>The OpenSSL SSL_CTX of one node: sessions of both roles are made from it, on any thread.</summary>
internal sealed unsafe class DtlsContext : IDisposable
{
    private nint _context;

    public DtlsContext(DtlsCertificate certificate)
        : this(certificate, "SRTP_AEAD_AES_128_GCM:SRTP_AES128_CM_SHA1_80")
    {
    }

    /// <param name="srtpProfiles">OpenSSL's names joined by colons, in order of preference; null leaves SRTP out.</param>
    internal DtlsContext(DtlsCertificate certificate, string? srtpProfiles)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        Certificate = certificate;
        _context = LibCrypto.RequireHandle(LibSsl.CtxNew(LibSsl.DtlsMethod()));
        fixed (byte* der = certificate.Certificate, key = certificate.PrivateKey)
        {
            LibCrypto.Require(LibSsl.CtxUseCertificate(_context, certificate.Certificate.Length, der) == 1);
            LibCrypto.Require(LibSsl.CtxUsePrivateKey(LibSsl.KeyTypeEc, _context, key, certificate.PrivateKey.Length) == 1);
        }

        // RFC 8827, section 6.5: DTLS 1.2, ephemeral keys, authenticated encryption. GCM only: see DtlsRecords.
        fixed (byte* ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES128-GCM-SHA256"u8)
            LibCrypto.Require(LibSsl.CtxSetCipherList(_context, ciphers) == 1);
        if (srtpProfiles is not null)
        {
            fixed (byte* profiles = Encoding.ASCII.GetBytes(srtpProfiles + '\0'))
                LibCrypto.Require(LibSsl.CtxSetUseSrtp(_context, profiles) == 0);
        }

        LibCrypto.Require(LibSsl.CtxCtrl(_context, LibSsl.CtrlSetMinProtocol, LibSsl.Dtls12, null) == 1);
        LibSsl.CtxSetOptions(_context, LibSsl.NoQueryMtu | LibSsl.NoTicket | LibSsl.NoRenegotiation);
        LibSsl.CtxCtrl(_context, LibSsl.CtrlSetReadAhead, 1, null);
        LibSsl.CtxCtrl(_context, LibSsl.CtrlSetSessionCacheMode, 0, null);
        // It also sizes the buffer that each session keeps for sending: 16 KiB if left alone, of which nothing beyond a datagram is ever used.
        LibCrypto.Require(LibSsl.CtxCtrl(_context, LibSsl.CtrlSetMaxSendFragment, DtlsSession.MaxDatagram, null) == 1);
        LibSsl.CtxSetVerify(_context, LibSsl.VerifyPeerMustShow, 0);
        LibSsl.CtxSetCertVerifyCallback(_context, &VerifyFingerprint, 0);
    }

    public DtlsCertificate Certificate { get; }

    internal nint Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_context == 0, this);
            return _context;
        }
    }

    /// <summary>Runs one handshake and one packet in memory: the first of a process takes tens of milliseconds, later ones well under one.</summary>
    public void WarmUp()
    {
        using DtlsSession server = new(this, DtlsRole.Server, Certificate.Fingerprint.Value);
        using DtlsSession client = new(this, DtlsRole.Client, Certificate.Fingerprint.Value);
        Span<byte> datagram = stackalloc byte[DtlsSession.MaxDatagram];
        client.Start(0);
        for (bool moved = true; moved;)
        {
            moved = false;
            for (; client.TryTakeOutgoing(datagram, out int length); moved = true)
                server.HandleDatagram(0, datagram[..length]);
            for (; server.TryTakeOutgoing(datagram, out int length); moved = true)
                client.HandleDatagram(0, datagram[..length]);
        }

        LibCrypto.Require(client.TryExportKeys(out SrtpKeyingMaterial sending) & server.TryExportKeys(out SrtpKeyingMaterial receiving));
        using SrtpSender sender = new(sending.Local);
        using SrtpReceiver receiver = new(receiving.Remote);
        Span<byte> packet = datagram[..64];
        packet.Clear();
        packet[0] = 0x80;
        LibCrypto.Require(receiver.TryUnprotectRtp(packet[..sender.ProtectRtp(sender.Stream(0), packet, RtpIndex.RtpMinimum)], out _));
    }

    public void Dispose()
    {
        LibSsl.CtxFree(_context);
        _context = 0;
    }

    /// <summary>
    /// OpenSSL asks here in place of checking a chain, in the middle of the handshake. Only then does a wrong certificate fail it for both sides: a check made
    /// afterwards leaves the peer believing that it is connected.
    /// </summary>
    [UnmanagedCallersOnly]
    private static int VerifyFingerprint(nint store, nint argument)
    {
        nint ssl = LibCrypto.X509StoreCtxGetExData(store, LibSsl.GetExDataX509StoreCtxIndex());
        nint certificate = LibCrypto.X509StoreCtxGetCert(store);
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        uint length = 0;
        fixed (byte* digest = actual)
        {
            if (ssl != 0 && certificate != 0
                && LibCrypto.X509Digest(certificate, LibCrypto.EvpSha256(), digest, &length) == 1
                && DtlsSession.Of(ssl) is { } session && session.Expects(actual))
                return 1;
        }

        LibCrypto.X509StoreCtxSetError(store, LibSsl.CertificateRejected);
        return 0;
    }
}
