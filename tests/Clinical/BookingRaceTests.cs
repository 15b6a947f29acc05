using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class BookingRaceTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_simultaneous_bookings_of_one_slot_sell_it_once_and_refuse_the_others_clearly()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var other = clinic.AnotherInstance();
        var patients = await PatientsAsync(clinic, 200);
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];

        var outcomes = await AtOnceAsync(patients, (patient, index) => index % 2 == 0 ? clinic.BookAsync(slot, patient) : BookAsync(other, slot, patient));

        Assert.Single(outcomes.OfType<BookOutcome.Booked>());
        Assert.Equal(199, outcomes.OfType<BookOutcome.Taken>().Count());
        Assert.Equal(1, await clinic.ReadAsync(db => db.Appointments.CountAsync(Cancel)));
        Assert.Equal(1, await clinic.ReadAsync(db => db.AuditEvents.CountAsync(row => row.Action == "appointment.book", Cancel)));
    }

    [Fact]
    public async Task A_patient_who_books_every_overlapping_slot_at_once_gets_one()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var other = clinic.AnotherInstance();
        var patient = await clinic.AddPatientAsync();
        var slots = new List<Slot>();
        for (var index = 0; index < 12; index++)
            slots.Add((await clinic.AddSlotsAsync(clinic.Now.AddMinutes(60 + index), slots: 1, practitioner: await clinic.AddClinicianAsync(family: $"Nowak{index}")))[0]);

        var outcomes = await AtOnceAsync(slots, (slot, index) => index % 2 == 0 ? clinic.BookAsync(slot, patient) : BookAsync(other, slot, patient));

        Assert.Single(outcomes.OfType<BookOutcome.Booked>());
        Assert.Equal(11, outcomes.OfType<BookOutcome.Overlaps>().Count());
        Assert.Equal(11, await clinic.ReadAsync(db => db.Slots.CountAsync(row => row.Status == SlotStatus.Free, Cancel)));
    }

    [Fact]
    public async Task Many_patients_racing_for_fewer_slots_fill_each_slot_exactly_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patients = await PatientsAsync(clinic, 60);
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 12);

        var outcomes = await AtOnceAsync(patients, (patient, index) => clinic.BookAsync(slots[index % slots.Count], patient));

        Assert.Equal(12, outcomes.OfType<BookOutcome.Booked>().Count());
        Assert.Equal(48, outcomes.OfType<BookOutcome.Taken>().Count());
        Assert.Equal(12, await clinic.ReadAsync(db => db.Appointments.Select(row => row.SlotId).Distinct().CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_held_slot_is_never_sold_to_those_who_race_for_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var holder = await clinic.AddPatientAsync();
        var patients = await PatientsAsync(clinic, 40);
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];
        await clinic.HoldAsync(slot, holder);

        var outcomes = await AtOnceAsync(patients, (patient, _) => clinic.BookAsync(slot, patient));

        Assert.All(outcomes, outcome => Assert.IsType<BookOutcome.Taken>(outcome));
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slot, holder));
    }

    [Fact]
    public async Task A_simultaneous_hold_of_one_slot_is_given_to_one()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patients = await PatientsAsync(clinic, 40);
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];

        var outcomes = await AtOnceAsync(patients, (patient, _) => clinic.HoldAsync(slot, patient));

        Assert.Single(outcomes.OfType<HoldOutcome.Held>());
        Assert.Equal(39, outcomes.OfType<HoldOutcome.Taken>().Count());
    }

    [Fact]
    public async Task Cancelling_many_times_at_once_cancels_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(1));

        var outcomes = await AtOnceAsync(Enumerable.Range(0, 20).ToList(), (_, index) =>
            clinic.CancelAsync(appointment.Id, index % 2 == 0 ? Actor.For(patient) : clinic.Staff));

        Assert.Single(outcomes.OfType<CancelOutcome.Cancelled>());
        Assert.Equal(19, outcomes.OfType<CancelOutcome.AlreadyCancelled>().Count());
        Assert.Equal(SlotStatus.Free, (await clinic.SlotAsync(appointment.SlotId)).Status);
    }

    [Fact]
    public async Task The_database_itself_refuses_a_second_live_appointment_of_a_slot()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var slot = await clinic.SlotAsync(appointment.SlotId);
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");

        var error = await Assert.ThrowsAsync<DbUpdateException>(() =>
            clinic.WriteAsync(db => db.Appointments.Add(Appointment.Book(slot, other.Id, DeliveryChannel.Video, AppointmentReference.New(), null, clinic.Now))));

        Assert.True(Data.DatabaseErrors.IsUniqueViolation(error));
        Assert.Equal(1, await clinic.ReadAsync(db => db.Appointments.CountAsync(Cancel)));
    }

    private static async Task<List<Patient>> PatientsAsync(TestClinic clinic, int count)
    {
        var patients = Enumerable.Range(0, count)
            .Select(index => Patient.Register(clinic.Practice.Id, $"subject-{index}", "Patient", $"Number{index}", new DateOnly(1980, 1, 1), null, null, null, clinic.Now))
            .ToList();
        await clinic.WriteAsync(db => db.Patients.AddRange(patients));
        return patients;
    }

    private static async Task<BookOutcome> BookAsync(IServiceProvider instance, Slot slot, Patient patient)
    {
        await using var scope = instance.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<BookingService>()
            .BookAsync(Actor.For(patient), new BookingRequest(slot.Id, patient.Id, DeliveryChannel.Video), CancellationToken.None);
    }

    /// <summary>All are lined up before the first may go.</summary>
    private static async Task<TOutcome[]> AtOnceAsync<T, TOutcome>(IReadOnlyList<T> callers, Func<T, int, Task<TOutcome>> call)
    {
        var go = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = callers.Select((caller, index) => Task.Run(async () =>
        {
            await go.Task;
            return await call(caller, index);
        })).ToList();
        go.SetResult();
        return await Task.WhenAll(calls);
    }
}
