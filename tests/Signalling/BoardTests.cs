using System.Text.Json;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class BoardTests(SharedHost shared) : SharedHostTest(shared)
{
    [Theory]
    [InlineData(ParticipantRole.Clinician)]
    [InlineData(ParticipantRole.Staff)]
    [InlineData(ParticipantRole.Administrator)]
    public async Task The_board_follows_a_consultation_from_waiting_to_its_end(ParticipantRole role)
    {
        var board = await Host.ConnectAsync(World.BoardTicket(role));
        var empty = await board.InvokeAsync("WatchBoard");
        Assert.Equal(0, empty.GetProperty("rows").GetArrayLength());

        var waitingSince = Host.Time.GetUtcNow();
        var (patient, first) = await World.JoinAsync(ParticipantRole.Patient);
        AssertRow(await RowAsync(board), "waiting", waitingSince, patient: true, clinician: false);

        Host.Time.Advance(TimeSpan.FromMinutes(4));
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        AssertRow(await RowAsync(board), "waiting", waitingSince, patient: true, clinician: true);

        var admittedAt = Host.Time.GetUtcNow();
        await clinician.InvokeAsync("Admit", World.Consultation);
        AssertRow(await RowAsync(board), "inCall", admittedAt, patient: true, clinician: true);

        Host.Time.Advance(TimeSpan.FromMinutes(5));
        await patient.InvokeAsync("Leave");
        AssertRow(await RowAsync(board), "disconnected", Host.Time.GetUtcNow(), patient: false, clinician: true);

        await World.JoinAsync(ParticipantRole.Patient, admitted: true);
        AssertRow(await RowAsync(board), "inCall", Host.Time.GetUtcNow(), patient: true, clinician: true);

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);
        AssertRow(await RowAsync(board), "ended", Host.Time.GetUtcNow(), patient: false, clinician: false);
        ClinicWorld.AssertInOrder(board.Messages, 0);
    }

    [Fact]
    public async Task Nothing_is_sent_while_nothing_changes()
    {
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff));
        await board.InvokeAsync("WatchBoard");
        var (_, clinician) = await World.InCallAsync();
        await ClinicWorld.SayAsync(clinician, "A message is not for the board.");
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.ClinicChanged, null);

        await board.NextAsync("clinicChanged");

        Assert.Equal(["board", "board", "board", "clinicChanged"], board.Messages.Select(ClinicWorld.Type));
    }

    [Fact]
    public async Task A_patient_who_drops_out_of_the_waiting_room_is_seen_as_such()
    {
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff));
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        var state = await board.InvokeAsync("WatchBoard");
        AssertRow(state.GetProperty("rows")[0], "waiting", Host.Time.GetUtcNow(), patient: true, clinician: false);

        await patient.InvokeAsync("Leave");

        AssertRow(await RowAsync(board), "disconnected", Host.Time.GetUtcNow(), patient: false, clinician: false);
    }

    [Fact]
    public async Task A_board_shows_its_own_clinic_only()
    {
        var other = new ClinicWorld(Host);
        var board = await Host.ConnectAsync(other.BoardTicket(ParticipantRole.Clinician));
        await board.InvokeAsync("WatchBoard");
        await World.InCallAsync();

        await other.JoinAsync(ParticipantRole.Patient);

        Assert.Equal(other.Consultation.ToString(), (await RowAsync(board)).GetProperty("consultationId").GetString());
        Assert.Single(board.Messages);
    }

    [Fact]
    public async Task A_clinician_in_a_call_watches_the_board_on_the_same_connection()
    {
        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("WatchBoard");
        var next = new Ticket(Guid.NewGuid(), new(Guid.NewGuid()), "Somebody Else", ParticipantRole.Patient, World.Clinic, new(Guid.NewGuid()), false);
        var patient = await Host.ConnectAsync(next);

        await patient.InvokeAsync("Join", new { });

        Assert.Equal(next.Consultation.ToString(), (await RowAsync(clinician)).GetProperty("consultationId").GetString());
        await clinician.InvokeAsync("Acknowledge", 1);
        ClinicWorld.AssertInOrder(clinician.Messages, 0);
    }

    [Fact]
    public async Task A_clinician_who_leaves_a_call_goes_on_watching_the_board()
    {
        var (_, clinician) = await World.InCallAsync();
        await clinician.InvokeAsync("WatchBoard");
        await clinician.InvokeAsync("Leave");
        await clinician.NextAsync("board");

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.ClinicChanged, null);

        var changed = await clinician.NextAsync("clinicChanged");
        Assert.Null(await clinician.RefusalAsync("Acknowledge", changed.GetProperty("sequence").GetInt64()));
        ClinicWorld.AssertInOrder(clinician.Messages, 0);
    }

    [Fact]
    public async Task Watching_twice_sends_each_change_once()
    {
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff));
        await board.InvokeAsync("WatchBoard");
        await board.InvokeAsync("WatchBoard");

        await World.JoinAsync(ParticipantRole.Patient);
        await World.JoinAsync(ParticipantRole.Clinician);

        await RowAsync(board);
        await RowAsync(board);
        ClinicWorld.AssertInOrder(board.Messages, 0);
        Assert.Equal(2, board.Messages.Count);
    }

    [Fact]
    public async Task The_board_says_whether_who_waits_is_ready_and_only_while_they_wait()
    {
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff));
        await board.InvokeAsync("WatchBoard");
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);
        Assert.False((await RowAsync(board)).TryGetProperty("devices", out _));

        await patient.InvokeAsync("ReportDevices", new { microphone = false, camera = true });
        Assert.Equal("noMicrophone", (await RowAsync(board)).GetProperty("devices").GetString());

        // A second page of the same person that works is what counts.
        var (second, _) = await World.JoinAsync(ParticipantRole.Patient);
        await second.InvokeAsync("ReportDevices", new { microphone = true, camera = true });
        Assert.Equal("ready", (await RowAsync(board)).GetProperty("devices").GetString());

        var (clinician, _) = await World.JoinAsync(ParticipantRole.Clinician);
        await RowAsync(board);
        await clinician.InvokeAsync("Admit", World.Consultation);
        Assert.False((await RowAsync(board)).TryGetProperty("devices", out _));
    }

    [Theory]
    [InlineData("{\"microphone\":true}")]
    [InlineData("{\"microphone\":true,\"camera\":\"yes\"}")]
    [InlineData("\"ready\"")]
    public async Task A_report_of_devices_that_says_something_else_is_refused(string report)
    {
        var (patient, _) = await World.JoinAsync(ParticipantRole.Patient);

        Assert.NotNull(await patient.RefusalAsync("ReportDevices", JsonDocument.Parse(report).RootElement));
    }

    [Fact]
    public async Task A_change_names_the_row_that_changed_and_no_other()
    {
        var board = await Host.ConnectAsync(World.BoardTicket(ParticipantRole.Staff));
        await World.JoinAsync(ParticipantRole.Patient);
        Assert.Single((await board.InvokeAsync("WatchBoard")).GetProperty("rows").EnumerateArray());
        var other = new Ticket(Guid.NewGuid(), new(Guid.NewGuid()), "Somebody Else", ParticipantRole.Patient, World.Clinic, new(Guid.NewGuid()), false);

        await (await Host.ConnectAsync(other)).InvokeAsync("Join", new { });

        Assert.Equal(other.Consultation.ToString(), (await RowAsync(board)).GetProperty("consultationId").GetString());
    }

    [Fact]
    public async Task Who_waits_is_told_when_something_changed_and_who_is_in_the_call_is_not()
    {
        var (inCall, _) = await World.InCallAsync();
        var next = new Ticket(Guid.NewGuid(), new(Guid.NewGuid()), "Somebody Else", ParticipantRole.Patient, World.Clinic, new(Guid.NewGuid()), false);
        var waiting = await Host.ConnectAsync(next);
        await waiting.InvokeAsync("Join", new { });

        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.ClinicChanged, null);

        await waiting.NextAsync("clinicChanged");
        await ClinicWorld.SayAsync(inCall, "Nothing before this.");
        await inCall.NextAsync("chat");
        Assert.DoesNotContain("clinicChanged", inCall.Messages.Select(ClinicWorld.Type));
    }

    [Theory]
    [InlineData(599, "ended")]
    [InlineData(600, null)]
    public async Task A_clinic_is_forgotten_once_nobody_was_there_for_ten_minutes(int seconds, string? refusal)
    {
        await TestCommands.SendAsync(Host, World.Clinic, ClinicCommandType.Finish, World.Consultation);

        Host.Time.Advance(TimeSpan.FromSeconds(seconds));

        var patient = await World.ConnectAsync(ParticipantRole.Patient);
        Assert.Equal(refusal, await patient.RefusalAsync("Join", new { }));
    }

    private static async Task<JsonElement> RowAsync(HubConnectionFixture board) =>
        Assert.Single((await board.NextAsync("board")).GetProperty("rows").EnumerateArray());

    private void AssertRow(JsonElement row, string state, DateTimeOffset since, bool patient, bool clinician)
    {
        Assert.Equal(World.Consultation.ToString(), row.GetProperty("consultationId").GetString());
        Assert.Equal(state, row.GetProperty("state").GetString());
        Assert.Equal(since, row.GetProperty("since").GetDateTimeOffset());
        Assert.Equal(patient, row.GetProperty("patientPresent").GetBoolean());
        Assert.Equal(clinician, row.GetProperty("clinicianPresent").GetBoolean());
    }
}
