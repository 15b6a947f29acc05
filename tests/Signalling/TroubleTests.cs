using System.Text.Json;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>Who fails to take part: what the pages and Web are told, and when the telephone is offered. No packet comes from any page here.</summary>
public sealed class TroubleTests : OwnHostTest
{
    [Fact]
    public async Task After_20_s_without_media_both_sides_are_offered_the_telephone_and_Web_hears_of_both()
    {
        var (patient, clinician) = await World.InCallAsync();

        await Host.PassTimeUntilAsync(web => Began(web, CallTrouble.NoMedia).Count == 2);

        foreach (var side in new[] { patient, clinician })
            await side.NextAsync("telephoneChanged", message => message.GetProperty("telephone").GetString() == "offered");
        Assert.Equal([(World.Clinician, ParticipantRole.Clinician), (World.Patient, ParticipantRole.Patient)],
            Began(Host.Web, CallTrouble.NoMedia).Select(e => (e.Participant ?? default, e.Role ?? default)).OrderBy(each => each.Item2 != ParticipantRole.Clinician));
        var admitted = Host.Web.Taken.Single(e => e.Type == ConsultationEventType.Admitted).At;
        Assert.All(Began(Host.Web, CallTrouble.NoMedia), e => Assert.True(e.At - admitted >= TimeSpan.FromSeconds(18)));
        var (_, again) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);
        Assert.Equal("offered", again.GetProperty("telephone").GetString());
    }

    [Theory]
    [InlineData(ParticipantRole.Patient)]
    [InlineData(ParticipantRole.Clinician)]
    public async Task Either_side_changes_to_the_telephone_for_both_and_back_again(ParticipantRole role)
    {
        var (patient, clinician) = await World.InCallAsync();
        var (chooser, other) = role == ParticipantRole.Patient ? (patient, clinician) : (clinician, patient);

        await chooser.InvokeAsync("UseTelephone", true);
        await chooser.InvokeAsync("UseTelephone", true);
        await other.NextAsync("telephoneChanged", message => message.GetProperty("telephone").GetString() == "chosen");
        await other.InvokeAsync("UseTelephone", false);
        await chooser.NextAsync("telephoneChanged", message => message.GetProperty("telephone").GetString() == "none");

        await Host.Web.UntilAsync(web => Steps(web).Count == 2);
        Assert.Equal([CallStep.Telephone, CallStep.Video], Steps(Host.Web).Select(e => e.Step ?? default));
        Assert.All(Steps(Host.Web), e => Assert.Null(e.Direction));
        Assert.Equal(role, Steps(Host.Web)[0].Role);
    }

    [Fact]
    public async Task On_the_telephone_nobody_misses_sound_or_picture()
    {
        var (patient, _) = await World.InCallAsync();
        await patient.InvokeAsync("UseTelephone", true);
        Host.Time.Advance(TimeSpan.FromMinutes(3));
        var other = new ClinicWorld(Host);
        await other.InCallAsync();

        await Host.PassTimeUntilAsync(web => web.Taken.Any(e => e.Consultation == other.Consultation && e.Trouble == CallTrouble.NoMedia));

        Assert.DoesNotContain(Host.Web.Taken, e => e.Consultation == World.Consultation && e.Type == ConsultationEventType.TroubleBegan);
    }

    [Fact]
    public async Task Nobody_changes_to_the_telephone_before_the_patient_is_let_in()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        Assert.Equal("not-allowed", await patient.RefusalAsync("UseTelephone", true));
        Assert.Equal("not-allowed", await clinician.RefusalAsync("UseTelephone", true));
    }

    [Fact]
    public async Task A_node_that_lost_its_memory_learns_from_the_ticket_that_they_talk_by_telephone()
    {
        var connection = await Host.ConnectAsync(World.Ticket(ParticipantRole.Patient, admitted: true) with { Telephone = true });

        var joined = await connection.InvokeAsync("Join", new { });

        Assert.Equal("chosen", joined.GetProperty("telephone").GetString());
    }

    [Fact]
    public async Task A_blocked_camera_is_told_once_and_so_is_its_end_in_the_waiting_room_too()
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);

        await patient.InvokeAsync("ReportDevices", new { microphone = true, camera = false });
        await patient.InvokeAsync("ReportDevices", new { microphone = true, camera = false });
        await patient.InvokeAsync("ReportDevices", new { microphone = false, camera = true });

        await Host.Web.UntilAsync(web => web.Taken.Count(e => e.Trouble is not null) == 3);
        Assert.Equal(
            [(ConsultationEventType.TroubleBegan, CallTrouble.Camera), (ConsultationEventType.TroubleEnded, CallTrouble.Camera), (ConsultationEventType.TroubleBegan, CallTrouble.Microphone)],
            Host.Web.Taken.Where(e => e.Trouble is not null).Select(e => (e.Type, e.Trouble ?? default)));
    }

    [Fact]
    public async Task Of_two_pages_of_a_person_one_that_works_is_enough()
    {
        var (one, _) = await World.JoinAsync(ParticipantRole.Patient);
        await one.InvokeAsync("ReportDevices", new { microphone = true, camera = false });
        var (other, _) = await World.JoinAsync(ParticipantRole.Patient);
        await other.InvokeAsync("ReportDevices", new { microphone = true, camera = true });

        await Host.Web.UntilAsync(web => web.Taken.Any(e => e.Type == ConsultationEventType.TroubleEnded));

        Assert.Equal([ConsultationEventType.TroubleBegan, ConsultationEventType.TroubleEnded], Host.Web.Taken.Where(e => e.Trouble == CallTrouble.Camera).Select(e => e.Type));
    }

    [Fact]
    public async Task A_lost_connection_is_a_trouble_until_they_are_back_and_leaving_is_none()
    {
        var (patient, clinician) = await World.InCallAsync();
        patient.Abort();
        await clinician.NextAsync("participantChanged");
        await Host.PassTimeUntilAsync(web => Began(web, CallTrouble.Connection).Count == 1);
        // Gone for good, it is the same trouble.
        await Host.PassTimeUntilAsync(web => web.Taken.Any(e => e.Type == ConsultationEventType.Disconnected));

        var (back, _) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);
        await Host.Web.UntilAsync(web => web.Taken.Any(e => e is { Type: ConsultationEventType.TroubleEnded, Trouble: CallTrouble.Connection }));
        await back.InvokeAsync("Leave");
        await clinician.InvokeAsync("Leave");
        await Host.Web.UntilAsync(web => web.Taken.Count(e => e.Type == ConsultationEventType.Disconnected) == 3);

        Assert.Equal(World.Patient, Assert.Single(Began(Host.Web, CallTrouble.Connection)).Participant);
    }

    [Fact]
    public async Task What_is_seen_of_a_page_stands_in_the_answer_to_its_join()
    {
        var (_, clinician) = await World.InCallAsync();
        await clinician.InvokeAsync("KeepVideo", true);

        var (_, joined) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);

        Assert.Equal(("video", false), (joined.GetProperty("link").GetProperty("step").GetString(), joined.GetProperty("keepsVideo").GetBoolean()));
        Assert.Equal("video", Clinician(joined).GetProperty("link").GetProperty("step").GetString());
    }

    private static JsonElement Clinician(JsonElement joined) =>
        joined.GetProperty("participants").EnumerateArray().Single(one => one.GetProperty("role").GetString() == "clinician");

    private static List<ConsultationEvent> Began(EventReceiver web, CallTrouble trouble) => [.. web.Taken.Where(e => e.Type == ConsultationEventType.TroubleBegan && e.Trouble == trouble)];

    private static List<ConsultationEvent> Steps(EventReceiver web) => [.. web.Taken.Where(e => e.Type == ConsultationEventType.Stepped)];
}
