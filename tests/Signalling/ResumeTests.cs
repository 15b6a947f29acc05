using System.Text.Json;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class ResumeTests : HostedTest
{
    [Fact]
    public async Task Back_within_30_seconds_gets_every_missed_message_once_and_in_order()
    {
        var (clinician, first) = await World.JoinAsync(ParticipantRole.Clinician);
        var sessionId = first.GetProperty("sessionId").GetString();
        await ClinicWorld.SayAsync(clinician, "dealt with");
        await clinician.NextAsync("chat");
        // The next two reach the socket, but the page dies before it deals with them.
        await ClinicWorld.SayAsync(clinician, "sent and lost");
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        await clinician.NextAsync("participantJoined");
        clinician.Abort();
        await clinician.Closed;
        await patient.InvokeAsync("Leave");
        Host.Time.Advance(TimeSpan.FromSeconds(29));

        var (back, result) = await World.JoinAsync(ParticipantRole.Clinician, new { sessionId, lastSequence = 1 });

        Assert.True(result.GetProperty("resumed").GetBoolean());
        Assert.Equal(sessionId, result.GetProperty("sessionId").GetString());
        await back.NextAsync("participantLeft");
        Assert.Equal(["chat", "phaseChanged", "participantJoined", "participantLeft"], back.Messages.Select(ClinicWorld.Type));
        Assert.Equal("sent and lost", back.Messages[0].GetProperty("message").GetProperty("text").GetString());
        ClinicWorld.AssertInOrder(back.Messages, 1);
        Assert.Equal(back.Messages[^1].GetProperty("sequence").GetInt64(), result.GetProperty("sequence").GetInt64());

        await ClinicWorld.SayAsync(back, "and on");
        await back.NextAsync("chat");
        ClinicWorld.AssertInOrder(back.Messages, 1);
    }

    [Fact]
    public async Task A_message_that_was_acknowledged_is_not_sent_again()
    {
        var (clinician, first) = await World.JoinAsync(ParticipantRole.Clinician);
        await ClinicWorld.SayAsync(clinician, "one");
        await ClinicWorld.SayAsync(clinician, "two");
        await clinician.NextAsync("chat", message => message.GetProperty("sequence").GetInt64() == 2);
        await clinician.InvokeAsync("Acknowledge", 2);
        clinician.Abort();

        // A page that asks again for what it acknowledged cannot be served, so it starts anew.
        var (back, result) = await World.JoinAsync(ParticipantRole.Clinician, new { sessionId = first.GetProperty("sessionId").GetString(), lastSequence = 1 });

        Assert.False(result.GetProperty("resumed").GetBoolean());
        Assert.NotEqual(first.GetProperty("sessionId").GetString(), result.GetProperty("sessionId").GetString());
        Assert.Equal(["one", "two"], result.GetProperty("chat").EnumerateArray().Select(message => message.GetProperty("text").GetString()));
    }

    [Fact]
    public async Task The_others_see_a_lost_connection_and_the_return()
    {
        var (patient, first) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        patient.Abort();
        var away = (await clinician.NextAsync("participantChanged")).GetProperty("participant");
        await World.JoinAsync(ParticipantRole.Patient, new { sessionId = first.GetProperty("sessionId").GetString(), lastSequence = 0 });
        var back = (await clinician.NextAsync("participantChanged")).GetProperty("participant");

        Assert.Equal("reconnecting", away.GetProperty("state").GetString());
        Assert.Equal("connected", back.GetProperty("state").GetString());
        Assert.Equal(away.GetProperty("sessionId").GetString(), back.GetProperty("sessionId").GetString());
        await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Waiting, ConsultationEventType.Connected);
    }

    [Fact]
    public async Task After_30_seconds_the_participant_is_gone_and_comes_back_as_a_new_session()
    {
        var (patient, clinician) = await World.InCallAsync();
        var sessionId = (await ChangeAsync(clinician, patient.Abort)).GetProperty("sessionId").GetString();

        Host.Time.Advance(TimeSpan.FromSeconds(30));
        var left = await clinician.NextAsync("participantLeft");
        var (_, result) = await World.JoinAsync(ParticipantRole.Patient, new { sessionId, lastSequence = 0 }, admitted: true);

        Assert.Equal("lost", left.GetProperty("reason").GetString());
        Assert.Equal(sessionId, left.GetProperty("sessionId").GetString());
        Assert.False(result.GetProperty("resumed").GetBoolean());
        Assert.NotEqual(sessionId, result.GetProperty("sessionId").GetString());
        Assert.Equal("inCall", result.GetProperty("phase").GetString());
        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
            ConsultationEventType.Disconnected, ConsultationEventType.Connected);
    }

    [Fact]
    public async Task Each_loss_has_its_own_30_seconds()
    {
        var (patient, first) = await World.JoinAsync(ParticipantRole.Patient);
        var sessionId = first.GetProperty("sessionId").GetString();
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        for (var loss = 0; loss < 3; loss++)
        {
            await ChangeAsync(clinician, patient.Abort);
            Host.Time.Advance(TimeSpan.FromSeconds(29));
            (patient, var back) = await World.JoinAsync(ParticipantRole.Patient, new { sessionId, lastSequence = 0 });
            Assert.True(back.GetProperty("resumed").GetBoolean());
            await clinician.NextAsync("participantChanged");
            Host.Time.Advance(TimeSpan.FromSeconds(29));
        }

        await patient.InvokeAsync("Leave");
        Assert.Equal("left", (await clinician.NextAsync("participantLeft")).GetProperty("reason").GetString());
        Assert.Single(clinician.Messages, message => ClinicWorld.Type(message) == "participantLeft");
    }

    [Fact]
    public async Task A_resume_takes_over_a_connection_that_still_looks_alive()
    {
        var (old, first) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        var (back, result) = await World.JoinAsync(ParticipantRole.Patient, new { sessionId = first.GetProperty("sessionId").GetString(), lastSequence = 0 });
        await old.Closed;

        Assert.True(result.GetProperty("resumed").GetBoolean());
        await clinician.InvokeAsync("Admit", World.Consultation);
        Assert.Equal("inCall", (await back.NextAsync("phaseChanged")).GetProperty("phase").GetString());
        await back.InvokeAsync("Leave");
        await clinician.NextAsync("participantLeft");
        Assert.DoesNotContain(clinician.Messages, message =>
            ClinicWorld.Type(message) == "participantChanged" && message.GetProperty("participant").GetProperty("state").GetString() == "reconnecting");
    }

    [Fact]
    public async Task Nobody_resumes_a_session_of_somebody_else()
    {
        var (patient, first) = await World.JoinAsync(ParticipantRole.Patient);

        var (_, result) = await World.JoinAsync(ParticipantRole.Clinician, new { sessionId = first.GetProperty("sessionId").GetString(), lastSequence = 0 });

        Assert.False(result.GetProperty("resumed").GetBoolean());
        Assert.Null(await patient.RefusalAsync("Acknowledge", 0));
        Assert.False(patient.IsClosed);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(99)]
    [InlineData(long.MaxValue)]
    public async Task A_resume_from_a_message_that_never_was_is_a_new_session(long lastSequence)
    {
        var (patient, first) = await World.JoinAsync(ParticipantRole.Patient);

        var (_, result) = await World.JoinAsync(ParticipantRole.Patient, new { sessionId = first.GetProperty("sessionId").GetString(), lastSequence });

        Assert.False(result.GetProperty("resumed").GetBoolean());
        await patient.Closed;
    }

    [Fact]
    public async Task A_client_that_does_not_keep_up_loses_its_session_and_nobody_elses()
    {
        var (patient, clinician) = await World.InCallAsync();
        var (second, _) = await World.JoinAsync(ParticipantRole.Patient);
        var start = second.Messages.Count;

        // The clinician and the second tab acknowledge; the first tab never does.
        for (var said = 1; said <= 500; said++)
        {
            Host.Time.Advance(TimeSpan.FromSeconds(1));
            await ClinicWorld.SayAsync(clinician, $"message {said}");
            if (said % 20 == 0)
            {
                await clinician.InvokeAsync("Acknowledge", await LastOfAsync(clinician, said));
                await second.InvokeAsync("Acknowledge", await LastOfAsync(second, said));
            }
        }
        await patient.Closed;

        await ClinicWorld.SayAsync(clinician, "still here");
        await clinician.NextAsync("chat", message => message.GetProperty("message").GetProperty("text").GetString() == "still here");
        var left = Assert.Single(clinician.Messages, message => ClinicWorld.Type(message) == "participantLeft");
        Assert.Equal("lost", left.GetProperty("reason").GetString());
        await second.NextAsync("chat", message => message.GetProperty("message").GetProperty("text").GetString() == "still here");
        Assert.False(clinician.IsClosed);
        ClinicWorld.AssertInOrder(second.Messages, start);
        Assert.Single(Host.Logs.Lines, line => line.Contains("did not keep up", StringComparison.Ordinal));

        static async Task<long> LastOfAsync(HubConnectionFixture connection, int said)
        {
            var last = await connection.NextAsync("chat", message => message.GetProperty("message").GetProperty("text").GetString() == $"message {said}");
            return last.GetProperty("sequence").GetInt64();
        }
    }

    [Fact]
    public async Task Acknowledging_what_was_never_sent_is_an_error()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);

        Assert.Equal("invalid", await patient.RefusalAsync("Acknowledge", 1));
        Assert.Equal("invalid", await patient.RefusalAsync("Acknowledge", -1));
        Assert.Null(await patient.RefusalAsync("Acknowledge", 0));
    }

    private static async Task<JsonElement> ChangeAsync(HubConnectionFixture observer, Action change)
    {
        change();
        return (await observer.NextAsync("participantChanged")).GetProperty("participant");
    }
}
