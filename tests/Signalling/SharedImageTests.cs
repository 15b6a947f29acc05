using System.Text.Json;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>An image that everybody looks at, the pointers on it, and files that come and go.</summary>
public sealed class SharedImageTests(SharedHost shared) : SharedHostTest(shared)
{
    private static readonly object Photo = new { fileId = Guid.Parse("5b1c2a52-7d49-4b7e-9a3c-0c2a1d7e8f90"), name = "rash.jpg" };

    [Fact]
    public async Task Everybody_sees_the_image_that_the_clinician_shows_until_it_is_hidden()
    {
        var (patient, clinician) = await World.InCallAsync();

        await clinician.InvokeAsync("ShowImage", Photo);
        var shown = await patient.NextAsync("imageShown");
        await clinician.NextAsync("imageShown");
        await clinician.InvokeAsync("HideImage");
        await patient.NextAsync("imageHidden");
        // Once more changes nothing.
        await clinician.InvokeAsync("HideImage");

        Assert.Equal(("5b1c2a52-7d49-4b7e-9a3c-0c2a1d7e8f90", "rash.jpg", ClinicWorld.ClinicianName), (Text(shown, "fileId"), Text(shown, "name"), Text(shown, "by")));
        Assert.Single(patient.Messages, message => ClinicWorld.Type(message) == "imageHidden");
    }

    [Fact]
    public async Task Who_joins_or_is_let_in_later_sees_it_too_and_who_waits_does_not()
    {
        var (patient, joined) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("ShowImage", Photo);
        Assert.False(joined.TryGetProperty("image", out _));
        Assert.DoesNotContain(patient.Messages, message => ClinicWorld.Type(message) == "imageShown");

        await clinician.InvokeAsync("Admit", World.Consultation);

        await patient.NextAsync("imageShown");
        var (_, again) = await World.JoinAsync(ParticipantRole.Patient, admitted: true);
        Assert.Equal("rash.jpg", again.GetProperty("image").GetProperty("name").GetString());
    }

    [Fact]
    public async Task A_pointer_reaches_the_others_and_not_its_own_page()
    {
        var (patient, clinician) = await World.InCallAsync();
        await clinician.InvokeAsync("ShowImage", Photo);

        await patient.InvokeAsync("Point", 0.25, 1);
        var seen = await clinician.NextAsync("pointed");

        Assert.Equal((ClinicWorld.PatientName, World.Patient.ToString(), 0.25, 1), (Text(seen, "name"), Text(seen, "participantId"), seen.GetProperty("x").GetDouble(), seen.GetProperty("y").GetDouble()));
        Assert.DoesNotContain(patient.Messages, message => ClinicWorld.Type(message) == "pointed");
    }

    [Theory]
    [InlineData(-0.01, 0.5)]
    [InlineData(0.5, 1.01)]
    [InlineData(1e300, 0)]
    public async Task A_place_outside_of_the_image_is_refused(double x, double y)
    {
        var (patient, clinician) = await World.InCallAsync();
        await clinician.InvokeAsync("ShowImage", Photo);

        Assert.Equal("invalid", await patient.RefusalAsync("Point", x, y));
    }

    [Fact]
    public async Task Nobody_points_at_nothing_or_while_they_wait_and_only_the_clinician_shows()
    {
        var (waiting, _) = await World.JoinAsync(ParticipantRole.Patient);
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);

        Assert.Equal("not-found", await clinician.RefusalAsync("Point", 0.5, 0.5));
        await clinician.InvokeAsync("ShowImage", Photo);
        Assert.Equal("not-allowed", await waiting.RefusalAsync("Point", 0.5, 0.5));
        Assert.Equal("not-allowed", await waiting.RefusalAsync("ShowImage", Photo));
        Assert.Equal("not-allowed", await waiting.RefusalAsync("HideImage"));
        Assert.Equal("invalid", await clinician.RefusalAsync("ShowImage", new { fileId = Guid.NewGuid(), name = "" }));
        Assert.Equal("invalid", await clinician.RefusalAsync("ShowImage", new { fileId = Guid.NewGuid(), name = new string('x', 101) }));
        Assert.Equal("invalid", await clinician.RefusalAsync("ShowImage", new { fileId = Guid.NewGuid(), name = "a\nb" }));
    }

    [Fact]
    public async Task Pointing_has_a_bucket_of_its_own()
    {
        var (patient, clinician) = await World.InCallAsync();
        await clinician.InvokeAsync("ShowImage", Photo);

        for (var moves = 0; moves < 20; moves++)
            Assert.Null(await patient.RefusalAsync("Point", 0.5, 0.5));
        Assert.Equal("too-many", await patient.RefusalAsync("Point", 0.5, 0.5));
        Assert.Null(await patient.RefusalAsync("Acknowledge", 0));
        Host.Time.Advance(TimeSpan.FromSeconds(1));

        for (var moves = 0; moves < 12; moves++)
            Assert.Null(await patient.RefusalAsync("Point", 0.5, 0.5));
        Assert.Equal("too-many", await patient.RefusalAsync("Point", 0.5, 0.5));
    }

    [Fact]
    public async Task A_page_that_is_behind_misses_pointers_and_nothing_else()
    {
        var (patient, clinician) = await World.InCallAsync();
        await clinician.InvokeAsync("ShowImage", Photo);
        for (var second = 0; second < 10; second++)
        {
            for (var moves = 0; moves < 12; moves++)
                await patient.InvokeAsync("Point", 0.5, 0.5);
            Host.Time.Advance(TimeSpan.FromSeconds(1));
        }

        await ClinicWorld.SayAsync(patient, "Here?");

        await clinician.NextAsync("chat");
        Assert.InRange(clinician.Messages.Count(message => ClinicWorld.Type(message) == "pointed"), 30, 50);
        Assert.False(clinician.IsClosed);
    }

    [Fact]
    public async Task Those_in_the_call_are_told_that_files_changed()
    {
        var (patient, clinician) = await World.InCallAsync();
        var other = new ClinicWorld(Host);
        var (stranger, _) = await other.JoinAsync(ParticipantRole.Clinician);

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.FilesChanged, World.Consultation);
        // Of a consultation that nobody opened: nobody is told, and nothing is wrong.
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.FilesChanged, new ConsultationId(Guid.NewGuid()));

        await patient.NextAsync("filesChanged");
        await clinician.NextAsync("filesChanged");
        Assert.Empty(stranger.Messages);
    }

    private static string? Text(JsonElement message, string name) => message.GetProperty(name).GetString();
}
