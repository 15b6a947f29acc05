using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Telemedicine.EndToEnd.Tests.Product;

/// <summary>The product as ./run serves it: three processes, an empty data folder, ports of its own, media on loopback.</summary>
public sealed partial class RunningProduct : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);
    private readonly Process _process;
    private readonly StringBuilder _output;

    private RunningProduct(Process process, StringBuilder output, int port, string data)
    {
        (_process, _output, Port, Data) = (process, output, port, data);
        using var people = JsonDocument.Parse(File.ReadAllText(Path.Combine(Checkout.Root, "infra/demonstration/people.json")));
        Password = people.RootElement.GetProperty("password").GetString() ?? throw new InvalidOperationException("people.json has no password.");
    }

    public int Port { get; }

    /// <summary>The folder with its databases, secrets and logs.</summary>
    public string Data { get; }

    /// <summary>Web's address.</summary>
    public string Address => $"http://localhost:{Port}";

    /// <summary>Where people sign in and see to their account.</summary>
    public string IdentityAddress => $"http://localhost:{Port + 1}";

    /// <summary>Every demonstration account's password.</summary>
    public string Password { get; }

    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    public static Task<RunningProduct> StartAsync(string? data = null, int? port = null, params string[] arguments) =>
        StartAsync(new Dictionary<string, string>(), data, port, arguments);

    /// <param name="settings">Given to every service as environment variables, besides those of ./run.</param>
    public static async Task<RunningProduct> StartAsync(
        IReadOnlyDictionary<string, string> settings, string? data = null, int? port = null, params string[] arguments)
    {
        data ??= Directory.CreateTempSubdirectory("telemedicine-").FullName;
        var chosen = port ?? FreePorts();
        var output = new StringBuilder();
        var ready = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new Process { StartInfo = Command(["--port", $"{chosen}", "--data", data, "--media-address", "127.0.0.1", .. arguments]), EnableRaisingEvents = true };
        foreach (var (name, value) in settings)
            process.StartInfo.Environment[name] = value;
        void Read(object sender, DataReceivedEventArgs line)
        {
            lock (output)
                output.AppendLine(line.Data);
            if (line.Data?.Contains(" is open, ready in ", StringComparison.Ordinal) == true)
                ready.TrySetResult();
        }
        process.OutputDataReceived += Read;
        process.ErrorDataReceived += Read;
        process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException("./run ended before it was ready."));
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var product = new RunningProduct(process, output, chosen, data);
        try
        {
            await ready.Task.WaitAsync(StartLimit);
        }
        catch (Exception error) when (error is InvalidOperationException or TimeoutException)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            throw new InvalidOperationException($"./run did not become ready:\n{product.Output}", error);
        }
        return product;
    }

    /// <summary>Runs ./run to its end.</summary>
    /// <returns>Its exit code and all that it printed.</returns>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(params string[] arguments)
    {
        using var process = Process.Start(Command(arguments)) ?? throw new InvalidOperationException("./run could not be started.");
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await error);
    }

    /// <summary>Presses Ctrl-C and waits.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        if (!_process.HasExited)
        {
            const int Interrupt = 2;
            _ = Kill(_process.Id, Interrupt);
            await _process.WaitForExitAsync().WaitAsync(StopLimit);
        }
        return _process.ExitCode;
    }

    /// <summary>Waits until ./run has ended by itself.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> EndedAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(StopLimit);
        return _process.ExitCode;
    }

    /// <summary>The process of one service, e.g. "Telemedicine.Signalling". Linux only.</summary>
    public Process Service(string assembly)
    {
        var children = File.ReadAllText($"/proc/{_process.Id}/task/{_process.Id}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var id = children.Single(child => File.ReadAllText($"/proc/{child}/cmdline").Contains($"{assembly}.dll", StringComparison.Ordinal));
        return Process.GetProcessById(int.Parse(id, CultureInfo.InvariantCulture));
    }

    public IEnumerable<int> ServicePorts => Enumerable.Range(Port, 3);

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
        Directory.Delete(Data, recursive: true);
    }

    /// <summary>The first of four neighbouring ports that nobody uses: three for TCP, the last for UDP.</summary>
    public static int FreePorts()
    {
        var used = IPGlobalProperties.GetIPGlobalProperties();
        var taken = used.GetActiveTcpListeners().Concat(used.GetActiveUdpListeners()).Select(endpoint => endpoint.Port).ToHashSet();
        // Below the range that the system hands out by itself, so that nobody takes one between this look and its use.
        return Enumerable.Range(0, 1000).Select(_ => Random.Shared.Next(2_000, 8_000) * 4).First(port => Enumerable.Range(port, 4).All(p => !taken.Contains(p)));
    }

    public static Socket Occupy(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        socket.Listen();
        return socket;
    }

    private static ProcessStartInfo Command(string[] arguments) =>
        new(Path.Combine(Checkout.Root, "run"), arguments) { WorkingDirectory = Checkout.Root, RedirectStandardOutput = true, RedirectStandardError = true };

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
