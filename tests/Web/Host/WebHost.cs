using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Messages;
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
        if (demonstration)
            await ForgetAddressesAsync(database);
        var time = new FakeTimeProvider(Start);
        return new WebHost(database, time, await ProviderStub.StartAsync(time), demonstration, settings ?? new Dictionary<string, string?>());
    }

    /// <summary>The demonstration's people have the same addresses, and an address is one person's.</summary>
    private static async Task ForgetAddressesAsync(string database)
    {
        await using var connection = new SqliteConnection($"Data Source={database}");
        await connection.OpenAsync();
        await using var forget = connection.CreateCommand();
        forget.CommandText = "UPDATE Practitioners SET Email = NULL; UPDATE StaffMembers SET Email = NULL";
        await forget.ExecuteNonQueryAsync();
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

    /// <summary>Someone whom Margaret asked and who accepted, past the pages.</summary>
    public async Task<RelatedPersonId> AddCarerAsync(Account account, CarerRights rights, int days = 30)
    {
        var lastDay = DateOnly.FromDateTime(Time.GetUtcNow().UtcDateTime).AddDays(days);
        var grant = new CarerGrant(Seed.Margaret.Id, account.Name, Relationship.Child, account.Email ?? "", rights, lastDay);
        var granted = Assert.IsType<GrantOutcome.Granted>(await WithAsync<CarerService, GrantOutcome>(carers => carers.GrantAsync(Actor.For(Seed.Margaret), grant, CancellationToken.None)));
        var link = await InvitationAsync(granted.Carer);
        await WithAsync<CarerService, Invitation>(carers => carers.AcceptAsync(link.Split('/')[^1], account.Subject, account.Email, CancellationToken.None));
        return granted.Carer;
    }

    /// <summary>The link of the latest invitation, from the root.</summary>
    public Task<string> InvitationAsync(RelatedPersonId? carer = null) => WithAsync<ClinicalDbContext, string>(async db =>
    {
        db.ActFor(Actor.System(Seed.Riverside.Id));
        var sent = await db.Messages.Where(row => row.Kind == MessageKind.CarerInvitation && row.Channel == MessageChannel.Email).ToListAsync();
        var email = carer is null ? null : (await db.RelatedPersons.SingleAsync(row => row.Id == carer)).Email;
        return sent.Where(row => email is null || row.Facts.Details.Recipient?.Email == email).OrderBy(row => row.CreatedAt).ThenBy(row => row.Id.Value).Last().Facts.Details.Path ?? "";
    });

    /// <summary>A browser in which the patient of an appointment has proved by a link that it is them.</summary>
    public async Task<Browser> GuestAsync(AppointmentId appointment, GuestRole role = GuestRole.Patient)
    {
        var browser = Browser();
        var (link, code) = await GuestLinkAsync(appointment, role);
        var page = await browser.GetAsync(link);
        var inside = await (role == GuestRole.Patient
            ? browser.SubmitAsync(page, "Continue", ("DateOfBirth.Day", "14"), ("DateOfBirth.Month", "3"), ("DateOfBirth.Year", "1941"))
            : browser.SubmitAsync(page, "Continue", ("Answer", code ?? "")));
        Assert.True(inside.Path.StartsWith("/guest", StringComparison.Ordinal), inside.Text);
        await browser.ArriveAsync("/guest");
        return browser;
    }

    /// <summary>A guest whom staff invite, past the pages: the link from the root, and the code that they are told.</summary>
    public async Task<(string Link, string? Code)> GuestLinkAsync(AppointmentId appointment, GuestRole role = GuestRole.Patient, string name = "Ana Costa")
    {
        var staff = Actor.For(Seed.Helen);
        var invited = Assert.IsType<InviteOutcome.Invited>(await WithAsync<GuestService, InviteOutcome>(guests => guests.InviteAsync(staff, appointment, new GuestRequest(role, name, null, null), CancellationToken.None)));
        return (await WithAsync<GuestService, string?>(guests => guests.LinkAsync(staff, appointment, invited.Guest, CancellationToken.None)) ?? "", invited.Code);
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

    /// <summary>Amara has opened the consultation at its start, or now if that is later, and five minutes have passed since.</summary>
    public async Task AmaraWaitsAsync(AppointmentId appointment, Slot slot)
    {
        if (Time.GetUtcNow() < slot.Start)
            Time.SetUtcNow(slot.Start);
        Assert.Equal(HttpStatusCode.NoContent, await SignalAsync(Event(ConsultationEventType.Connected, appointment, Seed.Amara)));
        Time.Advance(TimeSpan.FromMinutes(5));
    }

    /// <summary>The patient has joined, waits, and is let in by Amara.</summary>
    public async Task AdmitAsync(Browser patientsBrowser, AppointmentId appointment, Patient patient)
    {
        var join = await patientsBrowser.ArriveAsync($"/consultations/{appointment}/join");
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
            if (!_settings.ContainsKey("Oidc:Authority"))
                services.Configure<OidcOptions>(OidcHandler.SchemeName, options => options.BackchannelHttpHandler = Provider.Handler());
            services.AddHttpClient(SignallingClient.ClientName).ConfigurePrimaryHttpMessageHandler(() => Signalling);
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
