using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class PrivacyTests : OwnHostTest
{
    [Fact]
    public async Task No_name_message_ticket_or_address_reaches_a_log_however_loud_it_is()
    {
        const string Said = "a very private sentence";
        var ticket = World.Ticket(ParticipantRole.Patient);
        var token = TestTickets.Mint(ticket, Host.Time.GetUtcNow());
        var patient = await Host.ConnectAsync(World.Clinic, token);
        await patient.InvokeAsync("Join", new { });
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", World.Consultation);
        await clinician.InvokeAsync("KeepChat");
        await ClinicWorld.SayAsync(patient, Said);
        await clinician.NextAsync("chat");
        await Assert.ThrowsAsync<HubCallException>(() => patient.InvokeRawAsync("SendChat", $$"""[{"clientId":"{{Said}}","text":"{{Said}}"}]"""));
        await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = Said + "\u0007" });
        await patient.RefusalAsync("NoSuchMethod", Said);
        await Host.RefusalAsync(World.Clinic, token);
        await Host.RefusalAsync(World.Clinic, "not.a.ticket");
        await TestCommands.PostAsync(Host, World.Clinic, [1], "t=1,k=x,v1=y");
        await patient.SendRawAsync($"garbage {Said}");
        await patient.Closed;
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);
        await clinician.NextAsync("ended");
        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
            ConsultationEventType.ChatKept, ConsultationEventType.Said, ConsultationEventType.Ended);

        var lines = Host.Logs.Lines;

        Assert.NotEmpty(lines);
        foreach (var secret in new[]
        {
            ClinicWorld.PatientName, ClinicWorld.ClinicianName, "Featherstonehaugh", Said, "private", token, token.Split('.')[1], "access_token", "not.a.ticket",
            World.Patient.ToString(), TestTickets.Key.Secret,
        })
        {
            Assert.DoesNotContain(lines, line => line.Contains(secret, StringComparison.OrdinalIgnoreCase));
        }
        // Where the service itself listens may be said; who calls from where may not.
        Assert.DoesNotContain(lines, line => line.Contains("127.0.0.1", StringComparison.Ordinal) && !line.Contains("Now listening on", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_refused_ticket_is_logged_with_its_reason()
    {
        await Host.RefusalAsync(World.Clinic, TestTickets.Mint(World.Ticket(ParticipantRole.Patient), Host.Time.GetUtcNow(), key: TestTickets.MakeKey("key-9")));

        Assert.Single(Host.Logs.Lines, line => line.StartsWith("Warning", StringComparison.Ordinal) && line.Contains("A ticket was refused: NotFromWeb.", StringComparison.Ordinal));
    }
}
