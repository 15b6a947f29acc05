using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Telemedicine.Identity.Tests.Hosting;

/// <summary>A self-signed certificate in a PKCS #12 file, as a production start wants one.</summary>
public static class Certificate
{
    public const string Password = "a password for the test's certificate";

    public static string File { get; } = Write(Path.Combine(AppContext.BaseDirectory, "data-protection-test.pfx"));

    public static string Write(string file)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=identity test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        System.IO.File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, Password));
        return file;
    }
}
