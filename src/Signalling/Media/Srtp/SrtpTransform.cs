namespace Telemedicine.Media.Srtp;

/// <summary>A profile's cipher under the session keys of one direction. It knows nothing of windows: the caller says the index, and never twice the same to seal.</summary>
internal abstract class SrtpTransform : IDisposable
{
    /// <summary>The bytes of the authentication tag.</summary>
    public abstract int TagLength { get; }

    /// <param name="sending">Whether it will seal or open.</param>
    public static SrtpTransform Create(SrtpMasterKey master, bool sending) => master.Profile switch
    {
        SrtpProfile.AeadAes128Gcm => new GcmTransform(SrtpSessionKeys.ForRtp(master), SrtpSessionKeys.ForRtcp(master), sending),
        SrtpProfile.Aes128CmSha1Tag80 => new CounterModeTransform(SrtpSessionKeys.ForRtp(master), SrtpSessionKeys.ForRtcp(master)),
        _ => throw new ArgumentOutOfRangeException(nameof(master), "SRTP needs a profile."),
    };

    /// <param name="packet">The header in place; payload and tag are written behind it, to the end. <paramref name="payload"/> may be its own place there.</param>
    public abstract void SealRtp(uint ssrc, ulong index, Span<byte> packet, int headerLength, ReadOnlySpan<byte> payload);

    /// <param name="packet">Header, payload and tag: decrypted in place.</param>
    public abstract bool TryOpenRtp(uint ssrc, ulong index, Span<byte> packet, int headerLength);

    /// <param name="packet">RTCP of <paramref name="length"/> bytes with room behind it for tag and index word, exactly.</param>
    public abstract void SealRtcp(uint ssrc, uint index, Span<byte> packet, int length);

    /// <param name="packet">RTCP, tag and index word: decrypted in place.</param>
    public abstract bool TryOpenRtcp(uint ssrc, uint index, Span<byte> packet);

    public abstract void Dispose();
}
