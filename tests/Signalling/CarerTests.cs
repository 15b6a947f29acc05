using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>A carer is on the patient's side, under a name of their own, until they may not be there any more.</summary>
public sealed class CarerTests(SharedHost shared) : SharedHostTest(shared)
{
    [Fact]
    public async Task A_carer_waits_in_the_patients_place_is_let_in_and_seen_as_a_carer()
    {
        var (carer, waiting) = await World.JoinAsync(ParticipantRole.Carer);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        await clinician.InvokeAsync("Admit", World.Consultation);

        Assert.Equal("waiting", waiting.GetProperty("phase").GetString());
        Assert.Equal(0, waiting.GetProperty("participants").GetArrayLength());
        Assert.Equal("inCall", (await carer.NextAsync("phaseChanged")).GetProperty("phase").GetString());
        Assert.Equal(ClinicWorld.ClinicianName, (await carer.NextAsync("participantJoined")).GetProperty("participant").GetProperty("name").GetString());
        var happened = await Host.Web.UntilTakenAsync(
            World.Consultation, ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected);
        Assert.Equal([(World.Carer, ParticipantRole.Carer), (World.Carer, ParticipantRole.Carer)],
            new[] { happened[0], happened[3] }.Select(one => (one.Participant ?? default, one.Role ?? default)));
    }

    [Fact]
    public async Task Patient_and_carer_are_let_in_together_and_see_each_other()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var (carer, _) = await World.JoinAsync(ParticipantRole.Carer);
        var (clinician, present) = await World.JoinAsync(ParticipantRole.Clinician);

        await clinician.InvokeAsync("Admit", World.Consultation);

        Assert.Equal(["carer", "patient"], present.GetProperty("participants").EnumerateArray().Select(one => one.GetProperty("role").GetString()).Order(StringComparer.Ordinal));
        Assert.Equal(ClinicWorld.CarerName, (await patient.NextAsync("participantJoined", message => message.GetProperty("participant").GetProperty("role").GetString() == "carer")).GetProperty("participant").GetProperty("name").GetString());
        Assert.Equal(ClinicWorld.PatientName, (await carer.NextAsync("participantJoined", message => message.GetProperty("participant").GetProperty("role").GetString() == "patient")).GetProperty("participant").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_carer_who_may_not_be_there_any_more_is_sent_away_and_a_ticket_from_before_opens_nothing()
    {
        var (patient, clinician) = await World.InCallAsync();
        var (carer, joined) = await World.JoinAsync(ParticipantRole.Carer, admitted: true);
        var unused = World.Ticket(ParticipantRole.Carer, admitted: true);
        await clinician.NextAsync("participantJoined", message => message.GetProperty("participant").GetProperty("role").GetString() == "carer");

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Remove, World.Consultation, World.Carer);
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Remove, World.Consultation, World.Carer);

        Assert.Equal(World.Carer.ToString(), (await clinician.NextAsync("participantLeft")).GetProperty("participantId").GetString());
        await carer.Closed;
        var late = await Host.ConnectAsync(unused);
        Assert.Equal("not-allowed", await late.RefusalAsync("Join", new { }));
        Assert.Equal("not-allowed", await (await World.ConnectAsync(ParticipantRole.Carer, admitted: true)).RefusalAsync("Join", new { resume = new { sessionId = joined.GetProperty("sessionId").GetString(), lastSequence = 0 } }));
        // Nobody else notices more than that they left.
        await ClinicWorld.SayAsync(patient, "We go on.");
        await clinician.NextAsync("chat");
    }

    [Fact]
    public async Task Removed_before_they_came_they_do_not_get_in()
    {
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Remove, World.Consultation, World.Carer);

        var carer = await World.ConnectAsync(ParticipantRole.Carer);

        Assert.Equal("not-allowed", await carer.RefusalAsync("Join", new { }));
    }
}
