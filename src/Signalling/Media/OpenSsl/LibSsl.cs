using System.Runtime.InteropServices;

namespace Telemedicine.Media.OpenSsl;

/// <summary>The functions of libssl that DTLS uses; names and parameters as in OpenSSL's manual.</summary>
internal static unsafe class LibSsl
{
    public const int CtrlSetMtu = 17; // SSL_CTRL_SET_MTU
    public const int CtrlSetReadAhead = 41; // SSL_CTRL_SET_READ_AHEAD
    public const int CtrlSetSessionCacheMode = 44; // SSL_CTRL_SET_SESS_CACHE_MODE
    public const int CtrlSetMaxSendFragment = 52; // SSL_CTRL_SET_MAX_SEND_FRAGMENT
    public const int CtrlSetLinkMtu = 120; // DTLS_CTRL_SET_LINK_MTU
    public const int CtrlSetMinProtocol = 123; // SSL_CTRL_SET_MIN_PROTO_VERSION
    public const int Dtls12 = 0xFEFD; // DTLS1_2_VERSION

    public const ulong NoQueryMtu = 1UL << 12; // SSL_OP_NO_QUERY_MTU
    public const ulong NoTicket = 1UL << 14; // SSL_OP_NO_TICKET
    public const ulong NoRenegotiation = 1UL << 30; // SSL_OP_NO_RENEGOTIATION

    /// <summary>SSL_VERIFY_PEER and SSL_VERIFY_FAIL_IF_NO_PEER_CERT.</summary>
    public const int VerifyPeerMustShow = 3;

    public const int KeyTypeEc = 408; // EVP_PKEY_EC
    public const int CertificateRejected = 28; // X509_V_ERR_CERT_REJECTED

    public const int ErrorWantRead = 2; // SSL_ERROR_WANT_READ
    public const int ErrorWantWrite = 3; // SSL_ERROR_WANT_WRITE
    public const int ErrorZeroReturn = 6; // SSL_ERROR_ZERO_RETURN

    private static readonly nint Library = OpenSslLibrary.Load("libssl");

    public static readonly delegate* unmanaged<nint> DtlsMethod = (delegate* unmanaged<nint>)Find("DTLS_method");
    public static readonly delegate* unmanaged<nint, nint> CtxNew = (delegate* unmanaged<nint, nint>)Find("SSL_CTX_new");
    public static readonly delegate* unmanaged<nint, void> CtxFree = (delegate* unmanaged<nint, void>)Find("SSL_CTX_free");
    public static readonly delegate* unmanaged<nint, int, nint, void*, nint> CtxCtrl = (delegate* unmanaged<nint, int, nint, void*, nint>)Find("SSL_CTX_ctrl");
    public static readonly delegate* unmanaged<nint, ulong, ulong> CtxSetOptions = (delegate* unmanaged<nint, ulong, ulong>)Find("SSL_CTX_set_options");

    /// <summary>context, length, DER.</summary>
    public static readonly delegate* unmanaged<nint, int, byte*, int> CtxUseCertificate = (delegate* unmanaged<nint, int, byte*, int>)Find("SSL_CTX_use_certificate_ASN1");

    /// <summary>key type, context, DER, length.</summary>
    public static readonly delegate* unmanaged<int, nint, byte*, nint, int> CtxUsePrivateKey = (delegate* unmanaged<int, nint, byte*, nint, int>)Find("SSL_CTX_use_PrivateKey_ASN1");
    public static readonly delegate* unmanaged<nint, int, nint, void> CtxSetVerify = (delegate* unmanaged<nint, int, nint, void>)Find("SSL_CTX_set_verify");

    /// <summary>context, callback (X509_STORE_CTX, argument), argument: takes the place of chain verification.</summary>
    public static readonly delegate* unmanaged<nint, delegate* unmanaged<nint, nint, int>, nint, void> CtxSetCertVerifyCallback =
        (delegate* unmanaged<nint, delegate* unmanaged<nint, nint, int>, nint, void>)Find("SSL_CTX_set_cert_verify_callback");
    public static readonly delegate* unmanaged<nint, byte*, int> CtxSetCipherList = (delegate* unmanaged<nint, byte*, int>)Find("SSL_CTX_set_cipher_list");

    /// <summary>Unlike the others it returns 0 for success.</summary>
    public static readonly delegate* unmanaged<nint, byte*, int> CtxSetUseSrtp = (delegate* unmanaged<nint, byte*, int>)Find("SSL_CTX_set_tlsext_use_srtp");

    public static readonly delegate* unmanaged<nint, nint> New = (delegate* unmanaged<nint, nint>)Find("SSL_new");
    public static readonly delegate* unmanaged<nint, void> Free = (delegate* unmanaged<nint, void>)Find("SSL_free");

    /// <summary>ssl, read BIO, write BIO: it owns them from here.</summary>
    public static readonly delegate* unmanaged<nint, nint, nint, void> SetBio = (delegate* unmanaged<nint, nint, nint, void>)Find("SSL_set_bio");
    public static readonly delegate* unmanaged<nint, int, nint, void*, nint> Ctrl = (delegate* unmanaged<nint, int, nint, void*, nint>)Find("SSL_ctrl");

    /// <summary>ssl, callback (ssl, last duration): the next retransmission timer in microseconds.</summary>
    public static readonly delegate* unmanaged<nint, delegate* unmanaged<nint, uint, uint>, void> SetTimerCallback =
        (delegate* unmanaged<nint, delegate* unmanaged<nint, uint, uint>, void>)Find("DTLS_set_timer_cb");
    public static readonly delegate* unmanaged<nint, void> SetAcceptState = (delegate* unmanaged<nint, void>)Find("SSL_set_accept_state");
    public static readonly delegate* unmanaged<nint, void> SetConnectState = (delegate* unmanaged<nint, void>)Find("SSL_set_connect_state");
    public static readonly delegate* unmanaged<nint, int> AllocBuffers = (delegate* unmanaged<nint, int>)Find("SSL_alloc_buffers");
    public static readonly delegate* unmanaged<nint, int> FreeBuffers = (delegate* unmanaged<nint, int>)Find("SSL_free_buffers");
    public static readonly delegate* unmanaged<nint, int> DoHandshake = (delegate* unmanaged<nint, int>)Find("SSL_do_handshake");
    public static readonly delegate* unmanaged<nint, byte*, int, int> Read = (delegate* unmanaged<nint, byte*, int, int>)Find("SSL_read");
    public static readonly delegate* unmanaged<nint, int> Shutdown = (delegate* unmanaged<nint, int>)Find("SSL_shutdown");
    public static readonly delegate* unmanaged<nint, int, int> GetError = (delegate* unmanaged<nint, int, int>)Find("SSL_get_error");

    /// <summary>ssl, out, length, label, its length, context, its length, whether there is a context.</summary>
    public static readonly delegate* unmanaged<nint, byte*, nuint, byte*, nuint, byte*, nuint, int, int> ExportKeyingMaterial =
        (delegate* unmanaged<nint, byte*, nuint, byte*, nuint, byte*, nuint, int, int>)Find("SSL_export_keying_material");
    public static readonly delegate* unmanaged<nint, SrtpProtectionProfile*> GetSelectedSrtpProfile =
        (delegate* unmanaged<nint, SrtpProtectionProfile*>)Find("SSL_get_selected_srtp_profile");
    public static readonly delegate* unmanaged<nint, int, nint, int> SetExData = (delegate* unmanaged<nint, int, nint, int>)Find("SSL_set_ex_data");
    public static readonly delegate* unmanaged<nint, int, nint> GetExData = (delegate* unmanaged<nint, int, nint>)Find("SSL_get_ex_data");

    /// <summary>Where a certificate store's context keeps its SSL.</summary>
    public static readonly delegate* unmanaged<int> GetExDataX509StoreCtxIndex = (delegate* unmanaged<int>)Find("SSL_get_ex_data_X509_STORE_CTX_idx");

    private static nint Find(string name) => NativeLibrary.GetExport(Library, name);

    /// <summary>SRTP_PROTECTION_PROFILE (openssl/srtp.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct SrtpProtectionProfile
    {
        public byte* Name;
        public CULong Id;
    }
}
