using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>A guest waits along, is let in by themself and never before the patient.</summary>
public sealed class GuestTests(SharedHost shared) : SharedHostTest(shared)
{
    [Fact]
    public async Task A_guest_is_let_in_by_themself_and_all_see_who_they_are()
    {
        var (guest, waiting) = await World.JoinAsync(ParticipantRole.Guest);
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, present) = await World.JoinAsync(ParticipantRole.Clinician);

        await clinician.InvokeAsync("Admit", World.Consultation);
        await patient.NextAsync("phaseChanged", message => message.GetProperty("phase").GetString() == "inCall");
        Assert.Equal("not-allowed", await guest.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "Hello?" }));
        Assert.DoesNotContain(patient.Messages, message => ClinicWorld.Type(message) == "participantJoined" && message.GetProperty("participant").GetProperty("role").GetString() == "guest");
        await clinician.InvokeAsync("LetIn", World.Guest);
        // Once more changes nothing.
        await clinician.InvokeAsync("LetIn", World.Guest);

        Assert.Equal("waiting", waiting.GetProperty("phase").GetString());
        Assert.Equal(["guest", "patient"], present.GetProperty("participants").EnumerateArray().Select(one => one.GetProperty("role").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal("inCall", (await guest.NextAsync("phaseChanged", message => message.GetProperty("phase").GetString() == "inCall")).GetProperty("phase").GetString());
        Assert.Equal(ClinicWorld.GuestName, (await patient.NextAsync("participantJoined", message => message.GetProperty("participant").GetProperty("role").GetString() == "guest")).GetProperty("participant").GetProperty("name").GetString());
        await ClinicWorld.SayAsync(guest, "Bom dia");
        await patient.NextAsync("chat");
        Assert.Equal("inCall", (await clinician.NextAsync("participantChanged", message => message.GetProperty("participant").GetProperty("role").GetString() == "guest")).GetProperty("participant").GetProperty("phase").GetString());
        var happened = await Host.Web.UntilTakenAsync(
            World.Consultation, ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
            ConsultationEventType.Connected, ConsultationEventType.LetIn);
        Assert.Equal((World.Guest, ParticipantRole.Guest), (happened[^1].Participant ?? default, happened[^1].Role ?? default));
    }

    [Fact]
    public async Task A_guest_alone_is_nobody_to_let_in_and_takes_no_place_in_the_waiting_room()
    {
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff));
        await World.JoinAsync(ParticipantRole.Guest);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        Assert.Equal("not-found", await clinician.RefusalAsync("Admit", World.Consultation));
        Assert.Equal(0, (await board.InvokeAsync("WatchBoard")).GetProperty("rows").GetArrayLength());
    }

    [Fact]
    public async Task A_guest_whose_ticket_says_admitted_is_not_in_the_room_before_the_patient_is_back()
    {
        // A node that lost its memory: Web still says that the patient had been let in.
        var (guest, joined) = await World.JoinAsync(ParticipantRole.Guest, admitted: true);
        Assert.Equal("waiting", joined.GetProperty("phase").GetString());
        Assert.Equal("not-allowed", await guest.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "Hello?" }));

        await World.JoinAsync(ParticipantRole.Patient, admitted: true);

        await guest.NextAsync("phaseChanged", message => message.GetProperty("phase").GetString() == "inCall");
    }

    [Fact]
    public async Task Whoever_was_let_in_before_is_in_the_call_at_once_and_Web_hears_who_was_there()
    {
        var (patient, clinician) = await World.InCallAsync();

        var (guest, joined) = await World.JoinAsync(ParticipantRole.Guest, admitted: true);
        await guest.InvokeAsync("Leave");

        Assert.Equal("inCall", joined.GetProperty("phase").GetString());
        await patient.NextAsync("participantJoined", message => message.GetProperty("participant").GetProperty("role").GetString() == "guest");
        await clinician.NextAsync("participantLeft");
        var happened = await Host.Web.UntilTakenAsync(
            World.Consultation, ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
            ConsultationEventType.Connected, ConsultationEventType.Disconnected);
        Assert.All(happened.TakeLast(2), one => Assert.Equal((World.Guest, ParticipantRole.Guest), (one.Participant ?? default, one.Role ?? default)));
    }

    [Theory]
    [InlineData("Admit")]
    [InlineData("WatchBoard")]
    public async Task A_guest_lets_nobody_in_and_sees_no_board(string method)
    {
        var (guest, _) = await World.JoinAsync(ParticipantRole.Guest);

        Assert.Equal("not-allowed", method == "Admit" ? await guest.RefusalAsync(method, World.Consultation) : await guest.RefusalAsync(method));
    }
}
