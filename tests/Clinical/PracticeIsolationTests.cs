using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

/// <summary>Two practices in one database, and one that tries to reach the other's.</summary>
public sealed class PracticeIsolationTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_table_that_belongs_to_a_practice_is_filtered()
    {
        await using var clinic = await TestClinic.CreateAsync();

        var entities = await clinic.ReadAsync(db => Task.FromResult(db.Model.GetEntityTypes().Select(entity => (entity.ClrType, Filtered: entity.GetDeclaredQueryFilters().Count > 0)).ToList()));

        Type[] shared = [typeof(Practice), typeof(ReceivedEvent), typeof(EndedSession), typeof(HubSignIn), typeof(Microsoft.AspNetCore.DataProtection.EntityFrameworkCore.DataProtectionKey), typeof(Dictionary<string, object>)];
        Assert.All(entities, entity => Assert.True(entity.Filtered != shared.Contains(entity.ClrType), entity.ClrType.Name));
        Assert.All(entities.Where(entity => entity.Filtered), entity => Assert.True(entity.ClrType.IsAssignableTo(typeof(IPracticeOwned))));
    }

    [Fact]
    public async Task A_context_that_acts_for_nobody_sees_nothing_and_for_one_practice_only_its_own()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        await TestCall.AdmittedAsync(clinic);

        var nobody = await clinic.AskAsync<ClinicalDbContext, int>(db => CountAsync(db));
        var own = await clinic.ReadAsync(CountAsync);
        var foreign = await neighbour.ReadAsync(db => db.Appointments.CountAsync(Cancel));

        Assert.Equal(0, nobody);
        Assert.True(own > 6);
        Assert.Equal(0, foreign);
        Assert.All(await neighbour.ReadAsync(db => db.AuditEvents.Select(row => row.PracticeId).ToListAsync(Cancel)), practice => Assert.Equal(neighbour.Practice.Id, practice));
    }

    [Fact]
    public async Task Staff_of_one_practice_reach_nothing_of_another()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var patient = await clinic.AddPatientAsync();
        var free = (await clinic.AddSlotsAsync(clinic.Now.AddHours(3)))[0];
        var (appointment, _) = await clinic.BookedAsync(patient: patient);
        var own = await neighbour.AddPatientAsync("Mohammed", "Iqbal");
        var intruder = neighbour.Staff;

        Assert.IsType<BookOutcome.NotFound>(await neighbour.BookAsync(free, own, intruder));
        Assert.IsType<BookOutcome.NotFound>(await neighbour.BookAsync(free, patient, intruder));
        Assert.IsType<HoldOutcome.NotFound>(await neighbour.HoldAsync(free, own, Actor.For(own)));
        Assert.IsType<CancelOutcome.NotFound>(await neighbour.CancelAsync(appointment.Id, intruder));
        Assert.IsType<DidNotAttendOutcome.NotFound>(await neighbour.AskAsync<AttendanceService, DidNotAttendOutcome>(service => service.MarkMissedAsync(intruder, appointment.Id, Absence.DidNotAttend, Cancel)));
        Assert.Null(await neighbour.AskAsync<AppointmentQueries, AppointmentView?>(service => service.FindAsync(intruder, appointment.Id, Cancel)));
        Assert.Empty((await neighbour.AskAsync<AppointmentQueries, MyAppointments>(service => service.OfPatientAsync(intruder, patient.Id, Cancel))).Coming);
        Assert.Null(await neighbour.AskAsync<ClinicService, ClinicBoard?>(service => service.BoardAsync(intruder, appointment.ScheduleId, Cancel)));
        Assert.Empty(await neighbour.AskAsync<ClinicService, IReadOnlyList<ClinicSummary>>(service => service.ClinicsOfDayAsync(intruder, null, Cancel)));
        Assert.Null(await neighbour.AskAsync<ConsultationService, TicketFacts?>(service => service.WatchAsync(intruder, appointment.ScheduleId, Cancel)));
        Assert.Null(await neighbour.AskAsync<PatientService, PatientView?>(service => service.FindAsync(intruder, patient.Id, Cancel)));
        Assert.Equal(["Mohammed Iqbal"], (await neighbour.AskAsync<PatientService, IReadOnlyList<PatientView>>(service => service.SearchAsync(intruder, "07700 900100", Cancel))).Select(found => found.DisplayName));
        Assert.Equal(LinkOutcome.NotFound, await neighbour.AskAsync<PatientService, LinkOutcome>(service => service.LinkAsync(intruder, patient.Id, "someone", "Asked", Cancel)));
        Assert.Empty(await neighbour.AskAsync<AvailabilityService, IReadOnlyList<AvailableSlot>>(service => service.SlotsAsync(intruder, clinic.Service.Id, null, free.Day, Cancel)));
        Assert.Empty(await neighbour.AskAsync<AvailabilityService, IReadOnlyList<AvailableDay>>(service => service.DaysAsync(intruder, clinic.Service.Id, null, null, 28, Cancel)));
        Assert.Equal([neighbour.Service.Id], (await neighbour.AskAsync<AvailabilityService, IReadOnlyList<ServiceView>>(service => service.ServicesAsync(intruder, null, Cancel))).Select(service => service.Id));
        Assert.IsType<OpenOutcome.NotFound>(await neighbour.AskAsync<ConsultationService, OpenOutcome>(service => service.OpenAsync(neighbour.Clinician, appointment.Id, Cancel)));

        var untouched = await clinic.AppointmentAsync(appointment.Id);
        Assert.Equal((AppointmentStatus.Booked, SlotStatus.Free), (untouched.Status, (await clinic.SlotAsync(free.Id)).Status));
    }

    [Fact]
    public async Task Events_act_in_the_practice_of_their_appointment()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();

        await TestCall.AdmittedAsync(neighbour);

        Assert.Equal(0, await clinic.ReadAsync(db => db.AuditEvents.CountAsync(row => row.Action == "signalling.admitted", Cancel)));
        Assert.Equal(2, await neighbour.ReadAsync(db => db.AuditEvents.CountAsync(row => row.Action == "signalling.admitted", Cancel)));
    }

    private static async Task<int> CountAsync(ClinicalDbContext db) =>
        await db.Practitioners.CountAsync(Cancel) + await db.StaffMembers.CountAsync(Cancel) + await db.Patients.CountAsync(Cancel) + await db.Services.CountAsync(Cancel)
        + await db.Schedules.CountAsync(Cancel) + await db.Slots.CountAsync(Cancel) + await db.Appointments.CountAsync(Cancel) + await db.Encounters.CountAsync(Cancel) + await db.AuditEvents.CountAsync(Cancel);
}
