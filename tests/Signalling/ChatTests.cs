using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class ChatTests : HostedTest
{
    [Fact]
    public async Task A_message_reaches_the_other_side_and_its_sender()
    {
        var (patient, clinician) = await World.InCallAsync();

        var clientId = await ClinicWorld.SayAsync(patient, "  It began on Monday.\nIt hurts — 🤕  ");

        var heard = (await clinician.NextAsync("chat")).GetProperty("message");
        var receipt = (await patient.NextAsync("chat")).GetProperty("message");
        Assert.Equal("It began on Monday.\nIt hurts — 🤕", heard.GetProperty("text").GetString());
        Assert.Equal(clientId.ToString(), receipt.GetProperty("clientId").GetString());
        Assert.Equal(heard.GetProperty("id").GetString(), receipt.GetProperty("id").GetString());
        Assert.Equal(ClinicWorld.PatientName, heard.GetProperty("name").GetString());
        Assert.Equal("patient", heard.GetProperty("role").GetString());
        Assert.Equal(World.Patient.ToString(), heard.GetProperty("participantId").GetString());
        Assert.Equal(Host.Time.GetUtcNow(), heard.GetProperty("at").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_message_sent_again_is_shown_once()
    {
        var (patient, clinician) = await World.InCallAsync();
        var clientId = Guid.NewGuid();

        Assert.Null(await patient.RefusalAsync("SendChat", new { clientId, text = "once" }));
        Assert.Null(await patient.RefusalAsync("SendChat", new { clientId, text = "once" }));
        // The other side's client may happen on the same id.
        Assert.Null(await clinician.RefusalAsync("SendChat", new { clientId, text = "mine" }));

        await patient.NextAsync("chat", message => message.GetProperty("message").GetProperty("text").GetString() == "mine");
        Assert.Equal(2, patient.Messages.Count(message => ClinicWorld.Type(message) == "chat"));
    }

    [Fact]
    public async Task A_waiting_patient_neither_writes_nor_reads_and_reads_it_all_once_admitted()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        Assert.Equal("not-allowed", await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "Hello?" }));
        await ClinicWorld.SayAsync(clinician, "I will be with you soon.");
        await clinician.InvokeAsync("Admit", World.Consultation);

        await patient.NextAsync("chat");
        Assert.Equal(["phaseChanged", "participantJoined", "chat"], patient.Messages.Select(ClinicWorld.Type));
    }

    [Fact]
    public async Task A_refreshed_page_has_the_conversation()
    {
        var (patient, _) = await World.InCallAsync();
        await ClinicWorld.SayAsync(patient, "first");
        Host.Time.Advance(TimeSpan.FromSeconds(2));
        await ClinicWorld.SayAsync(patient, "second");

        var (_, result) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);

        Assert.Equal(["first", "second"], result.GetProperty("chat").EnumerateArray().Select(message => message.GetProperty("text").GetString()));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   \n ")]
    [InlineData("bell\u0007")]
    [InlineData("null\u0000")]
    [InlineData("escape\u001b[2J")]
    public async Task Text_that_cannot_be_shown_is_refused(string text)
    {
        var (patient, _) = await World.InCallAsync();

        Assert.Equal("invalid", await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text }));
    }

    [Fact]
    public async Task Text_is_at_most_2000_characters_after_trimming()
    {
        var (patient, clinician) = await World.InCallAsync();

        Assert.Equal("invalid", await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = new string('x', 2001) }));
        Assert.Null(await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = " " + new string('x', 2000) + " " }));

        Assert.Equal(2000, (await clinician.NextAsync("chat")).GetProperty("message").GetProperty("text").GetString()?.Length);
    }

    [Fact]
    public async Task Chat_has_a_bucket_of_its_own()
    {
        var (patient, _) = await World.InCallAsync();

        for (var said = 0; said < 5; said++)
            Assert.Null(await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "quick" }));
        Assert.Equal("too-many", await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "too quick" }));
        Assert.Null(await patient.RefusalAsync("Acknowledge", 0));
        Host.Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "slower" }));
        Assert.Equal("too-many", await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "too quick" }));
    }

    [Fact]
    public async Task Sixty_calls_at_once_and_twenty_a_second_are_allowed_on_a_connection()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        for (var call = 1; call < 60; call++)
            Assert.Null(await patient.RefusalAsync("Acknowledge", 0));
        Assert.Equal("too-many", await patient.RefusalAsync("Acknowledge", 0));
        Assert.Null(await clinician.RefusalAsync("Acknowledge", 0));
        Host.Time.Advance(TimeSpan.FromSeconds(1));

        for (var call = 0; call < 20; call++)
            Assert.Null(await patient.RefusalAsync("Acknowledge", 0));
        Assert.Equal("too-many", await patient.RefusalAsync("Acknowledge", 0));
    }
}
