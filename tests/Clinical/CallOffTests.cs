using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Messages;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class CallOffTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_patient_is_proposed_the_nearest_time_that_nobody_else_is()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 3);
        var other = await clinic.AddClinicianAsync();
        var near = await clinic.AddSlotsAsync(clinic.Now.AddHours(3), slots: 2, practitioner: other);
        var far = await clinic.AddSlotsAsync(clinic.Now.AddDays(2), slots: 2);
        await BookedAsync(clinic, slots[0], first);
        await BookedAsync(clinic, slots[1], second);
        // Margaret has something else at the nearest time.
        var service = TestClinic.NewService(clinic.Practice, "Blood test", 15);
        await clinic.WriteAsync(db => db.Services.Add(service));
        await BookedAsync(clinic, (await clinic.AddSlotsAsync(near[0].Start, slots: 1, practitioner: await clinic.AddClinicianAsync("Priya", "Raman"), service: service))[0], first);

        var plan = await PlanAsync(clinic, slots[0].ScheduleId);

        Assert.NotNull(plan);
        Assert.Equal(["Margaret Hughes", "Mohammed Iqbal"], plan.Lines.Select(line => line.PatientName));
        Assert.Equal([near[1].Id, far[0].Id, far[1].Id], plan.Lines[0].Alternatives.Select(row => row.Slot));
        Assert.Equal([near[0].Id, far[0].Id, far[1].Id], plan.Lines[1].Alternatives.Select(row => row.Slot));
        Assert.Equal(("Dr Amara Okafor", "GP consultation", 0, false), (plan.PractitionerName, plan.ServiceName, plan.InCall, plan.IsOver));
    }

    [Fact]
    public async Task A_clinic_is_called_off_in_one_step_and_everybody_is_told()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 4);
        var near = await clinic.AddSlotsAsync(clinic.Now.AddHours(3), slots: 1, practitioner: await clinic.AddClinicianAsync());
        var moved = await BookedAsync(clinic, slots[0], first);
        var cancelled = await BookedAsync(clinic, slots[1], second);
        await clinic.HoldAsync(slots[2], await clinic.AddPatientAsync("Mei", "Chen"));

        var outcome = Assert.IsType<CallOffOutcome.CalledOff>(await CallOffAsync(clinic, slots[0].ScheduleId, new(moved, near[0].Id), new(cancelled, null)));

        Assert.Equal((1, 1, 2), (outcome.Moved.Count, outcome.Cancelled, outcome.Rooms.Count));
        var (given, gone) = (await clinic.AppointmentAsync(moved), await clinic.AppointmentAsync(cancelled));
        Assert.Equal((AppointmentStatus.Booked, near[0].Id, near[0].Start), (given.Status, given.SlotId, given.Start));
        Assert.Equal((AppointmentStatus.Cancelled, "Dr Okafor is ill"), (gone.Status, gone.CancellationReason));
        Assert.All(await clinic.ReadAsync(db => db.Slots.Where(row => row.ScheduleId == slots[0].ScheduleId).ToListAsync(Cancel)), slot => Assert.Equal((SlotStatus.BusyUnavailable, "Dr Okafor is ill"), (slot.Status, slot.BlockReason)));
        var told = await clinic.ReadAsync(db => db.Messages.Where(row => row.Kind == MessageKind.ClinicMoved || row.Kind == MessageKind.ClinicCancelled).ToListAsync(Cancel));
        Assert.Equal([(moved, MessageKind.ClinicMoved, 2), (cancelled, MessageKind.ClinicCancelled, 2)],
            told.GroupBy(row => (row.AppointmentId, row.Kind)).OrderBy(row => row.Key.Kind).Select(row => (row.Key.AppointmentId ?? default, row.Key.Kind, row.Count())));
        Assert.All(told, row => Assert.Equal("Dr Okafor is ill", row.Facts.Details.Reason));
        Assert.Equal(slots[0].Start, told.First(row => row.Kind == MessageKind.ClinicMoved).Facts.Details.PreviousStart);
        var audit = await clinic.ReadAsync(db => db.AuditEvents.Where(row => row.Action == "clinic.call-off").ToListAsync(Cancel));
        Assert.Equal(["Appointment", "Appointment", "Schedule"], audit.Select(row => row.Entity).Order());
        Assert.All(audit, row => Assert.Equal(("Dr Okafor is ill", clinic.Staff.PersonId), (row.Reason, row.ActorId)));
    }

    [Fact]
    public async Task If_anything_changed_meanwhile_nothing_is_done()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (first, second) = (await clinic.AddPatientAsync(), await clinic.AddPatientAsync("Mohammed", "Iqbal"));
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 3);
        var near = await clinic.AddSlotsAsync(clinic.Now.AddHours(3), slots: 2, practitioner: await clinic.AddClinicianAsync());
        var (a, b) = (await BookedAsync(clinic, slots[0], first), await BookedAsync(clinic, slots[1], second));
        var third = await clinic.AddPatientAsync("Mei", "Chen");
        await BookedAsync(clinic, near[0], third);

        var taken = await CallOffAsync(clinic, slots[0].ScheduleId, new(a, near[1].Id), new(b, near[0].Id));
        var forgotten = await CallOffAsync(clinic, slots[0].ScheduleId, new CallOffChoice(a, near[1].Id));
        var twice = await CallOffAsync(clinic, slots[0].ScheduleId, new(a, near[1].Id), new(b, near[1].Id));
        var same = await CallOffAsync(clinic, slots[0].ScheduleId, new(a, slots[2].Id), new(b, null));
        var doubled = await CallOffAsync(clinic, slots[0].ScheduleId, new(a, null), new(a, null));

        Assert.All([taken, forgotten, twice, same, doubled], outcome => Assert.IsType<CallOffOutcome.Changed>(outcome));
        Assert.Equal([slots[0].Id, slots[1].Id], [(await clinic.AppointmentAsync(a)).SlotId, (await clinic.AppointmentAsync(b)).SlotId]);
        Assert.Equal((SlotStatus.Free, SlotStatus.Free), ((await clinic.SlotAsync(slots[2].Id)).Status, (await clinic.SlotAsync(near[1].Id)).Status));
        Assert.Equal(0, await clinic.ReadAsync(db => db.Messages.CountAsync(row => row.Kind == MessageKind.ClinicMoved || row.Kind == MessageKind.ClinicCancelled, Cancel)));
    }

    [Fact]
    public async Task Whoever_is_with_the_clinician_stays_and_who_was_done_is_not_touched()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        var plan = await PlanAsync(clinic, call.Appointment.ScheduleId);
        var outcome = Assert.IsType<CallOffOutcome.CalledOff>(await CallOffAsync(clinic, call.Appointment.ScheduleId));

        Assert.Equal((1, 0), (plan?.InCall, plan?.Lines.Count));
        Assert.Equal((0, 0), (outcome.Moved.Count, outcome.Cancelled));
        Assert.Equal(AppointmentStatus.CheckedIn, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
    }

    [Fact]
    public async Task Only_staff_call_off_with_a_reason_a_clinic_of_theirs_that_is_not_over()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var slots = await clinic.AddSlotsAsync(clinic.Now.AddHours(1), slots: 1);
        var patient = await clinic.AddPatientAsync();
        Task<CallOffOutcome> TryAsync(Actor actor, string reason = "Ill") =>
            clinic.AskAsync<BookingService, CallOffOutcome>(booking => booking.CallOffAsync(actor, new CallOffRequest(slots[0].ScheduleId, reason, []), Cancel));

        await Assert.ThrowsAsync<NotAllowedException>(() => TryAsync(Actor.For(patient)));
        await Assert.ThrowsAsync<NotAllowedException>(() => TryAsync(clinic.Clinician));
        await Assert.ThrowsAsync<NotAllowedException>(() => clinic.AskAsync<CallOffPlanner, CallOffPlan?>(planner => planner.PlanAsync(clinic.Clinician, slots[0].ScheduleId, Cancel)));
        Assert.IsType<CallOffOutcome.ReasonMissing>(await TryAsync(clinic.Staff, " "));
        Assert.IsType<CallOffOutcome.ReasonMissing>(await TryAsync(clinic.Staff, new string('x', Slot.BlockReasonLength + 1)));
        Assert.IsType<CallOffOutcome.NotFound>(await TryAsync(neighbour.Staff));
        Assert.Null(await clinic.AskAsync<CallOffPlanner, CallOffPlan?>(planner => planner.PlanAsync(neighbour.Staff, slots[0].ScheduleId, Cancel)));
        clinic.Clock.SetUtcNow(slots[0].End);
        Assert.IsType<CallOffOutcome.Over>(await TryAsync(clinic.Staff));
    }

    private static async Task<AppointmentId> BookedAsync(TestClinic clinic, Slot slot, Patient patient) =>
        Assert.IsType<BookOutcome.Booked>(await clinic.BookAsync(slot, patient)).Appointment;

    private static Task<CallOffPlan?> PlanAsync(TestClinic clinic, ScheduleId id) =>
        clinic.AskAsync<CallOffPlanner, CallOffPlan?>(planner => planner.PlanAsync(clinic.Staff, id, Cancel));

    private static Task<CallOffOutcome> CallOffAsync(TestClinic clinic, ScheduleId id, params CallOffChoice[] choices) =>
        clinic.AskAsync<BookingService, CallOffOutcome>(booking => booking.CallOffAsync(clinic.Staff, new CallOffRequest(id, "Dr Okafor is ill", choices), Cancel));
}
