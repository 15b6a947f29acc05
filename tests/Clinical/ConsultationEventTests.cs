using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using static Telemedicine.Clinical.Consultations.ConsultationRole;

namespace Telemedicine.Clinical.Tests;

public sealed class ConsultationEventTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_marks_the_patient_as_waiting_since_then()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await CallAsync(clinic);

        var changed = await clinic.ApplyAsync(call.Waiting());

        Assert.Equal([call.Appointment.ScheduleId], changed);
        Assert.Equal(AppointmentStatus.Arrived, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
        var encounter = await clinic.EncounterAsync(call.Appointment.Id);
        Assert.Equal((EncounterStatus.Arrived, clinic.Now), (encounter?.Status, encounter?.WaitingSince));
    }

    [Fact]
    public async Task Admitted_checks_the_patient_in_and_starts_the_encounter_at_that_time()
    {
        await using var clinic = await TestClinic.CreateAsync();

        var call = await TestCall.AdmittedAsync(clinic);

        Assert.Equal(AppointmentStatus.CheckedIn, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
        var encounter = await clinic.EncounterAsync(call.Appointment.Id);
        Assert.Equal((EncounterStatus.InProgress, clinic.Now, null), (encounter?.Status, encounter?.Start, encounter?.WaitingSince));
    }

    [Fact]
    public async Task A_patient_who_leaves_before_being_admitted_is_booked_again_and_may_come_back()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await CallAsync(clinic);
        await clinic.JoinAsync(call.Appointment.Id, call.Patient);
        await clinic.ApplyAsync(call.Waiting());
        clinic.Clock.Advance(TimeSpan.FromMinutes(2));

        await clinic.ApplyAsync(call.Disconnected(Patient));
        var left = (await clinic.AppointmentAsync(call.Appointment.Id)).Status;
        var away = await clinic.EncounterAsync(call.Appointment.Id);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.JoinAsync(call.Appointment.Id, call.Patient);
        await clinic.ApplyAsync(call.Waiting());

        Assert.Equal(AppointmentStatus.Booked, left);
        Assert.Equal((EncounterStatus.Arrived, null), (away?.Status, away?.WaitingSince));
        Assert.Equal(AppointmentStatus.Arrived, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
        Assert.Equal(clinic.Now, (await clinic.EncounterAsync(call.Appointment.Id))?.WaitingSince);
    }

    [Fact]
    public async Task A_dropped_connection_in_the_call_stays_in_progress_and_shows_in_the_periods()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var start = clinic.Now;

        await clinic.ApplyAsync(call.Connected(Patient, start), call.Disconnected(Patient, start.AddMinutes(3)), call.Connected(Patient, start.AddMinutes(4)));

        Assert.Equal(AppointmentStatus.CheckedIn, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
        var encounter = await clinic.EncounterAsync(call.Appointment.Id);
        Assert.Equal(EncounterStatus.InProgress, encounter?.Status);
        Assert.Equal(
            [(start, start.AddMinutes(3)), (start.AddMinutes(4), (DateTimeOffset?)null)],
            encounter?.Participants.Select(participant => (participant.Start, participant.End)));
        Assert.All(encounter?.Participants ?? [], participant => Assert.Equal((call.Patient.Id.Value, Patient), (participant.PersonId, participant.Role)));
    }

    [Fact]
    public async Task A_repeated_event_changes_nothing_more()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        var connected = call.Connected(Patient);
        await clinic.ApplyAsync(connected);
        var before = await clinic.EncounterAsync(call.Appointment.Id);

        var changed = await clinic.ApplyAsync(connected, connected);

        Assert.Empty(changed);
        Assert.Equal(before?.Version, (await clinic.EncounterAsync(call.Appointment.Id))?.Version);
        Assert.Equal(3, await clinic.ReadAsync(db => db.ReceivedEvents.CountAsync(Cancel)));
    }

    [Fact]
    public async Task An_event_that_comes_many_times_at_once_is_taken_in_once()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await CallAsync(clinic);
        var waiting = call.Waiting();

        var changes = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => clinic.ApplyAsync(waiting), Cancel)));

        Assert.Single(changes, changed => changed.Count == 1);
        Assert.Equal(1, await clinic.ReadAsync(db => db.ReceivedEvents.CountAsync(Cancel)));
    }

    [Fact]
    public async Task Whatever_the_order_and_however_often_events_come_the_record_is_the_same()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var random = new Random(20260609);
        var orders = new List<string>();
        for (var round = 0; round < 25; round++)
        {
            var call = await CallAsync(clinic);
            var at = clinic.Now;
            ConsultationFact[] facts =
            [
                call.Waiting(at),
                call.Disconnected(Patient, at.AddMinutes(1)),
                call.Waiting(at.AddMinutes(2)),
                call.Connected(Clinician, at.AddMinutes(3)),
                call.Admitted(at.AddMinutes(4)),
                call.Connected(Patient, at.AddMinutes(5)),
                call.Disconnected(Patient, at.AddMinutes(6)),
                call.Connected(Patient, at.AddMinutes(7)),
                call.Disconnected(Clinician, at.AddMinutes(8)),
                call.Ended(at.AddMinutes(9)),
            ];
            ConsultationFact[] sent = round == 0 ? facts : [.. facts, .. facts.Take(round % 5)];
            if (round > 0)
                random.Shuffle(sent);

            await clinic.ApplyAsync(sent);

            var encounter = await clinic.EncounterAsync(call.Appointment.Id);
            Assert.NotNull(encounter);
            var periods = encounter.Participants.Select(row => $"{row.Role} {(row.Start - at).TotalMinutes} to {(row.End - at)?.TotalMinutes}").Order();
            orders.Add($"{(await clinic.AppointmentAsync(call.Appointment.Id)).Status} {encounter.Status} from {(encounter.Start - at)?.TotalMinutes}, {string.Join(", ", periods)}");
            clinic.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal("CheckedIn InProgress from 4, Clinician 3 to 8, Patient 5 to 6, Patient 7 to 9", orders[0]);
        Assert.Single(orders.Distinct());
    }

    [Fact]
    public void Every_order_of_waiting_and_leaving_gives_one_timeline()
    {
        var at = TestClinic.Morning;
        var (patient, clinician) = (Guid.NewGuid(), Guid.NewGuid());
        ReceivedEvent[] facts =
        [
            Received(ConsultationFactType.Waiting, patient, Patient, at),
            Received(ConsultationFactType.Disconnected, patient, Patient, at.AddMinutes(1)),
            Received(ConsultationFactType.Waiting, patient, Patient, at.AddMinutes(2)),
            Received(ConsultationFactType.Admitted, clinician, Clinician, at.AddMinutes(3)),
            Received(ConsultationFactType.Connected, patient, Patient, at.AddMinutes(3)),
            Received(ConsultationFactType.Disconnected, patient, Patient, at.AddMinutes(5)),
        ];

        var timelines = Permutations(facts).Select(order => ConsultationTimeline.Of([.. order, order[0]])).ToList();

        Assert.Equal(720, timelines.Count);
        Assert.All(timelines, timeline =>
        {
            Assert.Equal((at, null, null, at.AddMinutes(3), null), (timeline.ArrivedAt, timeline.WaitingSince, timeline.LeftWaitingAt, timeline.AdmittedAt, timeline.EndedAt));
            Assert.Equal([new PresencePeriod(patient, Patient, at.AddMinutes(3), at.AddMinutes(5))], timeline.Periods);
        });
    }

    [Fact]
    public async Task Events_after_the_end_complete_the_periods_and_change_no_status()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Connected(Patient));
        clinic.Clock.Advance(TimeSpan.FromMinutes(5));
        await call.FinishAsync();
        var finished = clinic.Now;

        await clinic.ApplyAsync(call.Disconnected(Patient, finished.AddSeconds(2)), call.Ended(finished.AddSeconds(2)));

        var encounter = await clinic.EncounterAsync(call.Appointment.Id);
        Assert.Equal((EncounterStatus.Finished, finished), (encounter?.Status, encounter?.End));
        Assert.Equal(finished.AddSeconds(2), Assert.Single(encounter?.Participants ?? []).End);
        Assert.Equal(AppointmentStatus.Fulfilled, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
    }

    [Fact]
    public async Task An_event_of_a_cancelled_appointment_is_kept_and_revives_nothing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await CallAsync(clinic);
        await clinic.JoinAsync(call.Appointment.Id, call.Patient);
        await clinic.CancelAsync(call.Appointment.Id, clinic.Staff);

        await clinic.ApplyAsync(call.Waiting(), call.Admitted());

        Assert.Equal(AppointmentStatus.Cancelled, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
        Assert.Null(await clinic.EncounterAsync(call.Appointment.Id));
        Assert.Equal(2, await clinic.ReadAsync(db => db.ReceivedEvents.CountAsync(Cancel)));
    }

    [Fact]
    public async Task Events_that_fit_no_appointment_have_no_effect_and_stop_none_of_the_others()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await CallAsync(clinic);
        ConsultationFact[] foreign =
        [
            call.Waiting() with { Consultation = AppointmentId.New() },
            call.Waiting() with { Clinic = ScheduleId.New() },
            call.Waiting() with { PersonId = Guid.NewGuid() },
            call.Waiting() with { PersonId = clinic.Practitioner.Id.Value, Role = Clinician },
            call.Admitted() with { PersonId = call.Patient.Id.Value, Role = Patient },
            call.Connected(Patient) with { Role = Staff },
            call.Connected(Patient) with { PersonId = null, Role = null },
        ];

        var changed = await clinic.ApplyAsync(foreign);
        Assert.Empty(changed);
        Assert.Equal(AppointmentStatus.Booked, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
        Assert.Equal(foreign.Length, await clinic.ReadAsync(db => db.ReceivedEvents.CountAsync(row => !row.Applied, Cancel)));

        Assert.Single(await clinic.ApplyAsync([.. foreign, call.Waiting()]));
        Assert.Equal(AppointmentStatus.Arrived, (await clinic.AppointmentAsync(call.Appointment.Id)).Status);
    }

    private static async Task<TestCall> CallAsync(TestClinic clinic)
    {
        var (appointment, patient) = await clinic.BookedAsync();
        return new TestCall(clinic, appointment, patient);
    }

    private static ReceivedEvent Received(ConsultationFactType type, Guid person, ConsultationRole role, DateTimeOffset at) => new()
    {
        Id = Guid.NewGuid(),
        Type = type,
        ClinicId = ScheduleId.New(),
        ConsultationId = AppointmentId.New(),
        PersonId = person,
        Role = role,
        At = at,
        ReceivedAt = at,
        Applied = true,
    };

    private static IEnumerable<T[]> Permutations<T>(T[] items) => items.Length <= 1
        ? [items]
        : items.SelectMany((item, index) => Permutations<T>([.. items[..index], .. items[(index + 1)..]]).Select(rest => (T[])[item, .. rest]));
}
