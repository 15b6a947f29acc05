using System.Net;
using System.Text;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Events;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>What Web is told of how a call was.</summary>
public sealed class QualityTests : OwnHostTest
{
    [Fact]
    public async Task A_call_is_reported_every_ten_seconds_for_each_of_its_pages()
    {
        var (patient, clinician) = await CallAsync();

        await Host.PassTimeUntilAsync(web => Of(web, clinician).Count >= 2);

        var report = Of(Host.Web, clinician)[^1];
        Assert.Equal((World.Clinic, World.Consultation, World.Clinician, ParticipantRole.Clinician), (report.Clinic, report.Consultation, report.Participant, report.Role));
        Assert.Equal(
            [(TrackDirection.Sent, TrackSource.Microphone), (TrackDirection.Received, TrackSource.Microphone)],
            report.Tracks.Select(track => (track.Direction, track.Source)));
        Assert.All(report.Tracks, track => Assert.Equal(10 * (report.Number - 1), track.Seconds));
        Assert.NotEmpty(Of(Host.Web, patient));
        Assert.All(Of(Host.Web, patient), other => Assert.Equal((World.Patient, ParticipantRole.Patient), (other.Participant, other.Role)));
    }

    [Fact]
    public async Task A_session_that_ends_is_reported_once_more_with_what_it_received()
    {
        var (patient, clinician) = await CallAsync();
        Host.Time.Advance(TimeSpan.FromSeconds(4));

        await patient.Connection.InvokeAsync("Leave");
        await Host.PassTimeUntilAsync(web => Of(web, patient).Count > 0);

        Assert.Equal(2, Of(Host.Web, patient)[0].Tracks.Count);
        Assert.Empty(Of(Host.Web, clinician));
    }

    [Fact]
    public async Task The_end_of_the_consultation_reports_every_session()
    {
        var (patient, clinician) = await CallAsync();

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);
        await Host.PassTimeUntilAsync(web => Of(web, patient).Count > 0 && Of(web, clinician).Count > 0);

        Assert.All(Host.Web.Reports, report => Assert.Equal(2, report.Tracks.Count));
        Host.Time.Advance(TimeSpan.FromMinutes(1));
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.ClinicChanged, null);
        Assert.Equal(2, Host.Web.Reports.Count);
    }

    [Fact]
    public async Task A_muted_track_does_not_count_as_flowing()
    {
        var (patient, clinician) = await CallAsync();
        await Host.PassTimeUntilAsync(web => Of(web, clinician).Count == 1);

        await patient.Connection.InvokeAsync("PauseProducer", patient.Microphone);
        await clinician.Connection.NextAsync("consumerPaused");
        await Host.PassTimeUntilAsync(web => Of(web, clinician).Count == 2);

        Assert.Equal([10, 0], Of(Host.Web, clinician)[1].Tracks.Select(track => track.Seconds));
    }

    [Fact]
    public async Task A_waiting_room_has_nothing_to_report()
    {
        var (patient, joined) = await World.JoinAsync(ParticipantRole.Patient);
        await MediaSide.OpenAsync(patient, joined);
        Host.Time.Advance(TimeSpan.FromMinutes(2));
        await patient.InvokeAsync("Leave");

        var other = new ClinicWorld(Host);
        var (there, _) = await CallAsync(other);
        await Host.PassTimeUntilAsync(web => Of(web, there).Count > 0);

        Assert.All(Host.Web.Reports, report => Assert.Equal(other.Consultation, report.Consultation));
    }

    [Fact]
    public async Task A_report_names_no_address_and_nobody()
    {
        var (patient, _) = await CallAsync();

        await Host.PassTimeUntilAsync(web => Of(web, patient).Count > 0);

        Assert.All(Host.Web.ReportBodies.Select(Encoding.UTF8.GetString), body =>
        {
            Assert.DoesNotContain("127.0.0.1", body, StringComparison.Ordinal);
            Assert.DoesNotContain(ClinicWorld.PatientName, body, StringComparison.Ordinal);
        });
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task Reports_that_Web_could_not_take_wait_in_memory_and_disturb_no_event(HttpStatusCode refusal)
    {
        Host.Web.QualityAnswer = refusal;
        var (patient, _) = await CallAsync();
        await Host.PassTimeUntilAsync(web => web.ReportBodies.Count >= 3);
        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected);
        await Host.PassTimeUntilAsync(_ => Directory.GetFiles(Host.SpoolDirectory, "*.json").Length == 0);

        Host.Web.QualityAnswer = HttpStatusCode.NoContent;
        var seen = Of(Host.Web, patient)[^1].Number;
        await Host.PassTimeUntilAsync(web => Of(web, patient)[^1].Number > seen);
    }

    [Fact]
    public async Task Reports_that_Web_calls_wrong_are_dropped_and_later_ones_follow()
    {
        Host.Web.QualityAnswer = HttpStatusCode.BadRequest;
        var (patient, _) = await CallAsync();
        await Host.PassTimeUntilAsync(web => Of(web, patient).Count == 3);

        Assert.Equal([1, 2, 3], Of(Host.Web, patient).Select(report => report.Number));
        Assert.Contains(Host.Logs.Lines, line => line.Contains("quality reports wrong", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_clinics_board_hears_nothing_of_it()
    {
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff));
        await board.InvokeAsync("WatchBoard");
        var (patient, _) = await CallAsync();
        var before = board.Messages.Count;

        await Host.PassTimeUntilAsync(web => Of(web, patient).Count > 2);
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.ClinicChanged, null);
        await board.NextAsync("clinicChanged");

        Assert.Equal(before + 1, board.Messages.Count);
    }

    [Fact]
    public void Of_each_session_only_the_last_report_waits()
    {
        var reports = new QualityReports();
        var session = SessionId.New();
        reports.Publish(Report(session, 1));
        var taken = reports.Take();
        reports.Publish(Report(session, 3));
        reports.Publish(Report(session, 2));
        reports.PutBack(taken);

        Assert.Equal(3, Assert.Single(reports.Take()).Number);
        Assert.Empty(reports.Take());
        Assert.False(reports.WaitAsync(TestContext.Current.CancellationToken).IsCompleted);
    }

    [Fact]
    public void What_waits_and_what_is_posted_at_once_are_bounded()
    {
        var reports = new QualityReports(capacity: QualityBatch.MaxReports + 2);
        for (var session = 0; session < QualityBatch.MaxReports * 2; session++)
            reports.Publish(Report(SessionId.New(), 1));

        Assert.Equal(QualityBatch.MaxReports, reports.Take().Count);
        Assert.True(reports.WaitAsync(TestContext.Current.CancellationToken).IsCompletedSuccessfully);
        Assert.Equal(2, reports.Take().Count);
    }

    private QualityReport Report(SessionId session, int number) =>
        new(World.Clinic, World.Consultation, session, World.Patient, ParticipantRole.Patient, number, Host.Time.GetUtcNow(), []);

    private static List<QualityReport> Of(EventReceiver web, MediaSide side) => [.. web.Reports.Where(report => report.Session.ToString() == side.SessionId)];

    private Task<(MediaSide Patient, MediaSide Clinician)> CallAsync() => CallAsync(World);

    /// <summary>Both in the call, each receiving the other's microphone.</summary>
    private static async Task<(MediaSide Patient, MediaSide Clinician)> CallAsync(ClinicWorld world)
    {
        var (patient, patientJoined) = await world.JoinAsync(ParticipantRole.Patient);
        var (clinician, clinicianJoined) = await world.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", world.Consultation);
        var sides = (await MediaSide.OpenAsync(patient, patientJoined), await MediaSide.OpenAsync(clinician, clinicianJoined));
        await clinician.NextAsync("consumerAdded");
        await patient.NextAsync("consumerAdded");
        return sides;
    }
}
