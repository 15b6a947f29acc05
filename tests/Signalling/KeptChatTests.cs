using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>A conversation that the clinician keeps, and one that vanishes.</summary>
public sealed class KeptChatTests : OwnHostTest
{
    [Fact]
    public async Task A_kept_conversation_goes_to_Web_from_its_first_message_on_and_everybody_is_told()
    {
        var (patient, clinician) = await World.InCallAsync();
        await ClinicWorld.SayAsync(patient, "before");

        await clinician.InvokeAsync("KeepChat");
        // Once more changes nothing.
        await clinician.InvokeAsync("KeepChat");
        await ClinicWorld.SayAsync(clinician, "after");

        await patient.NextAsync("chatKept");
        await clinician.NextAsync("chatKept");
        await patient.NextAsync("chat", message => message.GetProperty("message").GetProperty("text").GetString() == "after");
        Assert.Single(patient.Messages, message => ClinicWorld.Type(message) == "chatKept");
        var told = await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
            ConsultationEventType.ChatKept, ConsultationEventType.Said, ConsultationEventType.Said);
        Assert.Equal(World.Clinician, told[4].Participant);
        Assert.Equal(
            [("before", World.Patient, ParticipantRole.Patient), ("after", World.Clinician, ParticipantRole.Clinician)],
            told.Where(happened => happened.Type == ConsultationEventType.Said).Select(happened => (happened.Text, happened.Participant ?? default, happened.Role ?? default)));
        Assert.All(told.Where(happened => happened.Type != ConsultationEventType.Said), happened => Assert.Null(happened.Text));
    }

    [Fact]
    public async Task What_is_not_kept_leaves_the_room_never()
    {
        var (patient, clinician) = await World.InCallAsync();
        await ClinicWorld.SayAsync(patient, "only for now");
        await clinician.NextAsync("chat");

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);

        var told = await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected, ConsultationEventType.Ended);
        Assert.All(told, happened => Assert.Null(happened.Text));
    }

    [Fact]
    public async Task What_is_said_while_somebody_is_on_hold_is_not_kept_since_they_would_read_it()
    {
        var (patient, clinician) = await World.InCallAsync();
        await clinician.InvokeAsync("Hold", World.Patient);
        await ClinicWorld.SayAsync(clinician, "aside, before");
        await clinician.InvokeAsync("KeepChat");
        await ClinicWorld.SayAsync(clinician, "aside, after");
        await clinician.InvokeAsync("Resume", World.Patient);
        await patient.NextAsync("chatKept");

        await ClinicWorld.SayAsync(clinician, "for both");

        var told = await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
            ConsultationEventType.Held, ConsultationEventType.ChatKept, ConsultationEventType.Resumed, ConsultationEventType.Said);
        Assert.Equal("for both", told[^1].Text);
    }

    [Fact]
    public async Task Who_joins_or_is_let_in_later_knows_that_the_messages_are_kept()
    {
        var (patient, joined) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("KeepChat");

        await clinician.InvokeAsync("Admit", World.Consultation);

        Assert.False(joined.GetProperty("chatKept").GetBoolean());
        await patient.NextAsync("chatKept");
        var (_, again) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);
        Assert.True(again.GetProperty("chatKept").GetBoolean());
    }

    [Fact]
    public async Task A_node_that_knows_nothing_of_the_choice_learns_it_from_the_ticket()
    {
        var ticket = World.Ticket(ParticipantRole.Clinician, admitted: true) with { ChatKept = true };
        var clinician = await Host.ConnectAsync(ticket);
        var joined = await clinician.InvokeAsync("Join", new { });

        await ClinicWorld.SayAsync(clinician, "still kept");

        Assert.True(joined.GetProperty("chatKept").GetBoolean());
        var told = await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Connected, ConsultationEventType.Said);
        Assert.Equal("still kept", told[^1].Text);
    }

    [Fact]
    public async Task A_long_conversation_goes_in_batches_that_Web_can_read()
    {
        var (patient, clinician) = await World.InCallAsync();
        for (var said = 0; said < 30; said++)
        {
            await ClinicWorld.SayAsync(patient, new string('\u00e9', 2000));
            Host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await clinician.InvokeAsync("KeepChat");

        await Host.Web.UntilTakenAsync(
            World.Consultation,
            [ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
                ConsultationEventType.ChatKept, .. Enumerable.Repeat(ConsultationEventType.Said, 30)]);
        Assert.All(Host.Web.Attempts, attempt => Assert.InRange(attempt.Body.Length, 1, 256 * 1024));
    }

    [Fact]
    public async Task Nobody_but_the_clinician_keeps_it_and_nobody_after_its_end()
    {
        var (patient, clinician) = await World.InCallAsync();

        Assert.Equal("not-allowed", await patient.RefusalAsync("KeepChat"));
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);
        await clinician.NextAsync("ended");

        Assert.Equal("not-allowed", await clinician.RefusalAsync("KeepChat"));
    }
}
