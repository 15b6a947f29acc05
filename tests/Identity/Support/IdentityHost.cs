using System.Collections.Concurrent;
using System.Net;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Demonstration;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Tests.Support;

/// <summary>The real service in demonstration mode, on a SQLite file of its own and a clock that the test moves.</summary>
public class IdentityHost : WebApplicationFactory<Program>
{
    public const string Issuer = "http://localhost:5081";

    /// <summary>Names the client address that a request seems to come from.</summary>
    public const string AddressHeader = "X-Test-Address";

    private readonly string? _folder;

    /// <summary>A machine lets a user watch 128 places for changed files; many hosts at once need more, and no test changes a setting.</summary>
    static IdentityHost() => Environment.SetEnvironmentVariable("DOTNET_hostBuilder__reloadConfigOnChange", "false");

    public IdentityHost()
    {
        _folder = Directory.CreateTempSubdirectory("identity-tests-").FullName;
        DatabaseFile = Path.Combine(_folder, "identity.db");
        Clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 5, 9, 0, 0, TimeSpan.Zero));
        Elsewhere = new OtherProvider(this);
    }

    private IdentityHost(IdentityHost other)
    {
        DatabaseFile = other.DatabaseFile;
        Clock = other.Clock;
        Overrides = other.Overrides;
        Elsewhere = other.Elsewhere;
    }

    public FakeTimeProvider Clock { get; }

    public string DatabaseFile { get; }

    /// <summary>Where applications hear of sign-outs.</summary>
    public LogoutReceiver Applications { get; } = new();

    /// <summary>The other provider that people may sign in with, if the settings name it.</summary>
    public OtherProvider Elsewhere { get; }

    public ConcurrentQueue<string> LogLines { get; } = new();

    /// <summary>Settings that differ from the usual ones.</summary>
    public Dictionary<string, string> Overrides { get; } = [];

    public static string PeopleFile { get; } =
        Path.GetFullPath(Path.Combine(SourceFolder(), "../../../infra/demonstration/people.json"));

    public static DemonstrationPeople People { get; } = DemonstrationPeople.Load(PeopleFile);

    public static Dictionary<string, string> UsualSettings(string databaseFile) => new(ServiceClient.Settings)
    {
        ["Database:Provider"] = "Sqlite",
        ["ConnectionStrings:Identity"] = $"Data Source={databaseFile}",
        ["Identity:Issuer"] = Issuer,
        ["Clients:0:Id"] = Application.Web.ClientId,
        ["Clients:0:Name"] = "Video appointments",
        ["Clients:0:SecretSha256"] = Sha256Hex(Application.Web.Secret),
        ["Clients:0:RedirectUris:0"] = Application.Web.RedirectUri,
        ["Clients:0:PostLogoutRedirectUris:0"] = Application.Web.PostLogoutRedirectUri,
        ["Clients:0:GrantTypes"] = "authorization_code refresh_token",
        ["Clients:1:Id"] = Application.Other.ClientId,
        ["Clients:1:SecretSha256"] = Sha256Hex(Application.Other.Secret),
        ["Clients:1:RedirectUris:0"] = Application.Other.RedirectUri,
        ["Clients:1:PostLogoutRedirectUris:0"] = Application.Other.PostLogoutRedirectUri,
        ["Demonstration:Enabled"] = "true",
        ["Demonstration:PeopleFile"] = PeopleFile,
        ["RateLimits:SignInsPerMinute"] = "100000",
        ["RateLimits:EmailsPerMinute"] = "100000",
        ["RateLimits:TokenRequestsPerMinute"] = "100000",
    };

    /// <summary>Sends what waits, as the background does.</summary>
    public async Task SendEmailsAsync()
    {
        using var sender = ActivatorUtilities.CreateInstance<EmailSender>(Services);
        await sender.SendDueAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>What a mailbox got, the latest first, as the page of sent messages shows it.</summary>
    public async Task<IReadOnlyList<ReceivedEmail>> MailboxAsync(string address)
    {
        await SendEmailsAsync();
        using var browser = OpenBrowser();
        return ReceivedEmail.On(await browser.OpenAsync("/demonstration/messages")).Where(email => email.To == address).ToList();
    }

    public static string Sha256Hex(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>A second instance on the same database and clock.</summary>
    public IdentityHost AnotherInstance() => new(this);

    /// <summary>A browser with a cookie jar that follows no redirect by itself.</summary>
    public Browser OpenBrowser() => new(CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = true }));

    /// <summary>An application server: no cookies.</summary>
    public HttpClient OpenBackChannel() => CreateClient(new WebApplicationFactoryClientOptions { AllowAutoRedirect = false, HandleCookies = false });

    public async Task<T> InDatabaseAsync<T>(Func<AccountsDbContext, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<AccountsDbContext>());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Demonstration");
        foreach (var (key, value) in UsualSettings(DatabaseFile))
            builder.UseSetting(key, value);
        foreach (var (key, value) in Overrides)
            builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.AddProvider(new LineCollector(LogLines)));
        builder.ConfigureTestServices(services =>
        {
            services.Replace(ServiceDescriptor.Singleton<TimeProvider>(Clock));

            // Tests of what runs in the background run it themselves: one that moves the clock by months would set off thousands of rounds.
            foreach (var background in services.Where(service => service.ImplementationType == typeof(Upkeep) || service.ImplementationType == typeof(LogoutSender) || service.ImplementationType == typeof(EmailSender)).ToList())
                services.Remove(background);

            // The real cost is checked by a test of its own; here it would take minutes.
            services.Configure<PasswordHasherOptions>(options => options.IterationCount = 1000);
            services.AddHttpClient(LogoutSender.HttpClientName).ConfigurePrimaryHttpMessageHandler(() => Applications);
            services.ConfigureAll<OpenIdConnectOptions>(options =>
            {
                if (options.Authority == OtherProvider.Origin)
                    options.BackchannelHttpHandler = Elsewhere;
            });
            services.AddSingleton<IStartupFilter, AddressFromHeader>();
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
        if (_folder is null)
            return;
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static string SourceFolder([CallerFilePath] string file = "") =>
        Path.GetDirectoryName(file) ?? throw new InvalidOperationException("The source file has no folder.");

    private sealed class AddressFromHeader : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, following) =>
            {
                if (IPAddress.TryParse(context.Request.Headers[AddressHeader], out var address))
                    context.Connection.RemoteIpAddress = address;
                return following(context);
            });
            next(app);
        };
    }

    private sealed class LineCollector(ConcurrentQueue<string> lines) : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            lines.Enqueue($"{logLevel} {eventId.Id} {formatter(state, exception)} {exception}");

        public void Dispose()
        {
        }
    }
}
