using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Telemedicine.Web.Tests.Files;

/// <summary>The other end of INSTREAM, which answers what a test wants.</summary>
internal sealed class ClamdStub : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _serving;

    public ClamdStub()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public string Address => $"tcp://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>What it says of everything; null closes the connection without a word.</summary>
    public string? Answer { get; set; } = "stream: OK\0";

    /// <summary>What was sent to it, each as a whole.</summary>
    public List<byte[]> Scanned { get; } = [];

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
    }

    private async Task ServeAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            using var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
            await using var stream = client.GetStream();
            var command = new byte[10];
            await stream.ReadExactlyAsync(command, _stopping.Token);
            Assert.Equal("zINSTREAM\0", Encoding.ASCII.GetString(command));
            using var content = new MemoryStream();
            var length = new byte[4];
            while (true)
            {
                await stream.ReadExactlyAsync(length, _stopping.Token);
                var bytes = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
                if (bytes.Length == 0)
                    break;
                await stream.ReadExactlyAsync(bytes, _stopping.Token);
                content.Write(bytes);
            }
            Scanned.Add(content.ToArray());
            if (Answer is { } answer)
                await stream.WriteAsync(Encoding.ASCII.GetBytes(answer), _stopping.Token);
        }
    }
}

/// <summary>Debian's clamd with one signature of our own: the real ones cannot be fetched here. It listens on a socket in a folder of its own.</summary>
internal sealed class Clamd : IAsyncDisposable
{
    public const string Malware = "TELEMEDICINE-TEST-MALWARE";

    private const string Program = "/usr/sbin/clamd";

    private readonly Process _process;
    private readonly string _folder;

    private Clamd(Process process, string folder)
    {
        _process = process;
        _folder = folder;
    }

    public static bool IsInstalled => File.Exists(Program);

    public string Address => $"unix:{Path.Combine(_folder, "clamd.sock")}";

    public static async Task<Clamd> StartAsync(CancellationToken cancellationToken)
    {
        var folder = Directory.CreateTempSubdirectory("clamd-").FullName;
        var database = Directory.CreateDirectory(Path.Combine(folder, "database")).FullName;
        await File.WriteAllTextAsync(Path.Combine(database, "test.ndb"), $"Test.Marker:0:*:{Convert.ToHexStringLower(Encoding.ASCII.GetBytes(Malware))}\n", cancellationToken);
        var settings = Path.Combine(folder, "clamd.conf");
        await File.WriteAllTextAsync(settings, $"LocalSocket {folder}/clamd.sock\nDatabaseDirectory {database}\nTemporaryDirectory {folder}\nForeground yes\n", cancellationToken);
        var process = Process.Start(new ProcessStartInfo(Program, ["-c", settings]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException("clamd does not start.");
        // It says so once, when its signatures are read and it listens.
        while (await process.StandardOutput.ReadLineAsync(cancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(60), cancellationToken) is { } line)
        {
            if (line.StartsWith("Self checking", StringComparison.Ordinal))
                return new Clamd(process, folder);
        }
        throw new InvalidOperationException($"clamd ended: {await process.StandardError.ReadToEndAsync(cancellationToken)}");
    }

    public async ValueTask DisposeAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
