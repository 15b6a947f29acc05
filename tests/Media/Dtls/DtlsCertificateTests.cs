using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Telemedicine.Media.Dtls;
using Xunit;

namespace Telemedicine.Media.Tests.Dtls;

public sealed class DtlsCertificateTests
{
    private const string Good = "00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF";

    private readonly DtlsCertificate _certificate = DtlsCertificate.Create(TimeProvider.System);

    [Fact]
    public void The_certificate_is_p256_and_its_fingerprint_is_its_hash()
    {
        using X509Certificate2 certificate = X509CertificateLoader.LoadCertificate(_certificate.Certificate);
        using ECDsa key = Assert.IsAssignableFrom<ECDsa>(certificate.GetECDsaPublicKey());
        byte[] parsed = new byte[32];

        Assert.Equal(256, key.KeySize);
        Assert.Equal("sha-256", _certificate.Fingerprint.Algorithm);
        Assert.True(DtlsCertificate.TryParseSha256(_certificate.Fingerprint.Value, parsed));
        Assert.Equal(SHA256.HashData(certificate.RawData), parsed);
        Assert.Equal(_certificate.Fingerprint.Value, _certificate.Fingerprint.Value.ToUpperInvariant());
        Assert.NotEqual(_certificate.Fingerprint, DtlsCertificate.Create(TimeProvider.System).Fingerprint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("AA:BB")]
    [InlineData("00112233445566778899AABBCCDDEEFF00112233445566778899AABBCCDDEEFF")]
    [InlineData("00-11-22-33-44-55-66-77-88-99-AA-BB-CC-DD-EE-FF-00-11-22-33-44-55-66-77-88-99-AA-BB-CC-DD-EE-FF")]
    [InlineData("0G:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF")]
    [InlineData(Good + ":00")]
    public void A_malformed_fingerprint_is_refused(string value)
    {
        using DtlsContext context = new(_certificate);

        Assert.False(DtlsCertificate.TryParseSha256(value, new byte[32]));
        Assert.Throws<ArgumentException>(() => new DtlsSession(context, DtlsRole.Server, value));
    }
}
