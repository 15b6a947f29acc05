using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Realtime;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Tests.Host;

/// <summary>Web as it runs, over a SQLite file of its own, with a clock that tests turn, a provider to sign in at and the other end of its commands.</summary>
public sealed class WebHost : WebApplicationFactory<Program>
{
    public const string Origin = "https://web.test";
    public const string SignallingOrigin = "https://signalling.test";

    /// <summary>Monday 2 March 2026, 8:30am in London.</summary>
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 8, 30, 0, TimeSpan.Zero);

    private readonly string _database;
    private readonly bool _demonstration;
    private bool _sharesWithAnother;
    private readonly IReadOnlyDictionary<string, string?> _settings;

    private WebHost(string database, FakeTimeProvider time, ProviderStub provider, bool demonstration, IReadOnlyDictionary<string, string?> settings)
    {
        _database = database;
        _demonstration = demonstration;
        _settings = settings;
        Time = time;
        Provider = provider;
    }

    public string ConnectionString => $"Data Source={_database}";

    public FakeTimeProvider Time { get; }

    public ProviderStub Provider { get; }

    public LogRecorder Log { get; } = new();

    public SignallingStub Signalling { get; } = new();

    public SharedKey Key { get; } = NewKey("current");

    public SharedKey OldKey { get; } = NewKey("old");

    /// <param name="settings">More than the usual ones.</param>
    public static async Task<WebHost> StartAsync(bool demonstration = false, IReadOnlyDictionary<string, string?>? settings = null)
    {
        var database = Path.Combine(Path.GetTempPath(), $"telemedicine-web-{Guid.NewGuid():N}.db");
        await Seed.CopyToAsync(database);
        var time = new FakeTimeProvider(Start);
        return new WebHost(database, time, await ProviderStub.StartAsync(time), demonstration, settings ?? new Dictionary<string, string?>());
    }

    /// <summary>A second instance, or the same one after a restart: same database, provider and clock.</summary>
    public WebHost AnotherInstance() => new(_database, Time, Provider, _demonstration, _settings) { _sharesWithAnother = true };

    public static SharedKey NewKey(string id) => new() { Id = id, Secret = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)) };

    public Browser Browser(Account? account = null) => new(Server.CreateHandler(), Provider.Handler()) { Account = account };

    /// <summary>A browser in which this person has signed in.</summary>
    public async Task<Browser> SignInAsync(Account account)
    {
        var browser = Browser(account);
        var page = await browser.GetAsync("/account/sign-in?returnUrl=%2Faccessibility");
        Assert.True(page.Status == HttpStatusCode.OK, $"{page.Status} at {page.Address}\n{Log.Written}");
        return browser;
    }

    /// <summary>Runs against the services of a scope of its own.</summary>
    public async Task<T> WithAsync<TService, T>(Func<TService, Task<T>> work)
        where TService : notnull
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TService>());
    }

    /// <summary>Books a slot for a patient, past the pages.</summary>
    public async Task<AppointmentId> BookAsync(Patient patient, Slot slot, DeliveryChannel channel = DeliveryChannel.Video)
    {
        var outcome = await WithAsync<BookingService, BookOutcome>(b => b.BookAsync(Actor.For(patient), new BookingRequest(slot.Id, patient.Id, channel), CancellationToken.None));
        return Assert.IsType<BookOutcome.Booked>(outcome).Appointment;
    }

    public Task<AppointmentView> FindAsync(Actor actor, AppointmentId id) =>
        WithAsync<AppointmentQueries, AppointmentView>(async a => await a.FindAsync(actor, id, CancellationToken.None) ?? throw new InvalidOperationException("No appointment."));

    /// <summary>What Signalling sends, signed as it signs.</summary>
    public async Task<HttpStatusCode> SignalAsync(params ConsultationEvent[] events)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new EventBatch(events), ContractsJson.Default.EventBatch);
        return await PostEventsAsync(body, MessageSignature.Sign(Key, body, Time.GetUtcNow()));
    }

    /// <summary>How Signalling says calls are, signed as it signs.</summary>
    public async Task<HttpStatusCode> ReportAsync(params QualityReport[] reports)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new QualityBatch(reports), ContractsJson.Default.QualityBatch);
        return await PostAsync(QualityBatch.Path, body, MessageSignature.Sign(Key, body, Time.GetUtcNow()));
    }

    public Task<HttpStatusCode> PostEventsAsync(byte[] body, string? signature) => PostAsync(EventBatch.Path, body, signature);

    public async Task<HttpStatusCode> PostAsync(string path, byte[] body, string? signature)
    {
        using var client = new HttpClient(Server.CreateHandler());
        using var request = new HttpRequestMessage(HttpMethod.Post, Origin + path) { Content = new ByteArrayContent(body) };
        if (signature is not null)
            request.Headers.Add(MessageSignature.Header, signature);
        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }

    public ConsultationEvent Event(ConsultationEventType type, AppointmentId appointment, Patient patient) => new(
        Guid.NewGuid(), type, new ClinicId(Seed.AmarasMorning.Schedule.Id.Value), new ConsultationId(appointment.Value),
        new ParticipantId(patient.Id.Value), ParticipantRole.Patient, Time.GetUtcNow());

    public ConsultationEvent Event(ConsultationEventType type, AppointmentId appointment, Practitioner clinician) => new(
        Guid.NewGuid(), type, new ClinicId(Seed.AmarasMorning.Schedule.Id.Value), new ConsultationId(appointment.Value),
        new ParticipantId(clinician.Id.Value), ParticipantRole.Clinician, Time.GetUtcNow());

    /// <summary>The patient has joined, waits, and is let in by Amara.</summary>
    public async Task AdmitAsync(Browser patientsBrowser, AppointmentId appointment, Patient patient)
    {
        var join = await patientsBrowser.GetAsync($"/consultations/{appointment}/join");
        await patientsBrowser.SubmitAsync(join, "Join");
        var status = await SignalAsync(
            Event(ConsultationEventType.Waiting, appointment, patient),
            Event(ConsultationEventType.Connected, appointment, Seed.Amara),
            Event(ConsultationEventType.Admitted, appointment, Seed.Amara),
            Event(ConsultationEventType.Connected, appointment, patient));
        Assert.Equal(HttpStatusCode.NoContent, status);
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment("Test");
        builder.UseSetting("Database:Provider", "Sqlite");
        builder.UseSetting("ConnectionStrings:Clinical", ConnectionString);
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
        builder.UseSetting("Demonstration:Enabled", _demonstration ? "true" : "false");
        builder.UseSetting("Demonstration:PeopleFile", PeopleFile);
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
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
        if (_sharesWithAnother)
            return;
        await Provider.DisposeAsync();
        SqliteConnection.ClearAllPools();
        foreach (var file in new[] { _database, _database + "-wal", _database + "-shm" })
            File.Delete(file);
    }

    private static string PeopleFile
    {
        get
        {
            for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            {
                var file = Path.Combine(folder.FullName, "infra", "demonstration", "people.json");
                if (File.Exists(file))
                    return file;
            }
            throw new FileNotFoundException("infra/demonstration/people.json");
        }
    }
}
