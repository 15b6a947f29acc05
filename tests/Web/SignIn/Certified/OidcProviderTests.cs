using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.SignIn.Certified;

/// <summary>Web against oidc-provider, a certified OpenID provider that others wrote, by settings alone and in Chromium: oidc-provider.mjs holds the checks.</summary>
public sealed class OidcProviderTests
{
    private const string Secret = "a client secret for oidc-provider of 32 bytes or more";

    private static readonly string[] Checks =
    [
        "sign in and reach the page that needed it", "name and role under names of the provider's own", "sign out here and at the provider",
        "sign out at the provider reaches Web, and copied cookies", "keys are rolled over",
    ];

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Web_signs_in_at_a_certified_provider_by_settings_alone()
    {
        var chromium = Environment.GetEnvironmentVariable("CHROMIUM") ?? "/usr/bin/chromium";
        Assert.SkipUnless(File.Exists(chromium), $"Chromium is not at {chromium}; CHROMIUM may say where it is.");
        var (webPort, providerPort) = (FreePort(), FreePort());
        var (address, issuer) = ($"http://localhost:{webPort}", $"http://localhost:{providerPort}");
        await using var web = await WebHost.StartAsync(settings: new Dictionary<string, string?>
        {
            ["Web:PublicUrl"] = address,
            ["Oidc:Authority"] = issuer,
            ["Oidc:ClientId"] = "a-practice",
            ["Oidc:ClientSecret"] = Secret,
            ["Oidc:ClaimNames:name"] = "display",
            ["Oidc:RoleClaim"] = "groups",
            ["Oidc:RoleValues:patient"] = "people-we-care-for",
        });

        // The other side goes by the machine's clock.
        web.Time.SetUtcNow(TimeProvider.System.GetUtcNow());
        web.UseKestrel(webPort);
        web.StartServer();

        var outcomes = await RunAsync(new { issuer, web = address, clientId = "a-practice", secret = Secret });

        Assert.All(outcomes, outcome => Assert.True(outcome.Problem is null, $"{outcome.Name}: {outcome.Problem}"));
        Assert.Equal(Checks, outcomes.Select(outcome => outcome.Name));
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <returns>Each check's name, and what was wrong.</returns>
    private static async Task<IReadOnlyList<(string Name, string? Problem)>> RunAsync(object web)
    {
        var start = new ProcessStartInfo("node", [Script()]) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["WEB"] = JsonSerializer.Serialize(web);
        using var node = Process.Start(start) ?? throw new InvalidOperationException("Node.js did not start.");
        var errors = node.StandardError.ReadToEndAsync(Cancelled);
        var lines = (await node.StandardOutput.ReadToEndAsync(Cancelled)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await node.WaitForExitAsync(Cancelled);
        Assert.True(node.ExitCode == 0, await errors);
        return [.. lines.Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement).Select(line => (line.GetProperty("name").GetString() ?? "", line.GetProperty("problem").GetString()))];
    }

    private static string Script([CallerFilePath] string file = "") => Path.Combine(Path.GetDirectoryName(file) ?? "", "oidc-provider.mjs");
}
