using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>A process that books is killed, without warning, in the middle of 500 bookings: whatever it had answered is there, and nothing is there in part or twice.</summary>
public sealed class KilledProcessTests
{
    private const int Bookings = 500;
    private const int UsersAtOnce = 16;
    private const string Acknowledged = "BOOKED ";
    private const string DatabaseVariable = "TELEMEDICINE_TEST_DATABASE";
    private const string PracticeVariable = "TELEMEDICINE_TEST_PRACTICE";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_in_the_middle_of_500_bookings_it_loses_and_doubles_none()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await clinic.WriteAsync(db => db.Patients.AddRange(Enumerable.Range(0, Bookings)
            .Select(index => Patient.Register(clinic.Practice.Id, $"subject-{index}", "Patient", $"Number{index}", new DateOnly(1980, 1, 1), null, null, null, clinic.Now))));
        await clinic.AddSlotsAsync(clinic.Now.AddDays(1), slots: Bookings);
        var answered = new HashSet<string>();

        foreach (var killAfter in new int?[] { 120, 160, null })
        {
            await RunAsync(clinic, answered, killAfter);
            await CheckAsync(clinic, answered);
        }

        Assert.Equal(Bookings, answered.Count);
        Assert.Equal(Bookings, await clinic.ReadAsync(db => db.Appointments.CountAsync(Cancel)));
    }

    /// <summary>Run by the test above, in a process of its own: books each patient a slot, as if every one pressed the button again after the restart.</summary>
    [Fact(Explicit = true)]
    public async Task Books_in_a_process_of_its_own()
    {
        var database = Environment.GetEnvironmentVariable(DatabaseVariable);
        Assert.SkipWhen(database is null, "It is run by another test only.");
        var practice = PracticeId.Parse(Environment.GetEnvironmentVariable(PracticeVariable) ?? "", null);
        await using var services = new ServiceCollection().AddLogging().AddSingleton<TimeProvider>(new FakeTimeProvider(TestClinic.Morning)).AddClinical(
            new ConfigurationBuilder().AddInMemoryCollection([new("Database:Provider", "Sqlite"), new("ConnectionStrings:Clinical", $"Data Source={database}")]).Build()).BuildServiceProvider();
        var (patients, slots) = await ReadAsync(services, practice);
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        var written = new Lock();

        await Parallel.ForEachAsync(patients.Zip(slots), new ParallelOptions { MaxDegreeOfParallelism = UsersAtOnce, CancellationToken = Cancel }, async (pair, cancelled) =>
        {
            await using var scope = services.CreateAsyncScope();
            var outcome = await scope.ServiceProvider.GetRequiredService<BookingService>()
                .BookAsync(new Actor(practice, ActorRole.Patient, pair.First.Value), new BookingRequest(pair.Second, pair.First, DeliveryChannel.Video), cancelled);
            var booked = Assert.IsType<BookOutcome.Booked>(outcome);
            lock (written)
                output.WriteLine($"\n{Acknowledged}{booked.Appointment} {booked.Reference}");
        });
    }

    private static async Task RunAsync(TestClinic clinic, HashSet<string> answered, int? killAfter)
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, $"{typeof(KilledProcessTests).Assembly.GetName().Name}")) { RedirectStandardOutput = true };
        foreach (var argument in new[] { "-explicit", "only", "-method", $"{typeof(KilledProcessTests).FullName}.{nameof(Books_in_a_process_of_its_own)}" })
            start.ArgumentList.Add(argument);
        start.Environment[DatabaseVariable] = await clinic.ReadAsync(db => Task.FromResult(db.Database.GetDbConnection().DataSource));
        start.Environment[PracticeVariable] = clinic.Practice.Id.ToString();
        using var process = Process.Start(start) ?? throw new InvalidOperationException("It did not start.");
        var now = new List<string>();
        var said = new List<string>();
        while (await process.StandardOutput.ReadLineAsync(Cancel) is { } line)
        {
            if (!line.StartsWith(Acknowledged, StringComparison.Ordinal))
            {
                said.Add(line);
                continue;
            }
            now.Add(line[Acknowledged.Length..]);
            // Killed at once, as by kill -9; what it had said before is still read.
            if (now.Count == killAfter)
                process.Kill();
        }

        await process.WaitForExitAsync(Cancel);
        Assert.True((process.ExitCode == 0) == (killAfter is null), $"Exit {process.ExitCode} after {now.Count} bookings:\n{string.Join('\n', said)}");
        Assert.True(killAfter is null ? now.Count == Bookings : now.Count < Bookings, $"{now.Count} bookings before the end");
        answered.UnionWith(now);
    }

    private static async Task CheckAsync(TestClinic clinic, HashSet<string> answered)
    {
        var appointments = await clinic.ReadAsync(db => db.Appointments.AsNoTracking().ToListAsync(Cancel));
        var sold = await clinic.ReadAsync(db => db.Slots.Where(slot => slot.Status == SlotStatus.Busy).Select(slot => slot.Id).ToListAsync(Cancel));
        var audited = await clinic.ReadAsync(db => db.AuditEvents.CountAsync(row => row.Action == "appointment.book" && row.Entity == nameof(Appointment), Cancel));
        var told = await clinic.ReadAsync(db => db.Messages.CountAsync(Cancel));
        var history = await clinic.ReadAsync(db => db.AppointmentChanges.CountAsync(Cancel));

        Assert.Superset(answered, appointments.Select(row => $"{row.Id} {row.Reference}").ToHashSet());
        Assert.Equal(appointments.Count, appointments.DistinctBy(row => row.PatientId).Count());
        Assert.Equal(sold.Order(ById), appointments.Select(row => row.SlotId).Order(ById));
        Assert.Equal((appointments.Count, appointments.Count * 2, appointments.Count), (audited, told, history));
    }

    private static readonly Comparer<SlotId> ById = Comparer<SlotId>.Create((a, b) => a.Value.CompareTo(b.Value));

    private static async Task<(List<PatientId> Patients, List<SlotId> Slots)> ReadAsync(ServiceProvider services, PracticeId practice)
    {
        await using var scope = services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClinicalDbContext>();
        db.ActFor(Actor.System(practice));
        var patients = await db.Patients.OrderBy(row => row.Id).Select(row => row.Id).ToListAsync(Cancel);
        return (patients, await db.Slots.OrderBy(row => row.Start).Select(row => row.Id).ToListAsync(Cancel));
    }
}
