using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Tests.Host;

/// <summary>
/// The database that every test begins with, made once by the real migrations: two practices with people and clinics. Today is Monday 2 March 2026;
/// Amara's clinic is from 9am to midday and tomorrow again, Tomasz's from 9am to 10am.
/// </summary>
public static class Seed
{
    public static readonly Practice Riverside = new() { Id = PracticeId.New(), Name = "Riverside Health Centre", TimeZone = "Europe/London", Phone = "01632 960100" };
    public static readonly Practice Hillside = new() { Id = PracticeId.New(), Name = "Hillside Surgery", TimeZone = "Europe/London", Phone = "01632 960200" };

    public static readonly HealthcareService Gp = Service(Riverside, "GP consultation", 15, DeliveryChannel.Video);
    public static readonly HealthcareService Physiotherapy = Service(Riverside, "Physiotherapy", 30, DeliveryChannel.Video, DeliveryChannel.Telephone);
    public static readonly HealthcareService HillsideGp = Service(Hillside, "Hillside GP", 15, DeliveryChannel.Video);

    public static readonly Practitioner Amara = Clinician(Riverside, People.Amara, "Dr", Gp);
    public static readonly Practitioner Tomasz = Clinician(Riverside, People.Tomasz, "Mr", Physiotherapy);
    public static readonly Practitioner Rowan = Clinician(Hillside, People.Rowan, "Dr", HillsideGp);

    public static readonly StaffMember Helen = Staff(Riverside, People.Helen, false);
    public static readonly StaffMember Ruth = Staff(Riverside, People.Ruth, true);
    public static readonly StaffMember Imran = Staff(Hillside, People.Imran, false);

    public static readonly Patient Margaret = PatientOf(Riverside, People.Margaret, new DateOnly(1941, 3, 14), "07700 900100", "9991000372");
    public static readonly Patient Mohammed = PatientOf(Riverside, People.Mohammed, new DateOnly(1978, 11, 2), "07700 900101", "9991000747");
    public static readonly Patient Wilma = PatientOf(Hillside, People.Wilma, new DateOnly(1960, 1, 2), "07700 900102", null);

    public static readonly (Schedule Schedule, IReadOnlyList<Slot> Slots) AmarasMorning = Clinic(Amara, Gp, 0, 9, 12);
    public static readonly (Schedule Schedule, IReadOnlyList<Slot> Slots) AmarasTomorrow = Clinic(Amara, Gp, 1, 9, 10);
    public static readonly (Schedule Schedule, IReadOnlyList<Slot> Slots) TomaszsMorning = Clinic(Tomasz, Physiotherapy, 0, 9, 10);
    public static readonly (Schedule Schedule, IReadOnlyList<Slot> Slots) RowansMorning = Clinic(Rowan, HillsideGp, 0, 9, 10);

    private static readonly Lazy<Task<string>> Template = new(MakeAsync);

    /// <summary>Amara's slot of today at this time.</summary>
    public static Slot At(int hour, int minute = 0) => AmarasMorning.Slots.Single(s => s.Start == Today(hour, minute));

    public static DateTimeOffset Today(int hour, int minute = 0) => new(2026, 3, 2, hour, minute, 0, TimeSpan.Zero);

    public static async Task CopyToAsync(string path) => File.Copy(await Template.Value, path);

    private static async Task<string> MakeAsync()
    {
        var path = Path.Combine(Path.GetTempPath(), $"telemedicine-web-template-{Environment.ProcessId}.db");
        File.Delete(path);
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Database:Provider", "Sqlite"), new("ConnectionStrings:Clinical", $"Data Source={path}")]).Build();
        var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(new FakeTimeProvider(WebHost.Start)).AddClinical(configuration);
        await using (var provider = services.BuildServiceProvider())
        await using (var scope = provider.CreateAsyncScope())
        {
            var db = scope.ServiceProvider.GetRequiredService<ClinicalDbContext>();
            await db.Database.MigrateAsync();
            await WriteAsync(db, Riverside, Gp, Physiotherapy, Amara, Tomasz, Helen, Ruth, Margaret, Mohammed);
            await WriteAsync(db, Hillside, HillsideGp, Rowan, Imran, Wilma);
            foreach (var (schedule, slots) in new[] { AmarasMorning, AmarasTomorrow, TomaszsMorning, RowansMorning })
                await WriteAsync(db, schedule.PracticeId == Riverside.Id ? Riverside : Hillside, [schedule, .. slots]);
        }
        SqliteConnection.ClearAllPools();
        return path;
    }

    private static async Task WriteAsync(ClinicalDbContext db, Practice practice, params object[] facts) =>
        await db.WriteAsync(Actor.System(practice.Id), "test.seed", null, async () =>
        {
            if (!await db.Practices.AnyAsync(p => p.Id == practice.Id))
                db.Add(practice);
            foreach (var fact in facts)
                db.Add(fact);
            return true;
        }, CancellationToken.None);

    private static HealthcareService Service(Practice practice, string name, int minutes, params DeliveryChannel[] channels) => new()
    {
        Id = HealthcareServiceId.New(),
        PracticeId = practice.Id,
        Name = name,
        Description = $"About {name}.",
        DurationMinutes = minutes,
        Channels = channels,
    };

    private static Practitioner Clinician(Practice practice, Account account, string title, HealthcareService service) => new()
    {
        Id = PractitionerId.New(),
        PracticeId = practice.Id,
        Subject = account.Subject,
        Email = account.Email,
        Title = title,
        GivenName = account.GivenName,
        FamilyName = account.FamilyName,
        Services = { service },
    };

    private static StaffMember Staff(Practice practice, Account account, bool administrator) => new()
    {
        Id = StaffMemberId.New(),
        PracticeId = practice.Id,
        Subject = account.Subject,
        Email = account.Email,
        GivenName = account.GivenName,
        FamilyName = account.FamilyName,
        IsAdministrator = administrator,
    };

    private static Patient PatientOf(Practice practice, Account account, DateOnly born, string phone, string? nhsNumber) =>
        Patient.Register(practice.Id, account.Subject, account.GivenName, account.FamilyName, born, phone, account.Email, nhsNumber, WebHost.Start);

    private static (Schedule Schedule, IReadOnlyList<Slot> Slots) Clinic(Practitioner clinician, HealthcareService service, int daysFromToday, int from, int to) =>
        Schedule.Publish(clinician, service, Today(from).AddDays(daysFromToday), Today(to).AddDays(daysFromToday), PracticeTime.For("Europe/London"));
}
