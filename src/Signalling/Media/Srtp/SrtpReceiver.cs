namespace Telemedicine.Media.Srtp;

/// <summary>Unprotects what one peer sends (RFC 3711, RFC 7714). One thread at a time.</summary>
internal sealed class SrtpReceiver(SrtpMasterKey master) : IDisposable
{
    public SrtpProfile Profile { get; } = master.Profile;

    /// <summary>Checks and decrypts in place.</summary>
    /// <param name="length">The clear packet's length.</param>
    /// <returns>False for a malformed, forged, replayed or too old packet; nothing is remembered of it, and its bytes are then meaningless.</returns>
    public bool TryUnprotectRtp(Span<byte> packet, out int length) => throw new NotImplementedException();

    /// <summary>As <see cref="TryUnprotectRtp"/>, for a compound RTCP packet.</summary>
    public bool TryUnprotectRtcp(Span<byte> packet, out int length) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
