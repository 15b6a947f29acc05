using System.Text.Json;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>What the clinician decides of the people in the room: hold, private talks, removing and the lock.</summary>
public sealed class RoomTests(SharedHost shared) : SharedHostTest(shared)
{
    [Fact]
    public async Task On_hold_a_person_sees_nobody_and_reads_nothing_and_comes_back_to_what_is_theirs()
    {
        var (patient, clinician) = await World.InCallAsync();
        var (guest, _) = await LetInAsync(clinician);
        await ClinicWorld.SayAsync(clinician, "All of you.");
        await patient.NextAsync("chat");

        await clinician.InvokeAsync("Hold", World.Patient);
        await patient.NextAsync("phaseChanged", message => Phase(message) == "onHold");
        await ClinicWorld.SayAsync(guest, "Not for the patient.");
        await guest.InvokeAsync("RaiseHand", true);
        var seen = await guest.NextAsync("participantChanged", message => Is(message, World.Patient));
        Assert.Equal("not-allowed", await patient.RefusalAsync("SendChat", new { clientId = Guid.NewGuid(), text = "Can you hear me?" }));
        Assert.Equal("not-allowed", await patient.RefusalAsync("RaiseHand", true));
        var (refreshed, onHold) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);
        await clinician.InvokeAsync("Resume", World.Patient);
        await patient.NextAsync("phaseChanged", message => Phase(message) == "inCall");
        await ClinicWorld.SayAsync(clinician, "Welcome back.");
        await patient.NextAsync("chat", message => Text(message) == "Welcome back.");
        await refreshed.NextAsync("chat", message => Text(message) == "Welcome back.");

        Assert.Equal("onHold", seen.GetProperty("participant").GetProperty("phase").GetString());
        Assert.Equal(("onHold", 0, 0), (onHold.GetProperty("phase").GetString(), onHold.GetProperty("participants").GetArrayLength(), onHold.GetProperty("chat").GetArrayLength()));
        Assert.DoesNotContain(patient.Messages.Concat(refreshed.Messages), message => ClinicWorld.Type(message) == "chat" && Text(message) == "Not for the patient.");
        Assert.DoesNotContain(patient.Messages.SkipWhile(message => !(ClinicWorld.Type(message) == "phaseChanged" && Phase(message) == "onHold")).TakeWhile(message => !(ClinicWorld.Type(message) == "phaseChanged" && Phase(message) == "inCall")),
            message => ClinicWorld.Type(message) is "participantChanged" or "participantJoined" or "chat");
        Assert.Equal(["guest", "clinician"], patient.Messages.SkipWhile(message => !(ClinicWorld.Type(message) == "phaseChanged" && Phase(message) == "onHold"))
            .Where(message => ClinicWorld.Type(message) == "participantJoined").Select(message => message.GetProperty("participant").GetProperty("role").GetString()).OrderDescending(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Not_a_packet_reaches_or_leaves_whoever_is_on_hold_and_sound_comes_back_afterwards()
    {
        var (patient, patientJoined) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, clinicianJoined) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", World.Consultation);
        var (colleague, colleagueJoined) = await LetInAsync(clinician);
        var held = await CallPeer.OpenAsync(World.Patient, patient, patientJoined);
        using var call = new CallPeers(
            [held, await CallPeer.OpenAsync(World.Clinician, clinician, clinicianJoined), await CallPeer.OpenAsync(World.Guest, colleague, colleagueJoined)]);
        await call.TalkUntilAsync((_, _) => true);

        foreach (var (aside, back) in new[] { (("Hold", World.Patient), ("Resume", (ParticipantId?)World.Patient)), (("Huddle", World.Guest), ("EndHuddle", null)) })
        {
            await clinician.InvokeAsync(aside.Item1, aside.Item2);
            // The patient speaks on. What the other two say meanwhile they hear from each other alone.
            var since = await call.TalkUntilAsync((listener, speaker) => listener != held && speaker != held);
            Assert.DoesNotContain(held.Heard, heard => heard.Said >= since);
            await (back.Item2 is { } person ? clinician.InvokeAsync(back.Item1, person) : clinician.InvokeAsync(back.Item1));
            var after = await call.TalkUntilAsync((_, _) => true);
            foreach (var listener in new[] { clinician, colleague })
                Assert.DoesNotContain(call.Of(listener).Heard, heard => heard.Speaker == World.Patient && heard.Said >= since && heard.Said < after);
            Assert.DoesNotContain(held.Heard, heard => heard.Said >= since && heard.Said < after);
        }
    }

    [Fact]
    public async Task A_private_talk_is_its_own_all_others_wait_and_also_whoever_comes_meanwhile()
    {
        var (patient, clinician) = await World.InCallAsync();
        var (colleague, _) = await LetInAsync(clinician);

        await clinician.InvokeAsync("Huddle", World.Guest);
        await patient.NextAsync("phaseChanged", message => Phase(message) == "onHold");
        var (carer, came) = await World.JoinAsync(ParticipantRole.Carer, admitted: true);
        await ClinicWorld.SayAsync(clinician, "What do you think?");
        await colleague.NextAsync("chat", message => Text(message) == "What do you think?");
        await clinician.InvokeAsync("EndHuddle");
        await clinician.InvokeAsync("EndHuddle");
        await carer.NextAsync("phaseChanged", message => Phase(message) == "inCall");
        var (late, joined) = await World.JoinAsync(World.Another("Late Lately (student)", admitted: true));
        await ClinicWorld.SayAsync(clinician, "Everybody again.");
        foreach (var person in new[] { patient, carer, late, colleague })
            await person.NextAsync("chat", message => Text(message) == "Everybody again.");

        Assert.Equal("onHold", came.GetProperty("phase").GetString());
        Assert.Equal(0, joined.GetProperty("chat").GetArrayLength());
        foreach (var person in new[] { patient, carer, late })
            Assert.DoesNotContain(person.Messages, message => ClinicWorld.Type(message) == "chat" && Text(message) == "What do you think?");
        Assert.Equal([true, false], clinician.Messages.Where(message => ClinicWorld.Type(message) == "roomChanged").Select(message => message.GetProperty("room").GetProperty("huddle").GetBoolean()));
        Assert.DoesNotContain(patient.Messages, message => ClinicWorld.Type(message) == "roomChanged");
    }

    [Fact]
    public async Task Whoever_was_removed_does_not_come_back_before_they_are_let_back()
    {
        var (patient, clinician) = await World.InCallAsync();
        var (guest, joined) = await LetInAsync(clinician);
        var unused = World.Ticket(ParticipantRole.Guest, admitted: true);

        await clinician.InvokeAsync("Remove", World.Guest);
        await clinician.InvokeAsync("Remove", World.Guest);
        await guest.Closed;
        await patient.NextAsync("participantLeft");
        Assert.Equal("removed", await (await Host.ConnectAsync(unused)).RefusalAsync("Join", new { }));
        Assert.Equal("removed", await (await World.ConnectAsync(ParticipantRole.Guest, admitted: true)).RefusalAsync("Join", new { resume = new { sessionId = joined.GetProperty("sessionId").GetString(), lastSequence = 0 } }));
        var told = await clinician.NextAsync("roomChanged");
        await clinician.InvokeAsync("Readmit", World.Guest);
        var (_, again) = await World.JoinAsync(ParticipantRole.Guest);

        Assert.Equal(ClinicWorld.GuestName, Assert.Single(told.GetProperty("room").GetProperty("removed").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("waiting", again.GetProperty("phase").GetString());
        var happened = await Host.Web.UntilTakenAsync(
            World.Consultation, ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected, ConsultationEventType.Connected,
            ConsultationEventType.LetIn, ConsultationEventType.Disconnected, ConsultationEventType.Removed, ConsultationEventType.Readmitted);
        Assert.All(happened.TakeLast(4), one => Assert.Equal(World.Guest, one.Participant));
    }

    [Fact]
    public async Task A_locked_call_lets_nobody_new_in_but_the_clinician_and_whoever_was_there()
    {
        var (patient, clinician) = await World.InCallAsync();

        await clinician.InvokeAsync("Lock", true);
        Assert.Equal("locked", await (await World.ConnectAsync(ParticipantRole.Carer, admitted: true)).RefusalAsync("Join", new { }));
        Assert.Equal("locked", await (await World.ConnectAsync(ParticipantRole.Guest)).RefusalAsync("Join", new { }));
        await patient.InvokeAsync("Leave");
        var (_, patientAgain) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);
        var (_, clinicianAgain) = await World.JoinAsync(ParticipantRole.Clinician, admitted: true);
        await clinician.InvokeAsync("Lock", false);
        var (_, guest) = await World.JoinAsync(ParticipantRole.Guest);

        Assert.Equal("inCall", patientAgain.GetProperty("phase").GetString());
        Assert.True(clinicianAgain.GetProperty("room").GetProperty("locked").GetBoolean());
        Assert.False(patientAgain.TryGetProperty("room", out _));
        Assert.Equal("waiting", guest.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task Nothing_is_locked_before_there_is_a_call_and_nobody_is_taken_aside_who_waits()
    {
        await World.JoinAsync(ParticipantRole.Patient);
        await World.JoinAsync(ParticipantRole.Guest);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        Assert.Equal("conflict", await clinician.RefusalAsync("Lock", true));
        Assert.Equal("conflict", await clinician.RefusalAsync("Huddle", World.Guest));
        await clinician.InvokeAsync("Admit", World.Consultation);
        Assert.Equal("conflict", await clinician.RefusalAsync("Huddle", World.Guest));
        foreach (var method in new[] { "LetIn", "Hold", "Resume", "Remove", "Readmit", "Huddle" })
        {
            Assert.Equal("not-found", await clinician.RefusalAsync(method, World.Clinician));
            Assert.Equal("not-found", await clinician.RefusalAsync(method, new ParticipantId(Guid.NewGuid())));
        }
    }

    [Fact]
    public async Task A_node_that_lost_its_memory_believes_the_tickets()
    {
        var removed = new RemovedPerson(World.Guest, ParticipantRole.Guest, ClinicWorld.GuestName);
        var (patient, held) = await World.JoinAsync(World.Ticket(ParticipantRole.Patient, new RoomDecisions(true, true, null, [])));
        var (clinician, joined) = await World.JoinAsync(World.Ticket(ParticipantRole.Clinician, new RoomDecisions(false, true, null, [removed])));

        Assert.Equal("onHold", held.GetProperty("phase").GetString());
        var room = joined.GetProperty("room");
        Assert.True(room.GetProperty("locked").GetBoolean());
        Assert.Equal(World.Guest.ToString(), Assert.Single(room.GetProperty("removed").EnumerateArray()).GetProperty("participantId").GetString());
        Assert.Equal("locked", await (await World.ConnectAsync(ParticipantRole.Carer, admitted: true)).RefusalAsync("Join", new { }));
        Assert.Equal("removed", await (await World.ConnectAsync(ParticipantRole.Guest, admitted: true)).RefusalAsync("Join", new { }));
        // What is decided here is newer than any ticket.
        await clinician.InvokeAsync("Resume", World.Patient);
        await patient.NextAsync("phaseChanged", message => Phase(message) == "inCall");
        var (_, again) = await World.JoinAsync(World.Ticket(ParticipantRole.Patient, new RoomDecisions(true, true, null, [])));
        Assert.Equal("inCall", again.GetProperty("phase").GetString());
    }

    [Fact]
    public async Task A_private_talk_goes_on_at_another_node()
    {
        var (_, colleague) = await World.JoinAsync(World.Ticket(ParticipantRole.Guest, new RoomDecisions(false, false, true, [])));
        var (patient, held) = await World.JoinAsync(World.Ticket(ParticipantRole.Patient, new RoomDecisions(false, false, false, [])));
        var (clinician, joined) = await World.JoinAsync(World.Ticket(ParticipantRole.Clinician, new RoomDecisions(false, false, true, [])));

        Assert.Equal(("waiting", "onHold"), (colleague.GetProperty("phase").GetString(), held.GetProperty("phase").GetString()));
        Assert.Equal(["inCall", "onHold"], joined.GetProperty("participants").EnumerateArray().Select(one => one.GetProperty("phase").GetString()).Order(StringComparer.Ordinal));
        await clinician.InvokeAsync("EndHuddle");
        await patient.NextAsync("phaseChanged", message => Phase(message) == "inCall");
    }

    private static string? Phase(JsonElement message) => message.GetProperty("phase").GetString();

    private static string? Text(JsonElement message) => message.GetProperty("message").GetProperty("text").GetString();

    private static bool Is(JsonElement message, ParticipantId person) => message.GetProperty("participant").GetProperty("participantId").GetString() == person.ToString();

    /// <summary>A guest who is let in.</summary>
    private async Task<(HubConnectionFixture Connection, JsonElement Joined)> LetInAsync(HubConnectionFixture clinician)
    {
        var (guest, joined) = await World.JoinAsync(ParticipantRole.Guest);
        await clinician.InvokeAsync("LetIn", World.Guest);
        await guest.NextAsync("phaseChanged", message => Phase(message) == "inCall");
        return (guest, joined);
    }
}
