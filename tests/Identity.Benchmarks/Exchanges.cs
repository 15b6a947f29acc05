using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Telemedicine.Identity.Benchmarks;

/// <summary>
/// How many codes a second the token endpoint changes for tokens when the service has one core. The service runs by itself, on a database
/// file, with its first core; this program makes the codes before and sends them from the other cores.
/// </summary>
internal static class Exchanges
{
    private const int Port = 15_999;
    private const int Rounds = 10;
    private const int CodesInARound = 3000;
    private const int AtOnce = 4;
    private const string Client = "bench";
    private const string Verifier = "a-code-verifier-of-more-than-43-characters_0123456789";
    private const string Return = "http://localhost:15998/return";

    private static readonly Uri Address = new($"http://localhost:{Port}");
    private static readonly string Secret = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));

    public static async Task MeasureAsync(string assembly, string peopleFile)
    {
        var folder = Directory.CreateTempSubdirectory("identity-benchmark-").FullName;
        using var service = Start(Path.GetFullPath(assembly), Path.GetFullPath(peopleFile), folder);
        try
        {
            await UntilHealthyAsync();
            var people = JsonDocument.Parse(await File.ReadAllTextAsync(peopleFile)).RootElement;
            var email = people.GetProperty("people").EnumerateArray().First(person => person.GetProperty("role").GetString() == "patient").GetProperty("email").GetString() ?? "";
            using var browser = new Browser();
            await SignInAsync(browser, email, people.GetProperty("password").GetString() ?? "");
            using var channel = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = AtOnce, UseCookies = false }) { BaseAddress = Address };
            for (var round = 0; round < Rounds; round++)
                await RoundAsync(round, browser, channel, service);
        }
        finally
        {
            service.Kill(entireProcessTree: true);
            await service.WaitForExitAsync();
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task RoundAsync(int round, Browser browser, HttpClient channel, Process service)
    {
        var codes = new List<string>();
        for (var i = 0; i < CodesInARound; i++)
            codes.Add(CodeIn((await browser.GetAsync(Authorize())).Next));
        service.Refresh();
        var (work, start) = (service.TotalProcessorTime, Stopwatch.GetTimestamp());
        await Parallel.ForEachAsync(codes, new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (code, _) => await RedeemAsync(channel, code));
        var taken = Stopwatch.GetElapsedTime(start);
        service.Refresh();
        var spent = service.TotalProcessorTime - work;
        Console.WriteLine(
            $"round {round + 1}: {CodesInARound / taken.TotalSeconds,6:0} exchanges a second; {spent.TotalMilliseconds / CodesInARound:0.00} ms of processor time each, {100 * spent / taken:0} % of a core");
    }

    private static async ValueTask RedeemAsync(HttpClient channel, string code)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/connect/token")
        {
            Content = new FormUrlEncodedContent(
            [
                KeyValuePair.Create("grant_type", "authorization_code"), KeyValuePair.Create("code", code),
                KeyValuePair.Create("redirect_uri", Return), KeyValuePair.Create("code_verifier", Verifier),
            ]),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.ASCII.GetBytes($"{Client}:{Secret}")));
        using var response = await channel.SendAsync(request);
        if (response.StatusCode != HttpStatusCode.OK)
            throw new InvalidOperationException($"A code was refused: {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task SignInAsync(Browser browser, string email, string password)
    {
        var page = await browser.GetAsync((await browser.GetAsync(Authorize())).Next);
        await browser.SubmitAsync(page.Address, page.Text, ("Email", email), ("Password", password));
    }

    private static Uri Authorize() => new(Address, "/connect/authorize?" + string.Join('&', new (string Name, string Value)[]
    {
        ("client_id", Client), ("redirect_uri", Return), ("response_type", "code"), ("scope", "openid profile email"), ("state", "s"), ("nonce", "n"),
        ("code_challenge", Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)))), ("code_challenge_method", "S256"),
    }.Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value)}")));

    private static string CodeIn(Uri location) =>
        location.Query.TrimStart('?').Split('&').FirstOrDefault(part => part.StartsWith("code=", StringComparison.Ordinal))?["code=".Length..]
        ?? throw new InvalidOperationException($"No code in {location}.");

    private static async Task UntilHealthyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var pause = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (true)
        {
            try
            {
                await client.GetStringAsync("/health", limit.Token);
                return;
            }
            catch (HttpRequestException)
            {
                await pause.WaitForNextTickAsync(limit.Token);
            }
        }
    }

    private static Process Start(string assembly, string peopleFile, string folder)
    {
        var start = new ProcessStartInfo("taskset", ["-c", "0", "dotnet", assembly]) { WorkingDirectory = folder, RedirectStandardOutput = true };
        foreach (var (name, value) in new[]
        {
            ("ASPNETCORE_ENVIRONMENT", "Demonstration"), ("ASPNETCORE_URLS", Address.ToString()), ("Database__Provider", "Sqlite"),
            ("ConnectionStrings__Identity", $"Data Source={Path.Combine(folder, "identity.db")}"), ("Identity__Issuer", Address.ToString().TrimEnd('/')),
            ("Clients__0__Id", Client), ("Clients__0__Name", "Benchmark"), ("Clients__0__RedirectUris__0", Return),
            ("Clients__0__SecretSha256", Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(Secret)))),
            ("Demonstration__Enabled", "true"), ("Demonstration__PeopleFile", peopleFile), ("RateLimits__TokenRequestsPerMinute", "10000000"), ("Logging__LogLevel__Default", "Warning"),
        })
        {
            start.Environment[name] = value;
        }

        var service = Process.Start(start) ?? throw new InvalidOperationException("The service could not be started.");
        service.OutputDataReceived += (_, line) => Console.Error.WriteLine(line.Data);
        service.BeginOutputReadLine();
        return service;
    }
}
