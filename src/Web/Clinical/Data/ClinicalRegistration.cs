using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Demonstration;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Files;
using Telemedicine.Clinical.Guests;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Queue;
using Telemedicine.Clinical.Reports;
using Telemedicine.Clinical.Rescue;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Clinical.Data;

public static class ClinicalRegistration
{
    /// <summary>The clinical database and services, from <c>Database:Provider</c> (Sqlite or SqlServer) and <c>ConnectionStrings:Clinical</c>.</summary>
    /// <exception cref="InvalidOperationException">One of the settings is missing or unknown; the message says which.</exception>
    public static IServiceCollection AddClinical(this IServiceCollection services, IConfiguration configuration)
    {
        var connection = configuration.GetConnectionString("Clinical");
        if (string.IsNullOrWhiteSpace(connection))
            throw new InvalidOperationException("ConnectionStrings:Clinical is missing: say where the clinical database is.");

        switch (configuration["Database:Provider"])
        {
            case "Sqlite":
                var file = SqliteFile(connection);
                services.AddDbContext<ClinicalDbContext, SqliteClinicalDbContext>(options => options.UseSqlite(file));
                break;
            case "SqlServer":
                services.AddDbContext<ClinicalDbContext, SqlServerClinicalDbContext>(options =>
                    options.UseSqlServer(connection, sqlServer => sqlServer.EnableRetryOnFailure()));
                break;
            case var other:
                throw new InvalidOperationException($"Database:Provider is \"{other}\": it must be Sqlite or SqlServer.");
        }

        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddScoped<PeopleService>()
            .AddScoped<PatientService>()
            .AddScoped<GuestService>()
            .AddScoped<ArrivalService>()
            .AddScoped<AvailabilityService>()
            .AddScoped<ClinicService>()
            .AddScoped<DiaryService>()
            .AddScoped<SlotService>()
            .AddScoped<ClinicPublisher>()
            .AddScoped<ServiceAdministration>()
            .AddScoped<ClinicTemplates>()
            .AddScoped<TimeOffService>()
            .AddScoped<ClinicianAdministration>()
            .AddScoped<StaffAdministration>()
            .AddScoped<PracticeSetup>()
            .AddScoped<BookingService>()
            .AddScoped<AppointmentQueries>()
            .AddScoped<AppointmentHistory>()
            .AddScoped<CallOffPlanner>()
            .AddScoped<ConsultationService>()
            .AddScoped<ConsultationNotes>()
            .AddScoped<HandoverService>()
            .AddScoped<KeptChat>()
            .AddScoped<SharedFiles>()
            .AddScoped<PatientLetters>()
            .AddScoped<FollowUps>()
            .AddScoped<StaffTasks>()
            .AddScoped<Surveys>()
            .AddScoped<AttendanceService>()
            .AddScoped<AttendanceRecords>()
            .AddScoped<EncounterTimelines>()
            .AddScoped<ConsultationReports>()
            .AddScoped<AttendanceDisputes>()
            .AddScoped<ClinicSightings>()
            .AddScoped<ConsultationEvents>()
            .AddScoped<CallQualities>()
            .AddScoped<RescueDesk>()
            .AddScoped<WaitingRoom>()
            .AddScoped<ClinicDesk>()
            .AddScoped<DeviceCheckService>()
            .AddScoped<CheckDesk>()
            .AddScoped<WaitingLists>()
            .AddScoped<WaitingListDesk>()
            .AddScoped<CarerService>()
            .AddScoped<AccessNeedsService>()
            .AddScoped<MessageQueue>()
            .AddScoped<MessageQueries>()
            .AddScoped<Reminders>()
            .AddScoped<ReminderChoices>()
            .AddScoped<DemonstrationSeeder>()
            .AddScoped<DemonstrationClinics>();
    }

    /// <summary>Writers wait for each other up to 30 s. Write-ahead logging, which lets readers go on meanwhile, is set when the file is made and stays with it.</summary>
    private static string SqliteFile(string connection)
    {
        var settings = new SqliteConnectionStringBuilder(connection) { ForeignKeys = true, DefaultTimeout = 30 };
        if (Path.GetDirectoryName(settings.DataSource) is { Length: > 0 } folder)
            Directory.CreateDirectory(folder);
        return settings.ToString();
    }
}
