using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests.Benchmarks;

/// <summary>How fast scheduling is on SQLite. Not tests; docs/performance.md has the command and the figures.</summary>
public sealed class SchedulingBenchmarks(ITestOutputHelper output)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task Availability_over_28_days_with_a_million_slots()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var services = await BigPractice.AddAsync(clinic);
        var patient = await clinic.AddPatientAsync();
        var actor = Actor.For(patient);
        var random = new Random(1);
        var slots = await clinic.ReadAsync(db => db.Slots.CountAsync(Cancel));

        var days = await MeasureAsync(2000, async () =>
        {
            var service = services[random.Next(services.Count)];
            var found = await clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableDay>>(availability => availability.DaysAsync(actor, service, patient.Id, null, 28, Cancel));
            Assert.InRange(found.Count, 19, 21);
        });
        var times = await MeasureAsync(500, async () =>
        {
            var service = services[random.Next(services.Count)];
            var day = DateOnly.FromDateTime(clinic.Now.Date).AddDays(1);
            Assert.NotEmpty(await clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableSlot>>(availability => availability.SlotsAsync(actor, service, patient.Id, day, Cancel)));
        });

        output.WriteLine($"{slots:N0} slots, {BigPractice.Clinicians} clinicians");
        output.WriteLine($"days of one service over 28 days: p50 {At(days, 0.5):0.0} ms, p99 {At(days, 0.99):0.0} ms");
        output.WriteLine($"times of one service on one day:  p50 {At(times, 0.5):0.0} ms, p99 {At(times, 0.99):0.0} ms");
        Assert.Equal(BigPractice.Slots, slots);
        Assert.True(At(days, 0.99) < 15, $"p99 {At(days, 0.99):0.0} ms");
    }

    [Fact(Explicit = true)]
    public async Task Bookings_a_second_with_32_users_at_once()
    {
        const int Users = 32;
        const int Clinicians = 16;
        var span = TimeSpan.FromSeconds(20);
        await using var clinic = await TestClinic.CreateAsync();
        // More patients than clinicians, in turns, so that nobody is asked to be in two places.
        var patients = Enumerable.Range(0, Clinicians * 40)
            .Select(index => Patient.Register(clinic.Practice.Id, $"subject-{index}", "Patient", $"Number{index}", new DateOnly(1980, 1, 1), null, null, null, clinic.Now)).ToList();
        await clinic.WriteAsync(db => db.Patients.AddRange(patients));
        var slots = new List<Slot>();
        for (var clinician = 0; clinician < Clinicians; clinician++)
            slots.AddRange(await clinic.AddSlotsAsync(clinic.Now.AddDays(1), slots: 15 * 96, practitioner: await clinic.AddClinicianAsync(family: $"Number{clinician}")));
        slots.Sort((a, b) => a.Start.CompareTo(b.Start));
        var (next, booked, refused) = (-1, 0, 0);

        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, Users).Select(_ => Task.Run(async () =>
        {
            while (clock.Elapsed < span && Interlocked.Increment(ref next) is var turn && turn < slots.Count)
            {
                // One in ten reaches for the slot that another is taking.
                var slot = slots[turn % 10 == 9 ? turn - 1 : turn];
                if (await clinic.BookAsync(slot, patients[turn % patients.Count]) is BookOutcome.Booked)
                    Interlocked.Increment(ref booked);
                else
                    Interlocked.Increment(ref refused);
            }
        })));
        var seconds = clock.Elapsed.TotalSeconds;

        var kept = await clinic.ReadAsync(db => db.Appointments.Select(row => new { row.Id, row.SlotId }).ToListAsync(Cancel));
        var told = await clinic.ReadAsync(db => db.Messages.CountAsync(Cancel));
        var audited = await clinic.ReadAsync(db => db.AuditEvents.CountAsync(row => row.Action == "appointment.book" && row.Entity == nameof(Appointment), Cancel));
        output.WriteLine($"{booked:N0} bookings and {refused:N0} refusals in {seconds:0.0} s: {booked / seconds:0} bookings a second, each with its audit event and two messages");
        Assert.Equal(kept.Count, kept.DistinctBy(row => row.SlotId).Count());
        Assert.Equal((kept.Count * 2, kept.Count), (told, audited));
        Assert.Equal(booked, kept.Count);
    }

    private static async Task<double[]> MeasureAsync(int times, Func<Task> work)
    {
        for (var warm = 0; warm < 50; warm++)
            await work();
        var taken = new double[times];
        for (var turn = 0; turn < times; turn++)
        {
            var start = Stopwatch.GetTimestamp();
            await work();
            taken[turn] = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        }

        Array.Sort(taken);
        return taken;
    }

    private static double At(double[] sorted, double part) => sorted[(int)Math.Ceiling(part * sorted.Length) - 1];
}
