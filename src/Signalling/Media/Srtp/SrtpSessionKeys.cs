using Telemedicine.Media.OpenSsl;

namespace Telemedicine.Media.Srtp;

/// <summary>The keys that packets of one kind in one direction are protected with.</summary>
/// <param name="encryption">16 bytes.</param>
/// <param name="authentication">20 bytes; not used with GCM.</param>
/// <param name="salt">14 bytes; 12 with GCM.</param>
internal sealed unsafe class SrtpSessionKeys(byte[] encryption, byte[] authentication, byte[] salt)
{
    // RFC 3711, section 4.3.2. SRTCP's labels are three higher than SRTP's.
    private const byte EncryptionLabel = 0;
    private const byte AuthenticationLabel = 1;
    private const byte SaltLabel = 2;
    private const byte RtcpOffset = 3;

    private const int AuthenticationKeyLength = 20;
    private const int DerivationSaltLength = 14;

    public ReadOnlySpan<byte> Encryption => encryption;

    public ReadOnlySpan<byte> Authentication => authentication;

    public ReadOnlySpan<byte> Salt => salt;

    public static SrtpSessionKeys ForRtp(SrtpMasterKey master) => Derive(master, 0);

    public static SrtpSessionKeys ForRtcp(SrtpMasterKey master) => Derive(master, RtcpOffset);

    private static SrtpSessionKeys Derive(SrtpMasterKey master, byte offset) => new(
        Derive(master, (byte)(EncryptionLabel + offset), master.Key.Length),
        Derive(master, (byte)(AuthenticationLabel + offset), AuthenticationKeyLength),
        Derive(master, (byte)(SaltLabel + offset), master.Salt.Length));

    /// <summary>RFC 3711, section 4.3: AES-CM as the pseudo-random function, key derivation rate 0.</summary>
    internal static byte[] Derive(SrtpMasterKey master, byte label, int length)
    {
        // x = label * 2^48 XOR master salt, in 112 bits; GCM's shorter salt is padded on the right (RFC 7714, section 11).
        Span<byte> iv = stackalloc byte[16];
        iv.Clear();
        master.Salt.CopyTo(iv);
        iv[DerivationSaltLength - 7] ^= label;
        byte[] output = new byte[length];
        nint context = LibCrypto.RequireHandle(LibCrypto.EvpCipherCtxNew());
        fixed (byte* key = master.Key, ivPointer = iv, target = output)
        {
            int written;
            bool done = LibCrypto.EvpCipherInit(context, LibCrypto.EvpAes128Ctr(), 0, key, ivPointer, 1) == 1
                && LibCrypto.EvpCipherUpdate(context, target, &written, target, length) == 1;
            LibCrypto.EvpCipherCtxFree(context);
            LibCrypto.Require(done);
        }

        return output;
    }
}
