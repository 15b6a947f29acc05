namespace Telemedicine.Media.Srtp;

/// <summary>DTLS-SRTP protection profiles by their IANA numbers (RFC 5764, section 4.1.2; RFC 7714, section 14.2).</summary>
internal enum SrtpProfile : ushort
{
    None = 0,
    Aes128CmSha1Tag80 = 0x0001,
    AeadAes128Gcm = 0x0007,
}

/// <summary>The master key (16 bytes) and salt (14 bytes; 12 with GCM) of one direction.</summary>
internal sealed class SrtpMasterKey(SrtpProfile profile, byte[] key, byte[] salt)
{
    public SrtpProfile Profile { get; } = profile;

    public ReadOnlySpan<byte> Key => key;

    public ReadOnlySpan<byte> Salt => salt;
}

/// <param name="Local">For what we send: <see cref="SrtpSender"/>.</param>
/// <param name="Remote">For what we receive: <see cref="SrtpReceiver"/>.</param>
internal readonly record struct SrtpKeyingMaterial(SrtpMasterKey Local, SrtpMasterKey Remote);
