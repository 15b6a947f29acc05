using System.Security.Cryptography;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Realtime;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Tests.Host;

/// <summary>Web as it runs, over a SQLite file of its own, with a clock that tests turn and a provider to sign in at.</summary>
public sealed class WebHost : WebApplicationFactory<Program>
{
    public const string Origin = "https://web.test";
    public const string SignallingOrigin = "https://signalling.test";

    private readonly string _database = Path.Combine(Path.GetTempPath(), $"telemedicine-web-{Guid.NewGuid():N}.db");

    private WebHost(FakeTimeProvider time, ProviderStub provider)
    {
        Time = time;
        Provider = provider;
    }

    /// <summary>Monday 2 March 2026, 08:30 in London.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 30, 0, TimeSpan.Zero);

    public FakeTimeProvider Time { get; }

    public ProviderStub Provider { get; }

    public LogRecorder Log { get; } = new();

    public SignallingStub Signalling { get; } = new();

    public SharedKey Key { get; } = new() { Id = "test", Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };

    public SharedKey OldKey { get; } = new() { Id = "old", Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };

    public bool Demonstration { get; init; }

    public static async Task<WebHost> StartAsync(bool demonstration = false)
    {
        var time = new FakeTimeProvider(Start);
        return new WebHost(time, await ProviderStub.StartAsync(time)) { Demonstration = demonstration };
    }

    public Browser Browser(Account? account = null) => new(Server.CreateHandler(), Provider.Handler()) { Account = account };

    /// <summary>A browser in which this person has signed in.</summary>
    public async Task<Browser> SignInAsync(Account account)
    {
        var browser = Browser(account);
        var page = await browser.GetAsync("/account/sign-in");
        Assert.True(page.Status == System.Net.HttpStatusCode.OK, $"{page.Status} at {page.Address}\n{Log.Written}");
        return browser;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Test");
        builder.UseSetting("Database:Provider", "Sqlite");
        builder.UseSetting("ConnectionStrings:Clinical", $"Data Source={_database}");
        builder.UseSetting("Web:PublicUrl", Origin);
        builder.UseSetting("Oidc:Authority", ProviderStub.Origin);
        builder.UseSetting("Oidc:ClientId", ProviderStub.ClientId);
        builder.UseSetting("Oidc:ClientSecret", ProviderStub.ClientSecret);
        builder.UseSetting("SharedKeys:0:Id", Key.Id);
        builder.UseSetting("SharedKeys:0:Secret", Key.Secret);
        builder.UseSetting("SharedKeys:1:Id", OldKey.Id);
        builder.UseSetting("SharedKeys:1:Secret", OldKey.Secret);
        builder.UseSetting("Signalling:PublicUrl", SignallingOrigin);
        builder.UseSetting("Signalling:InternalUrl", SignallingOrigin);
        builder.UseSetting("Demonstration:Enabled", Demonstration ? "true" : "false");
        builder.ConfigureLogging(logging => logging.AddProvider(Log).SetMinimumLevel(LogLevel.Trace));
        builder.ConfigureTestServices(services =>
        {
            services.AddSingleton<TimeProvider>(Time);
            services.Configure<OidcOptions>(OidcHandler.SchemeName, options => options.BackchannelHttpHandler = Provider.Handler());
            services.AddHttpClient(SignallingCommandSender.ClientName).ConfigurePrimaryHttpMessageHandler(() => Signalling);
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Provider.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        foreach (var file in new[] { _database, _database + "-wal", _database + "-shm" })
            File.Delete(file);
    }
}
