using System.Net;
using System.Text;
using Telemedicine.Clinical;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Realtime;

/// <summary>How a call was, from Signalling's report to the clinician's page.</summary>
public sealed class QualityTests : WebTest
{
    private const string Track = """{"direction":"received","source":"camera","seconds":1,"pausedSeconds":0,"packets":1,"packetsLost":0,"worstLoss":0,"worstJitterMs":0,"bitrate":1,"freezes":0}""";

    [Fact]
    public async Task The_clinician_reads_that_the_connection_was_good()
    {
        var appointment = await InCallAsync();

        Assert.Equal(HttpStatusCode.NoContent, await Web.ReportAsync(Report(appointment, Picture())));

        Assert.Contains("ConnectionGood", await PageAsync(appointment), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_clinician_reads_what_was_amiss_and_for_whom()
    {
        var appointment = await InCallAsync();
        var sound = new TrackQuality(TrackDirection.Sent, TrackSource.Microphone, 60, 0, 80, 20, 0.4, null, null, 5, 30_000, null, 0);

        await Web.ReportAsync(
            Report(appointment, Picture(pausedSeconds: 40, freezes: 6), sound),
            Report(appointment, Picture(roundTripMs: 700)) with { Participant = new(Seed.Amara.Id.Value), Role = ParticipantRole.Clinician });

        var page = await PageAsync(appointment);
        Assert.Contains("Poor for Margaret Hughes: the picture was paused for 40 seconds, the picture stood still 6 times, 20% of the sound was lost.", page, StringComparison.Ordinal);
        Assert.Contains("Poor for you: answers came late.", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_report_and_while_the_call_is_on_the_page_nothing_is_said()
    {
        var appointment = await InCallAsync();
        Assert.DoesNotContain("Connection", await PageAsync(appointment), StringComparison.Ordinal);
        await Web.ReportAsync(Report(appointment, Picture()));
        using var clinician = await Web.SignInAsync(People.Amara);

        Assert.DoesNotContain("ConnectionGood", Words((await clinician.GetAsync($"/clinics/consultations/{appointment}")).Main), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"reports\":[null]}")]
    [InlineData("{\"reports\":[{\"number\":1}]}")]
    public Task What_is_no_batch_of_reports_is_refused_even_when_signed(string json) => AssertRefusedAsync(json);

    [Theory]
    [InlineData("\"direction\":\"received\"", "\"direction\":\"sideways\"")]
    [InlineData("\"source\":\"camera\"", "\"source\":\"fax\"")]
    [InlineData("\"seconds\":1", "\"seconds\":-1")]
    [InlineData("\"pausedSeconds\":0", "\"pausedSeconds\":-1")]
    [InlineData("\"packets\":1", "\"packets\":-1")]
    [InlineData("\"packetsLost\":0", "\"packetsLost\":-1")]
    [InlineData("\"worstLoss\":0", "\"worstLoss\":1.1")]
    [InlineData("\"worstJitterMs\":0", "\"worstJitterMs\":\"NaN\"")]
    [InlineData("\"worstJitterMs\":0", "\"worstJitterMs\":0,\"roundTripMs\":-1")]
    [InlineData("\"worstJitterMs\":0", "\"worstJitterMs\":0,\"layer\":-1")]
    [InlineData("\"bitrate\":1", "\"bitrate\":-1")]
    [InlineData("\"freezes\":0", "\"freezes\":-1")]
    [InlineData("\"seconds\":1", "\"seconds\":1e999")]
    public async Task Figures_that_cannot_be_are_refused(string right, string wrong)
    {
        var appointment = await InCallAsync();
        Assert.Equal(HttpStatusCode.NoContent, await PostAsync(Json(appointment, Track)));

        await AssertRefusedAsync(Json(appointment, Track.Replace(right, wrong, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_track_twice_or_too_many_reports_are_refused()
    {
        var appointment = await InCallAsync();

        await AssertRefusedAsync(Json(appointment, $"{Track},{Track}"));
        Assert.Equal(HttpStatusCode.BadRequest, await Web.ReportAsync([.. Enumerable.Repeat(Report(appointment), QualityBatch.MaxReports + 1)]));
    }

    [Fact]
    public async Task An_unsigned_report_is_refused_and_changes_nothing()
    {
        var appointment = await InCallAsync();
        var body = Encoding.UTF8.GetBytes(Json(appointment, Track));

        Assert.Equal(HttpStatusCode.Unauthorized, await Web.PostAsync(QualityBatch.Path, body, null));
        Assert.Equal(HttpStatusCode.Unauthorized, await Web.PostAsync(QualityBatch.Path, body, MessageSignature.Sign(WebHost.NewKey("stranger"), body, Web.Time.GetUtcNow())));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, await Web.PostAsync(QualityBatch.Path, new byte[256 * 1024 + 1], null));

        Assert.DoesNotContain("Connection", await PageAsync(appointment), StringComparison.Ordinal);
    }

    private static TrackQuality Picture(double pausedSeconds = 0, int freezes = 0, double? roundTripMs = null) =>
        new(TrackDirection.Received, TrackSource.Camera, 60, pausedSeconds, 1000, 0, 0, roundTripMs, roundTripMs, 5, 500_000, 1, freezes);

    private static string Json(AppointmentId appointment, string tracks) =>
        $$"""{"reports":[{"clinic":"{{Seed.AmarasMorning.Schedule.Id}}","consultation":"{{appointment}}","session":"7d3a0b62-93b7-4f9a-93bf-2d4c6b7a8e10","participant":"{{Seed.Margaret.Id}}","role":"patient","number":1,"at":"2026-03-02T08:30:00Z","tracks":[{{tracks}}]}]}""";

    private static string Words(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

    private QualityReport Report(AppointmentId appointment, params TrackQuality[] tracks) => new(
        new ClinicId(Seed.AmarasMorning.Schedule.Id.Value),
        new ConsultationId(appointment.Value),
        SessionId.New(),
        new ParticipantId(Seed.Margaret.Id.Value),
        ParticipantRole.Patient,
        1,
        Web.Time.GetUtcNow(),
        tracks);

    private Task<HttpStatusCode> PostAsync(string json)
    {
        var body = Encoding.UTF8.GetBytes(json);
        return Web.PostAsync(QualityBatch.Path, body, MessageSignature.Sign(Web.Key, body, Web.Time.GetUtcNow()));
    }

    private async Task AssertRefusedAsync(string json) => Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(json));

    /// <summary>The clinician's page after leaving the call, in words.</summary>
    private async Task<string> PageAsync(AppointmentId appointment)
    {
        using var clinician = await Web.SignInAsync(People.Amara);
        return Words((await clinician.GetAsync($"/clinics/consultations/{appointment}?left=true")).Main);
    }

    private async Task<AppointmentId> InCallAsync()
    {
        var appointment = await Web.BookAsync(Seed.Margaret, Seed.At(9));
        using var patient = await Web.SignInAsync(People.Margaret);
        await Web.AdmitAsync(patient, appointment, Seed.Margaret);
        return appointment;
    }
}
