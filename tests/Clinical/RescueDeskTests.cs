using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Rescue;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Tests;

public sealed class RescueDeskTests
{
    private static readonly CheckResult Failed = new(
        CheckOutcome.Good, CheckOutcome.Good, CheckOutcome.Denied, CheckOutcome.Good, CheckOutcome.Good, BrowserFamily.Chrome, DeviceKind.AndroidPhone, new CheckFigures(CheckRoute.Udp, 0, 0, 5, 1_000_000, 1_000_000, 30), 140);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everybody_who_has_trouble_stands_there_with_what_since_when_and_where_to_phone()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Began(CallTrouble.Camera), call.Began(CallTrouble.NoMedia), call.Began(CallTrouble.Quality, ConsultationRole.Clinician));

        var cases = await ListAsync(clinic, clinic.Staff);

        Assert.Equal([("Margaret Hughes", "07700 900100"), ("Dr Amara Okafor", null)], cases.Select(one => (one.Name, one.Phone)));
        Assert.Equal([CallTrouble.Camera, CallTrouble.NoMedia], cases[0].Troubles.Select(trouble => trouble.Trouble ?? default).Order());
        Assert.All(cases, one => Assert.True(one is { IsOpen: true, IsUnseen: true, ByTelephone: false, Waits: false }));
        Assert.Equal(clinic.Now, cases[0].Troubles[0].Since);
    }

    [Fact]
    public async Task Whoever_says_first_that_they_look_after_it_does_and_what_comes_later_is_new()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Began(CallTrouble.Camera));

        Assert.Equal(AcknowledgeOutcome.Done, await AcknowledgeAsync(clinic, clinic.Staff, call));
        Assert.Equal(AcknowledgeOutcome.NothingLeft, await AcknowledgeAsync(clinic, clinic.Clinician, call));
        var seen = Assert.Single(Assert.Single(await ListAsync(clinic, clinic.Clinician)).Troubles);
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.ApplyAsync(call.Began(CallTrouble.NoMedia));

        Assert.Equal("Helen Brooks", seen.SeenBy);
        Assert.True(Assert.Single(await ListAsync(clinic, clinic.Staff)).IsUnseen);
        Assert.Contains(await clinic.ReadAsync(db => db.AuditEvents.Select(row => row.Action).ToListAsync(Cancel)), action => action == "rescue.acknowledge");
    }

    [Fact]
    public async Task Two_people_at_once_and_only_one_looks_after_it()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Began(CallTrouble.Camera));

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 8).Select(index => AcknowledgeAsync(clinic, index % 2 == 0 ? clinic.Staff : clinic.Clinician, call)));

        Assert.Single(outcomes, outcome => outcome == AcknowledgeOutcome.Done);
    }

    [Fact]
    public async Task What_is_over_is_shown_a_quarter_of_an_hour_longer()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Began(CallTrouble.Camera), call.Over(CallTrouble.Camera));

        Assert.False(Assert.Single(await ListAsync(clinic, clinic.Staff)).IsOpen);
        Assert.Equal(AcknowledgeOutcome.NothingLeft, await AcknowledgeAsync(clinic, clinic.Staff, call));
        clinic.Clock.Advance(RescueDesk.Recent + TimeSpan.FromSeconds(1));
        Assert.Empty(await ListAsync(clinic, clinic.Staff));
    }

    [Fact]
    public async Task Once_the_consultation_is_finished_nobody_stands_there()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Began(CallTrouble.Camera));

        await call.FinishAsync();

        Assert.Empty(await ListAsync(clinic, clinic.Staff));
    }

    [Fact]
    public async Task A_failed_check_shortly_before_the_start_stands_there_until_a_better_one_or_until_they_come()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (soon, patient) = await clinic.BookedAsync(TimeSpan.FromMinutes(90));
        var (later, _) = await clinic.BookedAsync(TimeSpan.FromHours(5), patient);
        foreach (var appointment in new[] { soon.Id, later.Id })
            await CheckAsync(clinic, patient, appointment, Failed);

        var one = Assert.Single(await ListAsync(clinic, clinic.Staff));
        Assert.Equal((soon.Id, (CallTrouble?)null), (one.Appointment, Assert.Single(one.Troubles).Trouble));
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await CheckAsync(clinic, patient, soon.Id, Failed with { Microphone = CheckOutcome.Good });
        Assert.Empty(await ListAsync(clinic, clinic.Staff));
    }

    [Fact]
    public async Task Another_practice_another_clinician_and_the_patient_see_and_change_nothing()
    {
        await using var clinic = await TestClinic.CreateAsync();
        await using var neighbour = await clinic.NeighbourAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Began(CallTrouble.Camera));
        var other = Actor.For(await clinic.AddClinicianAsync());

        Assert.Empty(await ListAsync(neighbour, neighbour.Staff));
        Assert.Empty(await ListAsync(clinic, other));
        Assert.Equal(AcknowledgeOutcome.NotFound, await AcknowledgeAsync(neighbour, neighbour.Staff, call));
        Assert.Equal(AcknowledgeOutcome.NotFound, await AcknowledgeAsync(clinic, other, call));
        await Assert.ThrowsAsync<NotAllowedException>(() => ListAsync(clinic, Actor.For(call.Patient)));
        await Assert.ThrowsAsync<NotAllowedException>(() => AcknowledgeAsync(clinic, Actor.For(call.Patient), call));
        Assert.True(Assert.Single(await ListAsync(clinic, clinic.Staff)).IsUnseen);
    }

    [Fact]
    public async Task The_graph_has_the_last_quarter_of_an_hour_of_that_person()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);
        await clinic.ApplyAsync(call.Began(CallTrouble.Quality));
        var session = Guid.NewGuid();
        for (var number = 1; number <= 120; number++)
        {
            await SampleAsync(clinic, call, session, number, number / 200d);
            clinic.Clock.Advance(TimeSpan.FromSeconds(10));
        }
        // Again, and late.
        await SampleAsync(clinic, call, session, 120, 1);
        await SampleAsync(clinic, call, session, 3, 1);

        var link = Assert.Single(await ListAsync(clinic, clinic.Staff)).Link;

        Assert.Equal(90, link.Count);
        Assert.Equal((31 / 200d, 120 / 200d), (link[0].Loss, link[^1].Loss));
        Assert.InRange(await clinic.ReadAsync(db => db.CallSamples.CountAsync(Cancel)), 100, 121);
        clinic.Clock.Advance(CallSample.KeptFor + TimeSpan.FromMinutes(1));
        await clinic.AskAsync<CallQualities, int>(qualities => qualities.DeleteOldAsync(Cancel));
        Assert.Equal(0, await clinic.ReadAsync(db => db.CallSamples.CountAsync(Cancel)));
    }

    [Fact]
    public async Task The_telephone_is_the_same_encounter_and_both_changes_stand_in_its_timeline()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var call = await TestCall.AdmittedAsync(clinic);

        await clinic.ApplyAsync(call.Stepped(CallStep.LowVideo, TrackDirection.Sent));
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.ApplyAsync(call.Stepped(CallStep.Telephone));
        var encounter = await clinic.EncounterAsync(call.Appointment.Id);
        var joined = Assert.IsType<JoinOutcome.Ok>(await clinic.JoinAsync(call.Appointment.Id, call.Patient));
        clinic.Clock.Advance(TimeSpan.FromMinutes(1));
        await clinic.ApplyAsync(call.Stepped(CallStep.Video));

        var after = await clinic.EncounterAsync(call.Appointment.Id);
        Assert.Equal((DeliveryChannel.Telephone, EncounterStatus.InProgress, true), (encounter?.SwitchedTo, encounter?.Status, joined.Ticket.Telephone));
        Assert.Equal((encounter?.Id, null), (after?.Id, after?.SwitchedTo));
        Assert.Equal(DeliveryChannel.Video, (await clinic.AppointmentAsync(call.Appointment.Id)).Channel);
        var timeline = await clinic.AskAsync<EncounterTimelines, EncounterTimeline?>(timelines => timelines.OfAsync(clinic.Clinician, call.Appointment.Id, Cancel));
        Assert.Equal([CallStep.LowVideo, CallStep.Telephone, CallStep.Video], timeline?.Incidents.Select(incident => incident.Step ?? default));
    }

    [Fact]
    public async Task Trouble_of_the_patient_and_a_failed_check_are_evidence_that_they_tried()
    {
        await using var clinic = await TestClinic.CreateAsync();
        var (blocked, patient) = await clinic.BookedAsync();
        var call = new TestCall(clinic, blocked, patient);
        await clinic.ApplyAsync(call.Began(CallTrouble.Microphone));
        var (unchecked_, other) = await clinic.BookedAsync(TimeSpan.FromMinutes(40), await clinic.AddPatientAsync("Grace", "Hughes"));
        await CheckAsync(clinic, other, unchecked_.Id, Failed);
        await clinic.ClinicianWaitsAsync(blocked.Id);
        await clinic.ClinicianWaitsAsync(unchecked_.Id);

        Assert.IsType<AttendanceRefusal.PatientTried>(Assert.IsType<DidNotAttendOutcome.Refused>(await clinic.MissAsync(blocked.Id)).Refusal);
        Assert.IsType<AttendanceRefusal.DeviceFailed>(Assert.IsType<DidNotAttendOutcome.Refused>(await clinic.MissAsync(unchecked_.Id)).Refusal);
    }

    private static Task<IReadOnlyList<RescueCase>> ListAsync(TestClinic clinic, Actor actor) =>
        clinic.AskAsync<RescueDesk, IReadOnlyList<RescueCase>>(desk => desk.ListAsync(actor, Cancel));

    private static Task<AcknowledgeOutcome> AcknowledgeAsync(TestClinic clinic, Actor actor, TestCall call) =>
        clinic.AskAsync<RescueDesk, AcknowledgeOutcome>(desk => desk.AcknowledgeAsync(actor, call.Appointment.Id, call.Patient.Id.Value, CancellationToken.None));

    private static Task<SaveCheckOutcome> CheckAsync(TestClinic clinic, Patient patient, AppointmentId id, CheckResult result) =>
        clinic.AskAsync<DeviceCheckService, SaveCheckOutcome>(checks => checks.SaveAsync(Actor.For(patient), id, result, CancellationToken.None));

    private static Task SampleAsync(TestClinic clinic, TestCall call, Guid session, int number, double loss) => clinic.AskAsync<CallQualities, bool>(async qualities =>
    {
        await qualities.ApplyAsync([new CallQualityFact(call.Appointment.ScheduleId, call.Appointment.Id, session, call.Patient.Id.Value, ConsultationRole.Patient, number, clinic.Now, [], new LinkFigures(loss, 40))], CancellationToken.None);
        return true;
    });
}
