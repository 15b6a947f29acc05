using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Telemedicine.Identity.Tests.Conformance.Certified;

/// <summary>Runs the scripts of this folder, which hold checks against software that others wrote.</summary>
internal static class Node
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <param name="variable">Of the environment, for the script to read.</param>
    /// <returns>Each check's name, and what was wrong.</returns>
    public static async Task<IReadOnlyList<(string Name, string? Problem)>> RunAsync(string script, string variable, object value, [CallerFilePath] string file = "")
    {
        var start = new ProcessStartInfo("node", [Path.Combine(Path.GetDirectoryName(file) ?? "", script)]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment[variable] = JsonSerializer.Serialize(value);
        using var node = Process.Start(start) ?? throw new InvalidOperationException("Node.js did not start.");
        var errors = node.StandardError.ReadToEndAsync(Cancellation);
        var lines = (await node.StandardOutput.ReadToEndAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await node.WaitForExitAsync(Cancellation);
        Assert.True(node.ExitCode == 0, await errors);
        return [.. lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)
            .Select(line => (line.GetProperty("name").GetString() ?? "", line.GetProperty("problem").GetString()))];
    }
}
