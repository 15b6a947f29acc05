using System.Diagnostics;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests.Benchmarks;

/// <summary>How fast those who wait, and the board of those who wait, are told. Not a test; docs/performance.md has the command and the figures.</summary>
public sealed class WaitingBenchmark(ITestOutputHelper output) : OwnHostTest
{
    private const int Waiting = 200;
    private const int Together = 25;

    /// <summary>One clinic with 200 in its waiting room and a board that watches it; real sockets, events posted to a receiver.</summary>
    [Fact(Explicit = true)]
    public async Task Two_hundred_wait_in_one_clinic()
    {
        var clinic = new ClinicId(Guid.NewGuid());
        var board = await Host.ConnectAsync(new Ticket(Guid.NewGuid(), new(Guid.NewGuid()), "Staff", ParticipantRole.Staff, clinic, null, false));
        await board.InvokeAsync("WatchBoard");
        var patients = new List<(ConsultationId Consultation, HubConnectionFixture Connection)>();
        for (var number = 0; number < Waiting; number++)
        {
            var consultation = new ConsultationId(Guid.NewGuid());
            var connection = await Host.ConnectAsync(new Ticket(Guid.NewGuid(), new(Guid.NewGuid()), $"Patient {number}", ParticipantRole.Patient, clinic, consultation, false));
            await connection.InvokeAsync("Join", new { });
            await board.NextAsync("board");
            await AcknowledgeAsync(board);
            patients.Add((consultation, connection));
        }

        var changes = new List<double>();
        foreach (var (consultation, connection) in patients)
        {
            var start = Stopwatch.GetTimestamp();
            var told = board.NextAsync("board", message => message.GetProperty("rows")[0].GetProperty("consultationId").GetString() == consultation.ToString());
            await connection.InvokeAsync("ReportDevices", new { microphone = true, camera = false });
            await told;
            changes.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await AcknowledgeAsync(board);
        }

        var admissions = new List<double>();
        foreach (var (consultation, connection) in patients)
        {
            var clinician = await Host.ConnectAsync(new Ticket(Guid.NewGuid(), new(Guid.NewGuid()), "Clinician", ParticipantRole.Clinician, clinic, consultation, false));
            await clinician.InvokeAsync("Join", new { });
            var start = Stopwatch.GetTimestamp();
            var told = connection.NextAsync("phaseChanged", message => message.GetProperty("phase").GetString() == "inCall");
            await clinician.InvokeAsync("Admit", consultation);
            await told;
            admissions.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await clinician.DisposeAsync();
            await AcknowledgeAsync(board);
        }

        output.WriteLine($"a change on a board with {Waiting} waiting: {Figures(changes)}");
        output.WriteLine($"from Admit to the patient, {Waiting} times: {Figures(admissions)}");
        Assert.True(Percentile(changes, 0.99) < 100);
        Assert.True(Percentile(admissions, 0.99) < 1000);
    }

    /// <summary>Now and then, as the board's page does: each message would be too often.</summary>
    private static async Task AcknowledgeAsync(HubConnectionFixture board)
    {
        if (board.Messages.Count % Together == 0)
            await board.InvokeAsync("Acknowledge", board.Messages.Count);
    }

    private static string Figures(List<double> milliseconds) => $"p50 {Percentile(milliseconds, 0.5):0.0} ms, p99 {Percentile(milliseconds, 0.99):0.0} ms, most {milliseconds.Max():0.0} ms";

    private static double Percentile(List<double> milliseconds, double share) => milliseconds.Order().ElementAt((int)(share * (milliseconds.Count - 1)));
}
