using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>Taking turns: hands that are raised, and microphones that the clinician turns off.</summary>
public sealed class HandTests(SharedHost shared) : SharedHostTest(shared)
{
    [Fact]
    public async Task A_raised_hand_is_seen_until_it_is_taken_down()
    {
        var (patient, clinician) = await World.InCallAsync();

        await patient.InvokeAsync("RaiseHand", true);
        // Once more changes nothing.
        await patient.InvokeAsync("RaiseHand", true);
        var up = await clinician.NextAsync("participantChanged");
        await patient.InvokeAsync("RaiseHand", false);
        var down = await clinician.NextAsync("participantChanged");

        Assert.Equal((true, false), (Hand(up), Hand(down)));
        Assert.Single(clinician.Messages, message => ClinicWorld.Type(message) == "participantChanged" && Hand(message));

        static bool Hand(System.Text.Json.JsonElement message) => message.GetProperty("participant").GetProperty("hand").GetBoolean();
    }

    [Fact]
    public async Task A_waiting_patient_raises_no_hand()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);

        Assert.Equal("not-allowed", await patient.RefusalAsync("RaiseHand", true));
    }

    [Fact]
    public async Task A_microphone_that_the_clinician_turned_off_is_turned_on_by_its_owner_alone()
    {
        var (patient, joined) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", World.Consultation);
        var media = await MediaSide.OpenAsync(patient, joined);

        await clinician.InvokeAsync("Mute", media.SessionId);
        var told = await patient.NextAsync("muted");
        var seen = await clinician.NextAsync("participantChanged", message => !message.GetProperty("participant").GetProperty("microphone").GetBoolean());
        // Once more: it is off already, and nobody is told again.
        await clinician.InvokeAsync("Mute", media.SessionId);
        await patient.InvokeAsync("ResumeProducer", media.Microphone);
        await clinician.NextAsync("participantChanged", message => message.GetProperty("participant").GetProperty("microphone").GetBoolean());

        Assert.Equal(ClinicWorld.ClinicianName, told.GetProperty("by").GetString());
        Assert.Equal(media.SessionId, seen.GetProperty("participant").GetProperty("sessionId").GetString());
        Assert.Single(patient.Messages, message => ClinicWorld.Type(message) == "muted");
        Assert.Equal("not-found", await clinician.RefusalAsync("Mute", Guid.NewGuid()));
    }
}
