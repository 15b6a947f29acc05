using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>Twelve people in one call, with the real media node and a real socket each way for each of them.</summary>
public sealed class GroupCallTests : OwnHostTest
{
    private const int People = 12;

    [Fact]
    public async Task Twelve_people_in_one_call_all_hear_each_other()
    {
        Host.Time.Advance(TimeSpan.FromSeconds(1));
        var (patient, patientJoined) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, clinicianJoined) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", World.Consultation);
        var peers = new List<CallPeer> { await CallPeer.OpenAsync(World.Patient, patient, patientJoined), await CallPeer.OpenAsync(World.Clinician, clinician, clinicianJoined) };
        using var call = new CallPeers(peers);
        while (peers.Count < People)
        {
            var ticket = World.Another($"Person {peers.Count + 1}");
            var (guest, joined) = await World.JoinAsync(ticket);
            await clinician.InvokeAsync("LetIn", ticket.Participant);
            peers.Add(await CallPeer.OpenAsync(ticket.Participant, guest, joined));
        }

        await call.TalkUntilAsync((_, _) => true);

        Assert.All(peers, peer => Assert.Equal(People - 1, peer.Heard.Select(heard => heard.Speaker).Distinct().Count()));
    }
}
