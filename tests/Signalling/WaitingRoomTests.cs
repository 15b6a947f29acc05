using System.Text.Json;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class WaitingRoomTests(SharedHost shared) : SharedHostTest(shared)
{
    [Fact]
    public async Task A_waiting_patient_sees_nobody_and_is_seen_by_the_clinician()
    {
        var (clinician, seen) = await World.JoinAsync(ParticipantRole.Clinician);
        var (patient, result) = await World.JoinAsync(ParticipantRole.Patient);

        Assert.Equal("waiting", seen.GetProperty("phase").GetString());
        Assert.False(seen.TryGetProperty("waitingSince", out var none), "Nobody was waiting yet.");
        Assert.Equal("waiting", result.GetProperty("phase").GetString());
        Assert.Equal(Host.Time.GetUtcNow(), result.GetProperty("waitingSince").GetDateTimeOffset());
        Assert.Equal(0, result.GetProperty("participants").GetArrayLength());
        Assert.Equal(0, result.GetProperty("chat").GetArrayLength());
        Assert.False(result.GetProperty("resumed").GetBoolean());

        var joined = (await clinician.NextAsync("participantJoined")).GetProperty("participant");
        Assert.Equal(World.Patient.ToString(), joined.GetProperty("participantId").GetString());
        Assert.Equal(result.GetProperty("sessionId").GetString(), joined.GetProperty("sessionId").GetString());
        Assert.Equal("patient", joined.GetProperty("role").GetString());
        Assert.Equal(ClinicWorld.PatientName, joined.GetProperty("name").GetString());
        Assert.Equal("connected", joined.GetProperty("state").GetString());
        Assert.False(joined.GetProperty("microphone").GetBoolean());
        Assert.False(joined.GetProperty("camera").GetBoolean());
    }

    [Fact]
    public async Task Admitting_brings_both_into_the_call()
    {
        var (patient, waiting) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, present) = await World.JoinAsync(ParticipantRole.Clinician);
        Assert.Equal(1, present.GetProperty("participants").GetArrayLength());
        Assert.Equal(Host.Time.GetUtcNow(), present.GetProperty("waitingSince").GetDateTimeOffset());
        Host.Time.Advance(TimeSpan.FromMinutes(3));

        await clinician.InvokeAsync("Admit", World.Consultation);

        var phase = await patient.NextAsync("phaseChanged");
        Assert.Equal("inCall", phase.GetProperty("phase").GetString());
        Assert.Equal(Host.Time.GetUtcNow(), phase.GetProperty("at").GetDateTimeOffset());
        var seen = await patient.NextAsync("participantJoined");
        Assert.Equal(ClinicWorld.ClinicianName, seen.GetProperty("participant").GetProperty("name").GetString());
        Assert.Equal("inCall", (await clinician.NextAsync("phaseChanged")).GetProperty("phase").GetString());
        ClinicWorld.AssertInOrder(patient.Messages, waiting.GetProperty("sequence").GetInt64());

        var admitted = await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected);
        Assert.Equal(
            [World.Patient, World.Clinician, World.Clinician, World.Patient],
            admitted.Select(happened => happened.Participant));
        Assert.All(admitted, happened => Assert.Equal(World.Clinic, happened.Clinic));
        Assert.Equal(Host.Time.GetUtcNow(), admitted[2].At);
    }

    [Fact]
    public async Task Admitting_twice_changes_nothing_more()
    {
        var (patient, clinician) = await World.InCallAsync();

        Assert.Null(await clinician.RefusalAsync("Admit", World.Consultation));

        await ClinicWorld.SayAsync(clinician, "A word after it.");
        await patient.NextAsync("chat");
        Assert.Single(patient.Messages, message => ClinicWorld.Type(message) == "phaseChanged");
        await clinician.InvokeAsync("Leave");
        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected, ConsultationEventType.Disconnected);
    }

    [Fact]
    public async Task Nobody_can_be_admitted_who_is_not_here()
    {
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        Assert.Equal("not-found", await clinician.RefusalAsync("Admit", World.Consultation));
        Assert.Equal("not-found", await clinician.RefusalAsync("Admit", Guid.NewGuid()));
    }

    [Fact]
    public async Task A_clinician_admits_from_the_board_without_being_in_the_consultation()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Clinician));

        await board.InvokeAsync("Admit", World.Consultation);

        Assert.Equal("inCall", (await patient.NextAsync("phaseChanged")).GetProperty("phase").GetString());
    }

    [Fact]
    public async Task A_patient_whom_Web_knows_as_admitted_goes_straight_into_the_call_on_a_fresh_node()
    {
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        var (patient, result) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);

        Assert.Equal("inCall", result.GetProperty("phase").GetString());
        Assert.Equal(Host.Time.GetUtcNow(), result.GetProperty("startedAt").GetDateTimeOffset());
        Assert.Equal(ClinicWorld.ClinicianName, result.GetProperty("participants")[0].GetProperty("name").GetString());
        Assert.Equal("inCall", (await clinician.NextAsync("phaseChanged")).GetProperty("phase").GetString());
        await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Connected, ConsultationEventType.Connected);
    }

    [Fact]
    public async Task The_clinicians_admitted_ticket_does_not_let_the_patient_in()
    {
        var (clinician, result) = await World.JoinAsync(ParticipantRole.Clinician, admitted: true);

        Assert.Equal("waiting", result.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task Leaving_on_purpose_is_told_at_once()
    {
        var (patient, clinician) = await World.InCallAsync();

        await patient.InvokeAsync("Leave");

        var left = await clinician.NextAsync("participantLeft");
        Assert.Equal("left", left.GetProperty("reason").GetString());
        Assert.Equal(World.Patient.ToString(), left.GetProperty("participantId").GetString());
        Assert.Equal("not-allowed", await patient.RefusalAsync("Leave"));
        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected, ConsultationEventType.Disconnected);
    }

    [Fact]
    public async Task Joining_twice_on_one_connection_is_a_conflict()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);

        Assert.Equal("conflict", await patient.RefusalAsync("Join", new { }));
    }

    [Fact]
    public async Task Closing_one_of_two_tabs_leaves_the_other_whole()
    {
        var (patient, clinician) = await World.InCallAsync();
        var (second, result) = await World.JoinAsync(ParticipantRole.Patient);
        Assert.Equal("inCall", result.GetProperty("phase").GetString());
        Assert.Equal(1, result.GetProperty("participants").GetArrayLength());
        Assert.Equal(result.GetProperty("sessionId").GetString(), (await clinician.NextAsync("participantJoined")).GetProperty("participant").GetProperty("sessionId").GetString());

        await second.InvokeAsync("Leave");
        var left = await clinician.NextAsync("participantLeft");
        await ClinicWorld.SayAsync(clinician, "Still there?");

        Assert.Equal(result.GetProperty("sessionId").GetString(), left.GetProperty("sessionId").GetString());
        Assert.Equal("Still there?", (await patient.NextAsync("chat")).GetProperty("message").GetProperty("text").GetString());
        Assert.DoesNotContain(patient.Messages, message => ClinicWorld.Type(message) is "participantLeft" or "ended");
        await patient.InvokeAsync("Leave");
        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected, ConsultationEventType.Disconnected);
    }

    [Fact]
    public async Task A_ninth_tab_of_one_person_is_refused()
    {
        for (var tab = 0; tab < 8; tab++)
            await World.JoinAsync(ParticipantRole.Patient);
        var ninth = await World.ConnectAsync(ParticipantRole.Patient);

        Assert.Equal("too-many", await ninth.RefusalAsync("Join", new { }));
    }

    [Fact]
    public async Task The_answer_to_Join_comes_before_any_message()
    {
        for (var round = 0; round < 20; round++)
        {
            var world = new ClinicWorld(Host);
            var (first, _) = await world.JoinAsync(ParticipantRole.Patient);
            var clinician = await world.ConnectAsync(ParticipantRole.Clinician);
            var joining = clinician.InvokeAsync("Join", new { });
            await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => world.JoinAsync(ParticipantRole.Patient)));

            await joining;
            await ClinicWorld.SayAsync(clinician, "One message at least.");
            await clinician.NextAsync("chat");

            Assert.True(clinician.AnswersBeforeFirstMessage >= 1, "A message came before the answer.");
        }
    }
}
