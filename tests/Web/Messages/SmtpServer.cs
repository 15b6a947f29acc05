using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using MimeKit;

namespace Telemedicine.Web.Tests.Messages;

/// <summary>What a real mail server took.</summary>
public sealed record TakenMail(string From, IReadOnlyList<string> To, bool Encrypted, MimeMessage Mail);

/// <summary>A real SMTP server, Debian's python3-aiosmtpd.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly Channel<TakenMail> _taken = Channel.CreateUnbounded<TakenMail>();
    private readonly Task _reading;

    private SmtpServer(Process process, int port)
    {
        _process = process;
        Port = port;
        _reading = ReadAsync();
    }

    public int Port { get; }

    /// <summary>Everything taken so far that nobody has read.</summary>
    public int Waiting => _taken.Reader.Count;

    /// <summary>Skips the test, and says why, where the server is not installed.</summary>
    public static async Task<SmtpServer> StartAsync(params string[] arguments)
    {
        const string Python = "/usr/bin/python3";
        if (!File.Exists(Python) || await ExitCodeAsync(Python, "-c", "import aiosmtpd") != 0)
            Assert.Skip("No SMTP server here: install Debian's python3-aiosmtpd (./test does, where it may).");
        var process = Start(Python, [Path.Combine(AppContext.BaseDirectory, "Messages", "smtp-server.py"), .. arguments]);
        var port = await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);
        return port is null
            ? throw new InvalidOperationException(await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken))
            : new SmtpServer(process, int.Parse(port, CultureInfo.InvariantCulture));
    }

    /// <summary>The next message that the server took.</summary>
    public Task<TakenMail> NextAsync() => _taken.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(Limit);

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Limit);
        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            var taken = JsonDocument.Parse(line).RootElement;
            using var content = new MemoryStream(Encoding.UTF8.GetBytes(taken.GetProperty("content").GetString() ?? ""));
            await _taken.Writer.WriteAsync(new TakenMail(
                taken.GetProperty("from").GetString() ?? "",
                [.. taken.GetProperty("to").EnumerateArray().Select(to => to.GetString() ?? "")],
                taken.GetProperty("tls").GetBoolean(),
                await MimeMessage.LoadAsync(content)));
        }
    }

    private static async Task<int> ExitCodeAsync(string command, params string[] arguments)
    {
        using var process = Start(command, arguments);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return process.ExitCode;
    }

    private static Process Start(string command, string[] arguments) =>
        Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, StandardOutputEncoding = Encoding.UTF8 })
        ?? throw new InvalidOperationException($"{command} did not start.");
}
