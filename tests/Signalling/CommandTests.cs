using System.Net;
using System.Text;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class CommandTests(SharedHost shared) : SharedHostTest(shared)
{
    [Theory]
    [InlineData(ClinicCommandType.Finish, "finished")]
    [InlineData(ClinicCommandType.Cancel, "cancelled")]
    public async Task Ending_a_consultation_tells_everyone_and_lets_nobody_in_again(ClinicCommandType command, string reason)
    {
        var (patient, clinician) = await World.InCallAsync();

        await TestCommands.SendAsync(Host, World.Clinic, command, World.Consultation);

        Assert.Equal(reason, (await patient.NextAsync("ended")).GetProperty("reason").GetString());
        Assert.Equal(reason, (await clinician.NextAsync("ended")).GetProperty("reason").GetString());
        Assert.Equal("not-allowed", await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "Wait!" }));
        Assert.Null(await patient.RefusalAsync("Acknowledge", patient.Messages[^1].GetProperty("sequence").GetInt64()));
        Assert.Equal("ended", await patient.RefusalAsync("Join", new { }));
        var late = await World.ConnectAsync(ParticipantRole.Patient, admitted: true);
        Assert.Equal("ended", await late.RefusalAsync("Join", new { }));
        Assert.Equal("ended", await clinician.RefusalAsync("Admit", World.Consultation));
        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected, ConsultationEventType.Ended);
    }

    [Fact]
    public async Task A_cancelled_appointments_patient_does_not_stay_in_the_waiting_room()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Cancel, World.Consultation);

        await patient.NextAsync("ended");
        await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Waiting, ConsultationEventType.Ended);
    }

    [Fact]
    public async Task Ending_twice_changes_nothing_more()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Cancel, World.Consultation);
        var other = new ClinicWorld(Host);
        await other.JoinAsync(ParticipantRole.Patient);
        await Host.Web.UntilTakenAsync(other.Consultation, ConsultationEventType.Waiting);

        await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Waiting, ConsultationEventType.Ended);
        Assert.Equal("finished", (await patient.NextAsync("ended")).GetProperty("reason").GetString());
        Assert.Single(patient.Messages);
    }

    [Fact]
    public async Task A_consultation_cancelled_before_anybody_came_lets_nobody_in()
    {
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Cancel, World.Consultation);
        var patient = await World.ConnectAsync(ParticipantRole.Patient);

        Assert.Equal("ended", await patient.RefusalAsync("Join", new { }));
    }

    [Fact]
    public async Task Ending_one_consultation_leaves_the_others_of_the_clinic_alone()
    {
        var (patient, clinician) = await World.InCallAsync();

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, new ConsultationId(Guid.NewGuid()));
        await ClinicWorld.SayAsync(clinician, "Still in the call.");

        await patient.NextAsync("chat");
        Assert.DoesNotContain(patient.Messages, message => ClinicWorld.Type(message) == "ended");
    }

    [Fact]
    public async Task A_lost_page_that_comes_back_after_the_end_is_told()
    {
        var (patient, first) = await World.JoinAsync(ParticipantRole.Patient);
        patient.Abort();
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);
        var back = await World.ConnectAsync(ParticipantRole.Patient);

        Assert.Equal("ended", await back.RefusalAsync("Join", new { resume = new { sessionId = first.GetProperty("sessionId").GetString(), lastSequence = 0 } }));
    }

    [Fact]
    public async Task A_forged_command_is_refused_and_changes_nothing()
    {
        var (patient, clinician) = await World.InCallAsync();
        var body = Body();
        var now = Host.Time.GetUtcNow();
        var good = MessageSignature.Sign(TestTickets.Key, body, now);

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(body, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(body, "nonsense"));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(body, MessageSignature.Sign(TestTickets.MakeKey(TestTickets.Key.Id), body, now)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(body, MessageSignature.Sign(TestTickets.MakeKey("key-9"), body, now)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(body, MessageSignature.Sign(TestTickets.Key, body, now - TimeSpan.FromMinutes(6))));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync([.. body, (byte)' '], good));
        Assert.Equal(HttpStatusCode.BadRequest, await TestCommands.PostAsync(Host, new ClinicId(Guid.NewGuid()), body, good));

        await ClinicWorld.SayAsync(clinician, "Nothing happened.");
        await patient.NextAsync("chat");
        Assert.DoesNotContain(patient.Messages, message => ClinicWorld.Type(message) == "ended");
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("""{"type":"destroy"}""")]
    [InlineData("""{"type":7,"clinic":"CLINIC","consultation":"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11"}""")]
    [InlineData("""{"type":"finish","clinic":"CLINIC"}""")]
    [InlineData("""{"type":"cancel","clinic":"CLINIC","consultation":"all"}""")]
    [InlineData("""{"type":"signOut","clinic":"CLINIC"}""")]
    [InlineData("""{"type":"signOut","clinic":"CLINIC","signIn":"all"}""")]
    [InlineData("""{"type":"remove","clinic":"CLINIC","consultation":"8d4f62c1-5ac4-4ef8-8b5c-64c1a0fd7d11"}""")]
    public async Task A_signed_body_that_is_no_command_is_a_bad_request(string text)
    {
        var body = Encoding.UTF8.GetBytes(text.Replace("CLINIC", World.Clinic.ToString(), StringComparison.Ordinal));

        Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(body, MessageSignature.Sign(TestTickets.Key, body, Host.Time.GetUtcNow())));
    }

    [Fact]
    public async Task A_body_over_64_KB_is_refused()
    {
        var body = new byte[(64 * 1024) + 1];

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await PostAsync(body, MessageSignature.Sign(TestTickets.Key, body, Host.Time.GetUtcNow())));
    }

    [Fact]
    public async Task The_service_says_that_it_is_healthy()
    {
        using var client = Host.CreateClient();

        Assert.Equal("Healthy", await client.GetStringAsync("health", TestContext.Current.CancellationToken));
    }

    private byte[] Body() => JsonSerializer.SerializeToUtf8Bytes(
        new ClinicCommand(Guid.NewGuid(), ClinicCommandType.Finish, World.Clinic, World.Consultation, Host.Time.GetUtcNow()), ContractsJson.Default.ClinicCommand);

    private Task<HttpStatusCode> PostAsync(byte[] body, string? signature) => TestCommands.PostAsync(Host, World.Clinic, body, signature);
}
