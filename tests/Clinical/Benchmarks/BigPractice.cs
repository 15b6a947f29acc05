using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests.Benchmarks;

/// <summary>
/// A practice of 200 clinicians in ten services with a million slots of a quarter of an hour: 32 on each weekday, from about fifteen weeks ago to about fifteen weeks
/// ahead; two in five are sold. Written past the services, by the model's own columns, because it would take an hour otherwise.
/// </summary>
internal static class BigPractice
{
    public const int Clinicians = 200;
    public const int Slots = 1_000_000;

    private const int ServiceCount = 10;
    private const int SlotsADay = 32;
    private const int Days = (Slots + (Clinicians * SlotsADay) - 1) / (Clinicians * SlotsADay);

    public static async Task<IReadOnlyList<HealthcareServiceId>> AddAsync(TestClinic clinic)
    {
        var services = Enumerable.Range(1, ServiceCount).Select(number => NewService(clinic.Practice.Id, $"Service {number}")).ToList();
        var clinicians = Enumerable.Range(0, Clinicians).Select(number => new Practitioner
        {
            Id = PractitionerId.New(),
            PracticeId = clinic.Practice.Id,
            GivenName = "Clinician",
            FamilyName = $"Number {number}",
            Services = { services[number % ServiceCount] },
        }).ToList();
        await clinic.WriteAsync(db =>
        {
            db.Services.AddRange(services);
            db.Practitioners.AddRange(clinicians);
        });
        await clinic.ReadAsync(async db =>
        {
            var connection = (SqliteConnection)db.Database.GetDbConnection();
            await connection.OpenAsync();
            await using var transaction = (SqliteTransaction)await connection.BeginTransactionAsync();
            await using var addSchedule = new Insert(db.Model.FindEntityType(typeof(Schedule)), connection, transaction);
            await using var addSlot = new Insert(db.Model.FindEntityType(typeof(Slot)), connection, transaction);
            var random = new Random(20261126);
            var written = 0;
            foreach (var day in Weekdays(DateOnly.FromDateTime(clinic.Now.Date).AddDays(-Days * 7 / 10)).Take(Days))
            {
                foreach (var (clinician, index) in clinicians.Select((clinician, index) => (clinician, index)))
                {
                    var start = clinic.Practice.Time.At(day, new TimeOnly(9, 0));
                    var (schedule, slots) = Schedule.Publish(clinician, services[index % ServiceCount], start, start.AddMinutes(15 * SlotsADay), clinic.Practice.Time);
                    addSchedule.Row(schedule);
                    foreach (var slot in slots.Take(Slots - written))
                    {
                        addSlot.Row(slot, ("Status", random.Next(5) < 2 ? "Busy" : "Free"));
                        written++;
                    }
                }
            }

            await transaction.CommitAsync();
            await db.Database.ExecuteSqlRawAsync("ANALYZE");
            return written;
        });
        return [.. services.Select(service => service.Id)];
    }

    private static HealthcareService NewService(PracticeId practice, string name) => new()
    {
        Id = HealthcareServiceId.New(),
        PracticeId = practice,
        Name = name,
        Description = "A service.",
        DurationMinutes = 15,
        Channels = [DeliveryChannel.Video],
    };

    private static IEnumerable<DateOnly> Weekdays(DateOnly from)
    {
        for (var day = from; ; day = day.AddDays(1))
        {
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday))
                yield return day;
        }
    }

    /// <summary>One prepared statement for all rows of an entity.</summary>
    private sealed class Insert : IAsyncDisposable
    {
        private readonly SqliteCommand _command;
        private readonly IProperty[] _properties;

        public Insert(IEntityType? entity, SqliteConnection connection, SqliteTransaction transaction)
        {
            ArgumentNullException.ThrowIfNull(entity);
            _properties = [.. entity.GetProperties()];
            _command = connection.CreateCommand();
            _command.Transaction = transaction;
            _command.CommandText =
                $"INSERT INTO \"{entity.GetTableName()}\" ({string.Join(',', _properties.Select(property => $"\"{property.GetColumnName()}\""))}) VALUES ({string.Join(',', _properties.Select(property => $"${property.Name}"))})";
            foreach (var property in _properties)
                _command.Parameters.AddWithValue($"${property.Name}", DBNull.Value);
            _command.Prepare();
        }

        public void Row(object entity, params (string Name, object Value)[] other)
        {
            foreach (var property in _properties)
            {
                var value = property.PropertyInfo?.GetValue(entity);
                _command.Parameters[$"${property.Name}"].Value = (property.GetTypeMapping().Converter is { } converter && value is not null ? converter.ConvertToProvider(value) : value) ?? DBNull.Value;
            }
            foreach (var (name, value) in other)
                _command.Parameters[$"${name}"].Value = value;
            _command.ExecuteNonQuery();
        }

        public ValueTask DisposeAsync() => _command.DisposeAsync();
    }
}
