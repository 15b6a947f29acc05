using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>A group sells exactly as many places as it has.</summary>
public sealed class GroupTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Forty_who_want_one_of_five_places_at_once_get_five()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var group = await clinic.AddGroupAsync(clinic.Now.AddHours(1), places: 5);
        var patients = new List<Patient>();
        for (var index = 0; index < 40; index++)
            patients.Add(await clinic.AddPatientAsync($"Patient{index}"));

        // All ask for the first place, as a page shows the time once.
        var outcomes = await Task.WhenAll(patients.Select(patient => Task.Run(() => clinic.BookAsync(group[0], patient), Cancel)));

        Assert.Equal(5, outcomes.OfType<BookOutcome.Booked>().Count());
        Assert.Equal(35, outcomes.OfType<BookOutcome.Taken>().Count());
        Assert.Equal(5, await clinic.ReadAsync(db => db.Appointments.Select(row => row.SlotId).Distinct().CountAsync(Cancel)));
    }

    [Fact]
    public async Task A_patient_has_one_place_of_a_group()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var group = await clinic.AddGroupAsync(clinic.Now.AddHours(1), places: 3);
        var patient = await clinic.AddPatientAsync();

        var first = await clinic.BookAsync(group[0], patient);
        var second = await clinic.BookAsync(group[1], patient);

        Assert.Equal(first, second);
        Assert.Equal(1, await clinic.ReadAsync(db => db.Slots.CountAsync(slot => slot.Status == SlotStatus.Busy, Cancel)));
    }

    [Fact]
    public async Task Held_places_count_and_come_back_when_the_hold_runs_out()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var group = await clinic.AddGroupAsync(clinic.Now.AddHours(1), places: 2);
        var (first, second, third) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"), await clinic.AddPatientAsync("Sofia", "Almeida"));

        var held = Assert.IsType<HoldOutcome.Held>(await clinic.HoldAsync(group[0], first));
        var other = Assert.IsType<HoldOutcome.Held>(await clinic.HoldAsync(group[0], second));
        var refused = await clinic.HoldAsync(group[0], third);
        clinic.Clock.Advance(Slot.HoldTime);
        var returned = await clinic.HoldAsync(group[0], third);

        Assert.NotEqual(held.Slot, other.Slot);
        Assert.IsType<HoldOutcome.Taken>(refused);
        Assert.IsType<HoldOutcome.Held>(returned);
    }

    [Fact]
    public async Task A_cancelled_place_is_sold_again_and_a_group_is_shown_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var group = await clinic.AddGroupAsync(clinic.Now.AddHours(1), places: 2);
        var patient = await clinic.AddPatientAsync();
        var booked = Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(group[0], patient));
        await clinic.BookAsync(group[0], await clinic.AddPatientAsync("Mohammed", "Iqbal"));

        var full = await ShownAsync(clinic);
        await clinic.CancelAsync(booked.Appointment, Actor.For(patient));
        var open = await ShownAsync(clinic);

        Assert.Empty(full);
        Assert.Equal(1, Assert.Single(open).Places);
        await clinic.CancelAsync(await clinic.ReadAsync(db => db.Appointments.Where(row => row.Status == AppointmentStatus.Booked).Select(row => row.Id).SingleAsync(Cancel)), clinic.Staff);
        Assert.Equal(2, Assert.Single(await ShownAsync(clinic)).Places);
        Assert.Equal([new AvailableDay(new DateOnly(2026, 6, 9), 1)], await clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableDay>>(slots =>
            slots.DaysAsync(clinic.Staff, clinic.Service.Id, null, null, 28, Cancel)));
    }

    private static Task<IReadOnlyList<AvailableSlot>> ShownAsync(TestClinic clinic) =>
        clinic.AskAsync<AvailabilityService, IReadOnlyList<AvailableSlot>>(slots => slots.SlotsAsync(clinic.Staff, clinic.Service.Id, null, new DateOnly(2026, 6, 9), Cancel));
}
