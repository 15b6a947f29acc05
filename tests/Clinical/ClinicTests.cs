using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class ClinicTests
{
    private static readonly DateOnly Today = new(2026, 6, 9);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_board_shows_each_appointment_with_one_word_and_the_counts_add_up()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddMinutes(15), slots: 9);
        var calls = new List<TestCall>();
        for (var index = 0; index < 7; index++)
        {
            var patient = await clinic.AddPatientAsync($"Patient{index}", "Hughes");
            var booked = Assert.IsType<Booking.BookOutcome.Booked>(await clinic.BookAsync(slots[index], patient));
            calls.Add(new TestCall(clinic, await clinic.AppointmentAsync(booked.Appointment), patient));
        }

        clinic.Clock.SetUtcNow(slots[3].Start);
        var now = clinic.Now;
        await clinic.JoinAsync(calls[1].Appointment.Id, calls[1].Patient);
        await clinic.ApplyAsync(calls[2].Waiting(), calls[3].Waiting(), calls[3].Admitted(now.AddSeconds(5)), calls[4].Waiting(), calls[4].Admitted());
        await calls[4].FinishAsync();
        await clinic.ClinicianWaitsAsync(calls[0].Appointment.Id);
        await clinic.MissAsync(calls[0].Appointment.Id);
        await clinic.CancelAsync(calls[5].Appointment.Id, clinic.Staff);

        var board = await BoardAsync(clinic, clinic.Clinician, slots[0].ScheduleId);

        Assert.NotNull(board);
        Assert.True(board.IsOwn);
        Assert.Equal(
            [BoardStatus.DidNotAttend, BoardStatus.Arrived, BoardStatus.Waiting, BoardStatus.InCall, BoardStatus.Done, BoardStatus.Cancelled, BoardStatus.Booked],
            board.Rows.Select(row => row.Status));
        Assert.Equal([null, null, now, now.AddSeconds(5), null, null, null], board.Rows.Select(row => row.Since));
        Assert.Equal(("Patient0 Hughes", "08:15"), (board.Rows[0].PatientName, board.Rows[0].Start.ToString("HH:mm")));
        var counts = board.Clinic;
        Assert.Equal((2, 1, 1, 1, 1, 1, 3), (counts.Booked, counts.Waiting, counts.InCall, counts.Done, counts.DidNotAttend, counts.Cancelled, counts.Free));
        Assert.Equal("Dr Amara Okafor, GP consultation, 08:15 to 10:30", $"{counts.PractitionerName}, {counts.ServiceName}, {counts.Start:HH:mm} to {counts.End:HH:mm}");
    }

    [Fact]
    public async Task Staff_see_every_clinic_of_the_day_a_clinician_their_own_and_a_patient_none()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var other = await clinic.AddClinicianAsync();
        var own = (await clinic.AddSlotsAsync(clinic.Now.AddHours(2)))[0].ScheduleId;
        var others = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1), practitioner: other))[0].ScheduleId;
        await clinic.AddSlotsAsync(clinic.Now.AddDays(1));
        var patient = await clinic.AddPatientAsync();

        Assert.Equal([others, own], await DayAsync(clinic, clinic.Staff, null));
        Assert.Equal([own], await DayAsync(clinic, clinic.Clinician, Today));
        Assert.Empty(await DayAsync(clinic, Actor.For(patient), Today));
        Assert.NotNull(await BoardAsync(clinic, clinic.Staff, others));
        Assert.False((await BoardAsync(clinic, clinic.Staff, others))?.IsOwn);
        Assert.Null(await BoardAsync(clinic, clinic.Clinician, others));
        Assert.Null(await BoardAsync(clinic, Actor.For(patient), own));
    }

    [Fact]
    public async Task A_clinic_over_midnight_belongs_to_both_days()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var night = (await clinic.AddSlotsAsync(new DateTimeOffset(2026, 6, 9, 22, 30, 0, TimeSpan.Zero), slots: 4))[0].ScheduleId;
        var untilMidnight = (await clinic.AddSlotsAsync(new DateTimeOffset(2026, 6, 9, 22, 0, 0, TimeSpan.Zero), slots: 4, practitioner: await clinic.AddClinicianAsync()))[0].ScheduleId;

        Assert.Equal([untilMidnight, night], await DayAsync(clinic, clinic.Staff, Today));
        Assert.Equal([night], await DayAsync(clinic, clinic.Staff, Today.AddDays(1)));
    }

    [Fact]
    public async Task A_patient_who_came_twice_because_of_a_corrected_mistake_is_one_row()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync();
        await clinic.ClinicianWaitsAsync(appointment.Id);
        await clinic.MissAsync(appointment.Id);
        await clinic.AskAsync<AttendanceService, UndoOutcome>(attendance => attendance.UndoAsync(clinic.Staff, appointment.Id, "Wrong row", Cancel));
        await clinic.JoinAsync(appointment.Id, patient);

        var board = await BoardAsync(clinic, clinic.Staff, appointment.ScheduleId);

        Assert.Equal(BoardStatus.Arrived, Assert.Single(board?.Rows ?? []).Status);
    }

    private static Task<ClinicBoard?> BoardAsync(TestClinic clinic, Actor actor, ScheduleId id) =>
        clinic.AskAsync<ClinicService, ClinicBoard?>(clinics => clinics.BoardAsync(actor, id, Cancel));

    private static async Task<IEnumerable<ScheduleId>> DayAsync(TestClinic clinic, Actor actor, DateOnly? day) =>
        (await clinic.AskAsync<ClinicService, IReadOnlyList<ClinicSummary>>(clinics => clinics.ClinicsOfDayAsync(actor, day, Cancel))).Select(summary => summary.Id);
}
