using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Telemedicine.Media.OpenSsl;

/// <summary>
/// The functions of libcrypto that SRTP and DTLS use; names and parameters as in OpenSSL's manual. They are function pointers and not imports, so that the
/// library's name is settled before anything is bound. Those of the packet path take well under a microsecond and suppress the GC transition, which would cost
/// a tenth of that each.
/// </summary>
internal static unsafe class LibCrypto
{
    public const int AeadSetIvLength = 0x9; // EVP_CTRL_AEAD_SET_IVLEN
    public const int AeadGetTag = 0x10; // EVP_CTRL_AEAD_GET_TAG
    public const int AeadSetTag = 0x11; // EVP_CTRL_AEAD_SET_TAG
    public const int BioCtrlReset = 1; // BIO_CTRL_RESET
    public const int BioCtrlPending = 10; // BIO_CTRL_PENDING
    public const int BioSetMemEofReturn = 130; // BIO_C_SET_BUF_MEM_EOF_RETURN

    private static readonly nint Library = OpenSslLibrary.Load("libcrypto");

    public static readonly delegate* unmanaged<nint> EvpAes128Gcm = (delegate* unmanaged<nint>)Find("EVP_aes_128_gcm");
    public static readonly delegate* unmanaged<nint> EvpAes128Ctr = (delegate* unmanaged<nint>)Find("EVP_aes_128_ctr");
    public static readonly delegate* unmanaged<nint> EvpSha256 = (delegate* unmanaged<nint>)Find("EVP_sha256");

    public static readonly delegate* unmanaged<nint> EvpCipherCtxNew = (delegate* unmanaged<nint>)Find("EVP_CIPHER_CTX_new");
    public static readonly delegate* unmanaged<nint, void> EvpCipherCtxFree = (delegate* unmanaged<nint, void>)Find("EVP_CIPHER_CTX_free");

    /// <summary>ctx, cipher, engine, key, iv, enc (1 encrypt, 0 decrypt, -1 unchanged).</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, byte*, byte*, int, int> EvpCipherInit =
        (delegate* unmanaged[SuppressGCTransition]<nint, nint, nint, byte*, byte*, int, int>)Find("EVP_CipherInit_ex");

    /// <summary>ctx, out, outLength, in, inLength.</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*, int*, byte*, int, int> EvpCipherUpdate =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte*, int*, byte*, int, int>)Find("EVP_CipherUpdate");

    /// <summary>ctx, out, outLength.</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*, int*, int> EvpCipherFinal =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte*, int*, int>)Find("EVP_CipherFinal_ex");

    /// <summary>ctx, command, argument, pointer.</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<nint, int, int, void*, int> EvpCipherCtxCtrl =
        (delegate* unmanaged[SuppressGCTransition]<nint, int, int, void*, int>)Find("EVP_CIPHER_CTX_ctrl");

    /// <summary>library context, name, properties.</summary>
    public static readonly delegate* unmanaged<nint, byte*, byte*, nint> EvpMacFetch = (delegate* unmanaged<nint, byte*, byte*, nint>)Find("EVP_MAC_fetch");
    public static readonly delegate* unmanaged<nint, void> EvpMacFree = (delegate* unmanaged<nint, void>)Find("EVP_MAC_free");
    public static readonly delegate* unmanaged<nint, nint> EvpMacCtxNew = (delegate* unmanaged<nint, nint>)Find("EVP_MAC_CTX_new");
    public static readonly delegate* unmanaged<nint, void> EvpMacCtxFree = (delegate* unmanaged<nint, void>)Find("EVP_MAC_CTX_free");

    /// <summary>ctx, key (null: the one before), key length, parameters.</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*, nuint, OsslParam*, int> EvpMacInit =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte*, nuint, OsslParam*, int>)Find("EVP_MAC_init");

    public static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*, nuint, int> EvpMacUpdate =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte*, nuint, int>)Find("EVP_MAC_update");

    /// <summary>ctx, out, outLength, outSize.</summary>
    public static readonly delegate* unmanaged[SuppressGCTransition]<nint, byte*, nuint*, nuint, int> EvpMacFinal =
        (delegate* unmanaged[SuppressGCTransition]<nint, byte*, nuint*, nuint, int>)Find("EVP_MAC_final");

    public static readonly delegate* unmanaged<nint> BioSMem = (delegate* unmanaged<nint>)Find("BIO_s_mem");
    public static readonly delegate* unmanaged<nint, nint> BioNew = (delegate* unmanaged<nint, nint>)Find("BIO_new");
    public static readonly delegate* unmanaged<nint, int> BioFree = (delegate* unmanaged<nint, int>)Find("BIO_free");
    public static readonly delegate* unmanaged<nint, int, nint, void*, nint> BioCtrl = (delegate* unmanaged<nint, int, nint, void*, nint>)Find("BIO_ctrl");
    public static readonly delegate* unmanaged<nint, byte*, int, int> BioRead = (delegate* unmanaged<nint, byte*, int, int>)Find("BIO_read");
    public static readonly delegate* unmanaged<nint, byte*, int, int> BioWrite = (delegate* unmanaged<nint, byte*, int, int>)Find("BIO_write");

    public static readonly delegate* unmanaged<void> ErrClearError = (delegate* unmanaged<void>)Find("ERR_clear_error");

    public static readonly delegate* unmanaged<nint, nint> X509StoreCtxGetCert = (delegate* unmanaged<nint, nint>)Find("X509_STORE_CTX_get0_cert");
    public static readonly delegate* unmanaged<nint, int, nint> X509StoreCtxGetExData = (delegate* unmanaged<nint, int, nint>)Find("X509_STORE_CTX_get_ex_data");
    public static readonly delegate* unmanaged<nint, int, void> X509StoreCtxSetError = (delegate* unmanaged<nint, int, void>)Find("X509_STORE_CTX_set_error");

    /// <summary>certificate, digest, out, outLength.</summary>
    public static readonly delegate* unmanaged<nint, nint, byte*, uint*, int> X509Digest = (delegate* unmanaged<nint, nint, byte*, uint*, int>)Find("X509_digest");

    /// <summary>For calls that fail only when OpenSSL is out of memory or misused.</summary>
    public static void Require(bool success)
    {
        if (!success)
            ThrowFailed();
    }

    public static nint RequireHandle(nint handle)
    {
        Require(handle != 0);
        return handle;
    }

    private static void ThrowFailed() => throw new CryptographicException("An OpenSSL call failed that should not.");

    private static nint Find(string name) => NativeLibrary.GetExport(Library, name);

    /// <summary>OSSL_PARAM (openssl/core.h).</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct OsslParam
    {
        public byte* Key;
        public uint DataType;
        public void* Data;
        public nuint DataSize;
        public nuint ReturnSize;

        public const uint Utf8String = 4; // OSSL_PARAM_UTF8_STRING
    }
}
