using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Audit;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Tests;

public sealed class AuditTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_clinical_fact_cannot_be_written_without_saying_who_and_why()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();

        var async = await Assert.ThrowsAsync<InvalidOperationException>(() => clinic.ReadAsync(async db =>
        {
            (await db.Appointments.SingleAsync(Cancel)).Cancel("Feeling better", clinic.Now);
            return await db.SaveChangesAsync(Cancel);
        }));
        await Assert.ThrowsAsync<InvalidOperationException>(() => clinic.ReadAsync(async db =>
        {
            db.Remove(await db.Appointments.SingleAsync(Cancel));
            // The synchronous way is guarded too.
#pragma warning disable CA1849, VSTHRD103
            return db.SaveChanges();
#pragma warning restore CA1849, VSTHRD103
        }));

        Assert.Contains("WriteAsync", async.Message, StringComparison.Ordinal);
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(appointment.Id)).Status);
    }

    [Fact]
    public async Task Booking_and_cancelling_leave_events_with_actor_reason_before_and_after()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, patient) = await clinic.BookedAsync(TimeSpan.FromHours(2));
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.CancelAsync(appointment.Id, clinic.Staff, "Clinician is ill");

        var events = await EventsAsync(clinic, appointment.Id.Value);

        Assert.Equal(["appointment.book", "appointment.cancel"], events.Select(row => row.Action));
        Assert.Equal((ActorRole.Patient, patient.Id.Value, null, null), (events[0].ActorRole, events[0].ActorId, events[0].Reason, events[0].Before));
        Assert.Equal("Booked", Property(events[0].After, "Status"));
        Assert.Equal((ActorRole.Staff, clinic.Staff.PersonId, "Clinician is ill", clinic.Now), (events[1].ActorRole, events[1].ActorId, events[1].Reason, events[1].At));
        Assert.Equal(("Booked", "Cancelled"), (Property(events[1].Before, "Status"), Property(events[1].After, "Status")));
        Assert.Equal(3, JsonDocument.Parse(events[1].After ?? string.Empty).RootElement.EnumerateObject().Count());
    }

    [Fact]
    public async Task A_refusal_leaves_no_event()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();
        var other = await clinic.AddPatientAsync("Mohammed", "Iqbal");
        var before = await clinic.ReadAsync(db => db.AuditEvents.CountAsync(Cancel));

        await clinic.BookAsync(await clinic.SlotAsync(appointment.SlotId), other);
        await clinic.CancelAsync(appointment.Id, Actor.For(other));
        await clinic.JoinAsync(appointment.Id, other);

        Assert.Equal(before, await clinic.ReadAsync(db => db.AuditEvents.CountAsync(Cancel)));
    }

    [Fact]
    public async Task An_event_is_kept_only_if_its_change_is()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();

        await Assert.ThrowsAsync<TimeoutException>(() => clinic.WriteAsync(async db =>
        {
            (await db.Appointments.SingleAsync(Cancel)).Cancel("Feeling better", clinic.Now);
            await db.SaveChangesAsync(Cancel);
            throw new TimeoutException();
        }));

        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(appointment.Id)).Status);
        Assert.Equal(["appointment.book"], (await EventsAsync(clinic, appointment.Id.Value)).Select(row => row.Action));
    }

    [Fact]
    public async Task A_consultation_can_be_retraced_from_its_events()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.DraftAsync("Half a sentence", 0);
        await call.FinishAsync("Whole sentences.", 1);
        var encounter = await clinic.EncounterAsync(call.Appointment.Id);
        Assert.NotNull(encounter);

        var appointment = await EventsAsync(clinic, call.Appointment.Id.Value);
        var course = await EventsAsync(clinic, encounter.Id.Value);

        Assert.Equal(["appointment.book", "consultation.join", "signalling.admitted", "consultation.finish"], appointment.Select(row => row.Action));
        Assert.Equal(["consultation.join", "signalling.waiting", "signalling.admitted", "consultation.finish"], course.Select(row => row.Action));
        Assert.Equal((ActorRole.System, Guid.Empty), (course[1].ActorRole, course[1].ActorId));
    }

    [Fact]
    public async Task The_audit_says_that_a_note_changed_and_not_what_it_says()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await call.DraftAsync("Very private words", 0);
        await call.FinishAsync("Very private words indeed", 1);

        var everything = await clinic.ReadAsync(db => db.AuditEvents.Select(row => row.Before + row.After).ToListAsync(Cancel));

        Assert.Contains(everything, json => json.Contains("\"Text\"", StringComparison.Ordinal));
        Assert.DoesNotContain(everything, json => json.Contains("private", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Holding_a_slot_leaves_an_event_too()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var patient = await clinic.AddPatientAsync();
        var slot = (await clinic.AddSlotsAsync(clinic.Now.AddHours(1)))[0];
        await clinic.HoldAsync(slot, patient);

        var held = Assert.Single(await EventsAsync(clinic, slot.Id.Value));

        Assert.Equal(("slot.hold", patient.Id.ToString()), (held.Action, Property(held.After, "HeldFor")));
    }

    [Fact]
    public async Task Two_writers_of_one_row_do_not_overwrite_each_other()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (appointment, _) = await clinic.BookedAsync();

        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => clinic.WriteAsync(async db =>
        {
            var row = await db.Appointments.SingleAsync(Cancel);
            await db.Appointments.ExecuteUpdateAsync(set => set.SetProperty(other => other.Version, other => other.Version + 1), Cancel);
            row.Cancel("Feeling better", clinic.Now);
        }));

        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(appointment.Id)).Status);
    }

    private static Task<List<AuditEvent>> EventsAsync(TestClinic clinic, Guid id) =>
        clinic.ReadAsync(db => db.AuditEvents.AsNoTracking().Where(row => row.EntityId == id).OrderBy(row => row.Id).ToListAsync(Cancel));

    private static string? Property(string? json, string name) => json is null ? null : JsonDocument.Parse(json).RootElement.GetProperty(name).GetString();
}
