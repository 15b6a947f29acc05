using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemedicine.Media.Dtls;

/// <summary>The self-signed P-256 certificate of one node, made anew at each start. Peers know it by its fingerprint, so its name and dates say nothing.</summary>
internal sealed class DtlsCertificate
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(365);
    private static readonly TimeSpan ClockDifference = TimeSpan.FromDays(1);

    private DtlsCertificate(byte[] certificate, byte[] privateKey)
    {
        Certificate = certificate;
        PrivateKey = privateKey;
        Fingerprint = new DtlsFingerprint("sha-256", FormatSha256(SHA256.HashData(certificate)));
    }

    public DtlsFingerprint Fingerprint { get; }

    /// <summary>X.509 in DER.</summary>
    internal byte[] Certificate { get; }

    /// <summary>RFC 5915's ECPrivateKey in DER.</summary>
    internal byte[] PrivateKey { get; }

    public static DtlsCertificate Create(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        DateTimeOffset now = time.GetUtcNow();
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=media", key, HashAlgorithmName.SHA256);
        using X509Certificate2 certificate = request.CreateSelfSigned(now - ClockDifference, now + Lifetime);
        return new DtlsCertificate(certificate.RawData, key.ExportECPrivateKey());
    }

    /// <summary>Reads "AA:BB:…" (32 pairs, either case) of a sha-256 fingerprint (RFC 8122, section 5).</summary>
    /// <param name="destination">32 bytes.</param>
    public static bool TryParseSha256(string value, Span<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length != (SHA256.HashSizeInBytes * 3) - 1)
            return false;
        for (int n = 0; n < SHA256.HashSizeInBytes; n++)
        {
            ReadOnlySpan<char> pair = value.AsSpan(n * 3, 2);
            if (!char.IsAsciiHexDigit(pair[0]) || !char.IsAsciiHexDigit(pair[1]) || (n > 0 && value[(n * 3) - 1] != ':'))
                return false;
            destination[n] = byte.Parse(pair, System.Globalization.NumberStyles.AllowHexSpecifier, System.Globalization.CultureInfo.InvariantCulture);
        }

        return true;
    }

    private static string FormatSha256(byte[] hash) => BitConverter.ToString(hash).Replace('-', ':');
}
