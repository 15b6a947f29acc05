using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>A practice in a database file of its own: one service of 15 minutes, one clinician, one receptionist. It is Tuesday, 9 June 2026, 08:00 in London.</summary>
internal sealed class TestClinic : IAsyncDisposable
{
    public static readonly DateTimeOffset Morning = new(2026, 6, 9, 7, 0, 0, TimeSpan.Zero);

    private static readonly Lazy<Task<byte[]>> EmptyDatabase = new(MigrateAsync);

    private readonly string _folder;
    private readonly bool _ownsFolder;
    private readonly ServiceProvider _services;

    private TestClinic(string folder, bool ownsFolder, FakeTimeProvider clock, Practice practice, HealthcareService service, Practitioner practitioner, StaffMember member)
    {
        _folder = folder;
        _ownsFolder = ownsFolder;
        _services = Services(folder, clock);
        Clock = clock;
        Practice = practice;
        Service = service;
        Practitioner = practitioner;
        Clinician = Actor.For(practitioner);
        Staff = Actor.For(member);
    }

    public FakeTimeProvider Clock { get; }

    public Practice Practice { get; }

    public HealthcareService Service { get; }

    public Practitioner Practitioner { get; }

    public Actor Clinician { get; }

    public Actor Staff { get; }

    public DateTimeOffset Now => Clock.GetUtcNow();

    public static async Task<TestClinic> CreateAsync(DateTimeOffset? now = null, string zone = "Europe/London")
    {
        var folder = Directory.CreateTempSubdirectory("clinical-").FullName;
        await File.WriteAllBytesAsync(Path.Combine(folder, "clinical.db"), await EmptyDatabase.Value, TestContext.Current.CancellationToken);
        return await CreateAsync(folder, ownsFolder: true, new FakeTimeProvider(now ?? Morning), zone);
    }

    /// <summary>A second practice in the same database.</summary>
    public Task<TestClinic> NeighbourAsync() => CreateAsync(_folder, ownsFolder: false, Clock, "Europe/London");

    /// <summary>A second instance of the application on the same database: it shares nothing with the first but the file.</summary>
    public ServiceProvider AnotherInstance() => Services(_folder, Clock, ";Cache=Private");

    public async Task<T> AskAsync<TService, T>(Func<TService, Task<T>> question)
        where TService : notnull
    {
        await using var scope = _services.CreateAsyncScope();
        return await question(scope.ServiceProvider.GetRequiredService<TService>());
    }

    public async Task<T> ReadAsync<T>(Func<ClinicalDbContext, Task<T>> query) => await AskAsync<ClinicalDbContext, T>(db =>
    {
        db.ActFor(Staff);
        return query(db);
    });

    public Task WriteAsync(Action<ClinicalDbContext> change) => WriteAsync(db =>
    {
        change(db);
        return Task.CompletedTask;
    });

    public async Task WriteAsync(Func<ClinicalDbContext, Task> change) => await AskAsync<ClinicalDbContext, bool>(db => db.WriteAsync(Staff, "test.arrange", null, async () =>
    {
        await change(db);
        return true;
    }, CancellationToken.None));

    public async Task<Patient> AddPatientAsync(string given = "Margaret", string family = "Hughes", string? subject = null, DateOnly? born = null)
    {
        var patient = Patient.Register(Practice.Id, subject ?? Guid.NewGuid().ToString(), given, family, born ?? new DateOnly(1941, 3, 14), "07700 900100", null, null, Now);
        await WriteAsync(db => db.Patients.Add(patient));
        return patient;
    }

    public async Task<Practitioner> AddClinicianAsync(string given = "Tomasz", string family = "Nowak")
    {
        var practitioner = NewClinician(Practice, given, family);
        await WriteAsync(async db =>
        {
            practitioner.Services.Add(await db.Services.SingleAsync(row => row.Id == Service.Id));
            db.Practitioners.Add(practitioner);
        });
        return practitioner;
    }

    /// <summary>Someone who has accepted to act for this patient.</summary>
    public async Task<Actor> AddCarerAsync(Patient patient, CarerRights rights)
    {
        var grant = new CarerGrant(patient.Id, "Grace Hughes", Relationship.Child, "grace.hughes@example.com", rights, default);
        var carer = CarerService.Record(patient, grant, Now.AddDays(90), Convert.ToHexStringLower(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32)), Now);
        carer.Accept("subject-grace", Now);
        await WriteAsync(db => db.RelatedPersons.Add(carer));
        return Actor.For(carer);
    }

    /// <summary>A clinic of slots of a quarter of an hour.</summary>
    public async Task<IReadOnlyList<Slot>> AddSlotsAsync(DateTimeOffset start, int slots = 4, Practitioner? practitioner = null, HealthcareService? service = null)
    {
        var published = Schedule.Publish(practitioner ?? Practitioner, service ?? Service, start, start + slots * (service ?? Service).Duration, Practice.Time);
        await WriteAsync(db =>
        {
            db.Schedules.Add(published.Schedule);
            db.Slots.AddRange(published.Slots);
        });
        return published.Slots;
    }

    /// <summary>One time of a group: so many places in it.</summary>
    public async Task<IReadOnlyList<Slot>> AddGroupAsync(DateTimeOffset start, int places)
    {
        var (schedule, slots) = Schedule.Publish(Practitioner, Service, start, start + Service.Duration, Practice.Time);
        var seats = Enumerable.Range(0, places).Select(seat => new Slot
        {
            Id = seat == 0 ? slots[0].Id : SlotId.New(),
            PracticeId = Practice.Id,
            ScheduleId = schedule.Id,
            ServiceId = Service.Id,
            PractitionerId = Practitioner.Id,
            Day = slots[0].Day,
            Start = slots[0].Start,
            End = slots[0].End,
            Seat = seat,
        }).ToList();
        await WriteAsync(db =>
        {
            db.Schedules.Add(schedule);
            db.Slots.AddRange(seats);
        });
        return seats;
    }

    public Actor Administrator => Staff with { Role = ActorRole.Administrator };

    /// <summary>A weekly clinic of the clinician from 9am to 11am on every day, unless told.</summary>
    public async Task<ClinicTemplateId> AddTemplateAsync(Func<TemplateDetails, TemplateDetails>? change = null)
    {
        var details = new TemplateDetails(
            Practitioner.Id, Service.Id, Enum.GetValues<DayOfWeek>(), new TimeOnly(9, 0), new TimeOnly(11, 0), null, [], [], Practice.Time.DayOf(Now), null);
        return Assert.IsType<TemplateOutcome.Saved>(await AskAsync<ClinicTemplates, TemplateOutcome>(templates => templates.SaveAsync(Staff, null, change?.Invoke(details) ?? details, [], CancellationToken.None))).Template;
    }

    public Task<TemplateOutcome> ExceptAsync(ClinicTemplateId template, DateOnly day, (TimeOnly Start, TimeOnly End)? hours, params AppointmentId[] seen) =>
        AskAsync<ClinicTemplates, TemplateOutcome>(templates => templates.ExceptAsync(Staff, template, day, hours, seen, CancellationToken.None));

    /// <summary>The service is booked by other rules from now on.</summary>
    public Task RuleAsync(ServiceRules rules) => WriteAsync(async db => (await db.Services.SingleAsync(row => row.Id == Service.Id)).BookBy(rules));

    public Task<BookOutcome> BookAsync(Slot slot, Patient patient, Actor? actor = null) => AskAsync<BookingService, BookOutcome>(booking =>
        booking.BookAsync(actor ?? Actor.For(patient), new BookingRequest(slot.Id, patient.Id, DeliveryChannel.Video), CancellationToken.None));

    public Task<HoldOutcome> HoldAsync(Slot slot, Patient patient, Actor? actor = null) =>
        AskAsync<BookingService, HoldOutcome>(booking => booking.HoldAsync(actor ?? Actor.For(patient), slot.Id, patient.Id, CancellationToken.None));

    public Task<MoveOutcome> MoveAsync(AppointmentId id, Slot to, Actor actor, DeliveryChannel? channel = null, string? reason = "Another day suits better") =>
        AskAsync<BookingService, MoveOutcome>(booking => booking.MoveAsync(actor, new MoveRequest(id, to.Id, channel, reason), CancellationToken.None));

    public Task<CancelOutcome> CancelAsync(AppointmentId id, Actor actor, string reason = "Feeling better") =>
        AskAsync<BookingService, CancelOutcome>(booking => booking.CancelAsync(actor, id, reason, CancellationToken.None));

    public Task<JoinOutcome> JoinAsync(AppointmentId id, Patient patient) =>
        AskAsync<ConsultationService, JoinOutcome>(consultations => consultations.JoinAsync(Actor.For(patient), id, CancellationToken.None));

    public Task<IReadOnlyList<ScheduleId>> ApplyAsync(params ConsultationFact[] facts) =>
        AskAsync<ConsultationEvents, IReadOnlyList<ScheduleId>>(events => events.ApplyAsync(facts, CancellationToken.None));

    /// <summary>A booked appointment that starts in <paramref name="startsIn"/>, 10 minutes unless told.</summary>
    public async Task<(Appointment Appointment, Patient Patient)> BookedAsync(TimeSpan? startsIn = null, Patient? patient = null)
    {
        patient ??= await AddPatientAsync();
        var slots = await AddSlotsAsync(Now + (startsIn ?? TimeSpan.FromMinutes(10)), slots: 1);
        var booked = Assert.IsType<BookOutcome.Booked>(await BookAsync(slots[0], patient));
        return (await AppointmentAsync(booked.Appointment), patient);
    }

    /// <summary>The clinician has opened the consultation at its start, and five minutes have passed since.</summary>
    public async Task ClinicianWaitsAsync(AppointmentId id)
    {
        var appointment = await AppointmentAsync(id);
        await ApplyAsync(new ConsultationFact(
            Guid.NewGuid(), ConsultationFactType.Connected, appointment.ScheduleId, id, appointment.PractitionerId.Value, ConsultationRole.Clinician, appointment.Start));
        var late = appointment.Start + AttendanceEvidence.Needed;
        if (Now < late)
            Clock.SetUtcNow(late);
    }

    public Task<DidNotAttendOutcome> MissAsync(AppointmentId id, Actor? actor = null, Absence absence = Absence.DidNotAttend) =>
        AskAsync<AttendanceService, DidNotAttendOutcome>(attendance => attendance.MarkMissedAsync(actor ?? Staff, id, absence, CancellationToken.None));

    public Task<Appointment> AppointmentAsync(AppointmentId id) => ReadAsync(db => db.Appointments.AsNoTracking().SingleAsync(row => row.Id == id));

    public Task<Slot> SlotAsync(SlotId id) => ReadAsync(db => db.Slots.AsNoTracking().SingleAsync(row => row.Id == id));

    public Task<Encounter?> EncounterAsync(AppointmentId id) => ReadAsync(db => db.LiveEncounterAsync(id, CancellationToken.None));

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (!_ownsFolder)
            return;
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static async Task<TestClinic> CreateAsync(string folder, bool ownsFolder, FakeTimeProvider clock, string zone)
    {
        var practice = new Practice { Id = PracticeId.New(), Name = "Riverside Health Centre", TimeZone = zone, Phone = "01632 960100" };
        var service = new HealthcareService
        {
            Id = HealthcareServiceId.New(),
            PracticeId = practice.Id,
            Name = "GP consultation",
            Description = "Talk to a GP.",
            DurationMinutes = 15,
            Channels = [DeliveryChannel.Video, DeliveryChannel.Telephone],
        };
        var practitioner = NewClinician(practice, "Amara", "Okafor");
        practitioner.Services.Add(service);
        var member = new StaffMember { Id = StaffMemberId.New(), PracticeId = practice.Id, Subject = Guid.NewGuid().ToString(), GivenName = "Helen", FamilyName = "Brooks", IsAdministrator = false };
        var clinic = new TestClinic(folder, ownsFolder, clock, practice, service, practitioner, member);
        await clinic.WriteAsync(db =>
        {
            db.Practices.Add(practice);
            db.Practitioners.Add(practitioner);
            db.StaffMembers.Add(member);
        });
        return clinic;
    }

    public static HealthcareService NewService(Practice practice, string name, int minutes) => new()
    {
        Id = HealthcareServiceId.New(),
        PracticeId = practice.Id,
        Name = name,
        Description = $"About {name}.",
        DurationMinutes = minutes,
        Channels = [DeliveryChannel.Video],
    };

    private static Practitioner NewClinician(Practice practice, string given, string family) => new()
    {
        Id = PractitionerId.New(),
        PracticeId = practice.Id,
        Subject = Guid.NewGuid().ToString(),
        Title = "Dr",
        GivenName = given,
        FamilyName = family,
    };

    private static ServiceProvider Services(string folder, FakeTimeProvider clock, string more = "") => new ServiceCollection()
        .AddLogging()
        .AddSingleton<TimeProvider>(clock)
        .AddClinical(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Database:Provider"] = "Sqlite",
            ["ConnectionStrings:Clinical"] = $"Data Source={Path.Combine(folder, "clinical.db")}{more}",
        }).Build())
        .BuildServiceProvider(new ServiceProviderOptions { ValidateScopes = true, ValidateOnBuild = true });

    /// <summary>Migrating takes a while, so it is done once; every test gets a copy of the file.</summary>
    private static async Task<byte[]> MigrateAsync()
    {
        var folder = Directory.CreateTempSubdirectory("clinical-template-").FullName;
        await using (var services = Services(folder, new FakeTimeProvider(Morning)))
        await using (var scope = services.CreateAsyncScope())
            await scope.ServiceProvider.GetRequiredService<ClinicalDbContext>().Database.MigrateAsync();
        SqliteConnection.ClearAllPools();
        var bytes = await File.ReadAllBytesAsync(Path.Combine(folder, "clinical.db"));
        Directory.Delete(folder, recursive: true);
        return bytes;
    }
}
