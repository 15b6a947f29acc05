using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>Debian's coturn on loopback, set up by infra/coturn/turnserver.conf, with a certificate of its own making.</summary>
public sealed class Coturn : IAsyncDisposable
{
    private const string Program = "/usr/bin/turnserver";
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly string _folder;
    private readonly StringBuilder _output = new();

    private Coturn(Process process, string folder, int port, string certificateHash)
    {
        (_process, _folder, Port, CertificateHash) = (process, folder, port, certificateHash);
        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
    }

    /// <summary>Why it cannot be used here, or null.</summary>
    public static string? Missing => File.Exists(Program) ? null : "coturn is not installed (Debian: apt-get install coturn).";

    /// <summary>TURN over UDP and TCP; the next is TURN over TLS.</summary>
    public int Port { get; }

    public string Secret { get; } = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));

    /// <summary>Base64 of the SHA-256 of the certificate's public key, as Chromium's --ignore-certificate-errors-spki-list wants it.</summary>
    public string CertificateHash { get; }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <param name="mediaAddress">Where it relays to, and nowhere else.</param>
    public static async Task<Coturn> StartAsync(string mediaAddress)
    {
        var folder = Directory.CreateTempSubdirectory("coturn-").FullName;
        var port = RunningProduct.FreePorts();
        var hash = WriteCertificate(folder);
        var process = new Process();
        var coturn = new Coturn(process, folder, port, hash);
        process.StartInfo = new(Program,
        [
            "-c", Path.Combine(Checkout.Root, "infra/coturn/turnserver.conf"),
            "--listening-ip", "127.0.0.1", "--relay-ip", "127.0.0.1", "--listening-port", $"{port}", "--tls-listening-port", $"{port + 1}",
            "--static-auth-secret", coturn.Secret, "--cert", Path.Combine(folder, "certificate.pem"), "--pkey", Path.Combine(folder, "key.pem"),
            "--allowed-peer-ip", mediaAddress, "--allow-loopback-peers",
            "--pidfile", Path.Combine(folder, "pid"), "--userdb", Path.Combine(folder, "users"),
        ])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await coturn.ReadyAsync();
        }
        catch (Exception late) when (late is TimeoutException or InvalidOperationException)
        {
            await coturn.DisposeAsync();
            throw new InvalidOperationException($"coturn did not start:\n{coturn.Output}", late);
        }
        return coturn;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Waits until it shakes hands over TLS: by then its other sockets are open too.</summary>
    private async Task ReadyAsync()
    {
        var end = Stopwatch.GetTimestamp() + (long)(StartLimit.TotalSeconds * Stopwatch.Frequency);
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (Stopwatch.GetTimestamp() < end)
        {
            if (_process.HasExited)
                throw new InvalidOperationException("It ended.");
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port + 1);
#pragma warning disable CA5359 // Whether it answers is the question here, not who it is.
                await using var tls = new SslStream(client.GetStream(), leaveInnerStreamOpen: false, (_, _, _, _) => true);
#pragma warning restore CA5359
                await tls.AuthenticateAsClientAsync("localhost");
                return;
            }
            catch (Exception notYet) when (notYet is SocketException or IOException)
            {
                await pause.WaitForNextTickAsync();
            }
        }
        throw new TimeoutException();
    }

    private void Read(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
            _output.AppendLine(line.Data);
    }

    /// <returns>The hash of its key.</returns>
    private static string WriteCertificate(string folder)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(2));
        File.WriteAllText(Path.Combine(folder, "certificate.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        return Convert.ToBase64String(SHA256.HashData(key.ExportSubjectPublicKeyInfo()));
    }
}
