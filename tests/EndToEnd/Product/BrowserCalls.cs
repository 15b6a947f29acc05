using System.Diagnostics;
using System.Text;
using System.Text.Json;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>One person of a call between browsers: "chromium" or "firefox", and who signs in.</summary>
public sealed record Caller(string Browser, string Email, string? Service = null);

/// <summary>What came of a call: the steps that did come about, and the one that did not.</summary>
public sealed record CallOutcome(IReadOnlyList<string> Passed, string? Failed, string? Error);

/// <summary>
/// Calls between browsers of any make through a product of their own, by Interop/interop.mjs: .NET has no driver for a distribution's Firefox. All of it runs in a network
/// namespace that ends with it.
/// </summary>
public sealed class BrowserCalls : IAsyncDisposable
{
    // A call takes a minute on two free cores; each step in it has its own limit.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(60);

    private static readonly (string Program, string Package)[] Needed =
        [("/usr/bin/firefox-esr", "firefox-esr"), ("/usr/bin/Xvfb", "xvfb"), ("/usr/bin/ip", "iproute2"), ("/usr/bin/unshare", "util-linux")];

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private BrowserCalls(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_output)
                _output.AppendLine(line.Data);
        };
    }

    private string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Why there can be none here, or null.</summary>
    public static async Task<string?> MissingAsync()
    {
        foreach (var (program, package) in Needed)
        {
            if (!File.Exists(program))
                return $"{package} is not installed (Debian: apt-get install {package}).";
        }

        using var look = Start(["ip", "link", "add", "cable", "type", "veth", "peer", "name", "end"]);
        var said = look.StandardError.ReadToEndAsync();
        await look.WaitForExitAsync();
        return look.ExitCode == 0 ? null : $"This machine lets us make no network namespace with a cable in it: {await said}";
    }

    public static async Task<BrowserCalls> StartAsync()
    {
        var calls = new BrowserCalls(Start(["node", Path.Combine(Checkout.Root, "tests/EndToEnd/Interop/interop.mjs"), Checkout.Artifacts]));
        calls._process.BeginErrorReadLine();
        await calls.HearAsync();
        return calls;
    }

    public async Task<CallOutcome> CallAsync(Caller patient, Caller clinician)
    {
        await _process.StandardInput.WriteLineAsync(JsonSerializer.Serialize(new { patient, clinician }, JsonSerializerOptions.Web));
        await _process.StandardInput.FlushAsync();
        return JsonSerializer.Deserialize<CallOutcome>(await HearAsync(), JsonSerializerOptions.Web) ?? throw new InvalidOperationException("It said null.");
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(StopLimit);
        }
        catch (TimeoutException)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private async Task<string> HearAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException($"The calls ended:\n{Output}");

    private static Process Start(string[] command)
    {
        // Without root's rights in a namespace of users too, where the system allows it.
        string[] rights = Environment.IsPrivilegedProcess ? [] : ["--map-root-user"];
        return Process.Start(new ProcessStartInfo("/usr/bin/unshare", [.. rights, "--net", .. command])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        }) ?? throw new InvalidOperationException("unshare could not be started.");
    }
}
