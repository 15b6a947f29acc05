namespace Telemedicine.Media.Dtls;

/// <summary>The self-signed P-256 certificate of one node, made anew at each start.</summary>
internal sealed class DtlsCertificate
{
    public DtlsFingerprint Fingerprint => throw new NotImplementedException();

    public static DtlsCertificate Create(TimeProvider time) => throw new NotImplementedException();

    /// <summary>Reads "AA:BB:…" (32 pairs, either case) of a sha-256 fingerprint (RFC 8122, section 5).</summary>
    public static bool TryParseSha256(string value, Span<byte> destination) => throw new NotImplementedException();
}
