using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.MediaNode;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

/// <summary>A node that is full, and one that is about to stop.</summary>
public sealed partial class CapacityTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_full_node_says_so_before_a_call_begins_and_never_during_one()
    {
        await using var host = await SignallingHost.StartAsync(null, ("Media:MaximumConsultations", "1"));
        var world = new ClinicWorld(host);
        var (patient, patientJoined) = await world.JoinAsync(ParticipantRole.Patient);
        Assert.Equal((HttpStatusCode.OK, "Degraded: full"), await HealthAsync(host.Address));

        // The room that the waiting patient has is the last.
        var other = await new ClinicWorld(host).ConnectAsync(ParticipantRole.Patient);
        var refused = await Assert.ThrowsAsync<HubCallException>(() => other.InvokeAsync("Join", new { }));
        Assert.EndsWith("full: All call rooms are in use. Stay on this page: we will connect you as soon as one is free.", refused.Message, StringComparison.Ordinal);

        var (clinician, clinicianJoined) = await world.JoinAsync(ParticipantRole.Clinician);
        await clinician.InvokeAsync("Admit", world.Consultation);
        var media = await MediaSide.OpenAsync(patient, patientJoined);
        await MediaSide.OpenAsync(clinician, clinicianJoined);
        await clinician.NextAsync("consumerAdded");
        patient.Abort();
        var (back, resumed) = await world.JoinAsync(ParticipantRole.Patient, new { sessionId = media.SessionId, lastSequence = 0 });
        Assert.True(resumed.GetProperty("resumed").GetBoolean());
        await MediaSide.OpenAsync(back, resumed);
        // A call that began at another node, which stopped.
        var (moved, _) = await new ClinicWorld(host).JoinAsync(ParticipantRole.Patient, admitted: true);

        foreach (var connection in new[] { moved, back, clinician })
            await connection.InvokeAsync("Leave");
        await UntilHealthyAsync(host.Address);
        Assert.Null(await other.RefusalAsync("Join", new { }));
    }

    [Fact]
    public async Task A_draining_node_begins_nothing_and_stops_when_the_last_call_is_over()
    {
        await using var host = await SignallingHost.StartAsync(null, ("Drain:Seconds", "86400"));
        using var lifetime = ActivatorUtilities.CreateInstance<DrainingLifetime>(host.Services);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        var world = new ClinicWorld(host);
        var (patient, clinician) = await world.InCallAsync();
        var newcomer = await new ClinicWorld(host).ConnectAsync(ParticipantRole.Patient);
        var fromElsewhere = await new ClinicWorld(host).ConnectAsync(ParticipantRole.Patient, admitted: true);

        lifetime.Drain();

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "Unhealthy: draining"), await HealthAsync(host.Address));
        Assert.Equal("full", await newcomer.RefusalAsync("Join", new { }));
        Assert.Equal("full", await fromElsewhere.RefusalAsync("Join", new { }));
        await ClinicWorld.SayAsync(patient, "We go on.");
        await clinician.NextAsync("chat");
        host.Time.Advance(TimeSpan.FromHours(1));
        Assert.False(stopping.IsCancellationRequested);

        await patient.InvokeAsync("Leave");
        await clinician.InvokeAsync("Leave");
        var patience = Stopwatch.StartNew();
        while (!stopping.IsCancellationRequested && patience.Elapsed < Patience)
        {
            // The room is closed on the media node's own thread.
            await HealthAsync(host.Address);
            host.Time.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.True(stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Draining_has_an_end()
    {
        await using var host = await SignallingHost.StartAsync(null, ("Drain:Seconds", "600"));
        using var lifetime = ActivatorUtilities.CreateInstance<DrainingLifetime>(host.Services);
        var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        await new ClinicWorld(host).InCallAsync();

        lifetime.Drain();
        host.Time.Advance(TimeSpan.FromSeconds(599));
        Assert.False(stopping.IsCancellationRequested);

        host.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(stopping.IsCancellationRequested);
    }

    [Fact]
    public async Task Told_to_stop_twice_or_without_a_time_to_drain_it_stops_at_once()
    {
        await using var patient = await SignallingHost.StartAsync(null, ("Drain:Seconds", "600"));
        await using var impatient = await SignallingHost.StartAsync();
        using var first = ActivatorUtilities.CreateInstance<DrainingLifetime>(patient.Services);
        using var second = ActivatorUtilities.CreateInstance<DrainingLifetime>(impatient.Services);
        var stopping = new[] { patient, impatient }.Select(host => host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping).ToList();
        await new ClinicWorld(patient).InCallAsync();
        await new ClinicWorld(impatient).InCallAsync();

        first.Drain();
        first.Drain();
        second.Drain();

        Assert.All(stopping, token => Assert.True(token.IsCancellationRequested));
    }

    [Fact]
    public async Task Whoever_is_left_alone_on_a_draining_node_follows_the_other()
    {
        await using var host = await SignallingHost.StartAsync(null, ("Drain:Seconds", "600"));
        using var lifetime = ActivatorUtilities.CreateInstance<DrainingLifetime>(host.Services);
        var (patient, clinician) = await new ClinicWorld(host).InCallAsync();
        lifetime.Drain();

        // The patient's page reconnects, and the balancer sends it to another node.
        patient.Abort();
        await clinician.NextAsync("participantChanged");
        host.Time.Advance(TimeSpan.FromSeconds(31));

        await clinician.Closed;
    }

    [Fact]
    public async Task The_process_lets_a_call_finish_on_SIGTERM_and_ends_well()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no SIGTERM.");
        var spool = Directory.CreateTempSubdirectory("telemedicine-spool-").FullName;
        using var process = Start(spool);
        try
        {
            var address = await ListeningAsync(process);
            var output = process.StandardOutput.ReadToEndAsync(Cancelled);
            var ticket = new Ticket(Guid.NewGuid(), new(Guid.NewGuid()), "Somebody", ParticipantRole.Patient, new(Guid.NewGuid()), new ConsultationId(Guid.NewGuid()), false);
            var hub = new Uri($"{address.Replace("http", "ws", StringComparison.Ordinal)}/clinics/{ticket.Clinic}/hub?access_token={TestTickets.Mint(ticket, TimeProvider.System.GetUtcNow())}");
            await using var patient = await HubConnectionFixture.OpenAsync(hub, SignallingHost.WebOrigin);
            await patient.InvokeAsync("Join", new { });

            using (var kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
                await kill.WaitForExitAsync(Cancelled);
            await UntilAsync(async () => (await HealthAsync(new(address))).Status == HttpStatusCode.ServiceUnavailable);
            Assert.False(process.HasExited);
            await patient.InvokeAsync("Leave");

            await process.WaitForExitAsync(Cancelled).WaitAsync(Patience, Cancelled);
            Assert.Equal(0, process.ExitCode);
            await output;
        }
        finally
        {
            if (!process.HasExited)
                process.Kill();
            Directory.Delete(spool, recursive: true);
        }
    }

    private static Process Start(string spool)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(Program).Assembly.Location]) { RedirectStandardOutput = true };
        foreach (var (name, value) in new[]
        {
            ("ASPNETCORE_ENVIRONMENT", "Demonstration"), ("ASPNETCORE_URLS", "http://127.0.0.1:0"), ("SharedKeys__0__Id", TestTickets.Key.Id), ("SharedKeys__0__Secret", TestTickets.Key.Secret),
            ("Web__InternalUrl", "http://127.0.0.1:9"), ("Web__PublicUrl", SignallingHost.WebOrigin), ("Media__Port", "0"), ("Events__SpoolDirectory", spool), ("Drain__Seconds", "600"),
        })
        {
            start.Environment[name] = value;
        }
        return Process.Start(start) ?? throw new InvalidOperationException("The service did not start.");
    }

    private static async Task<string> ListeningAsync(Process process)
    {
        while (await process.StandardOutput.ReadLineAsync(Cancelled).AsTask().WaitAsync(Patience, Cancelled) is { } line)
        {
            if (ListeningAddress().Match(line) is { Success: true } match)
                return match.Groups[1].Value;
        }
        throw new InvalidOperationException("The service ended before it listened.");
    }

    private static async Task<(HttpStatusCode Status, string Text)> HealthAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var answer = await client.GetAsync("/health", Cancelled);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Cancelled));
    }

    private static Task UntilHealthyAsync(Uri address) => UntilAsync(async () => (await HealthAsync(address)).Text == "Healthy");

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var patience = Stopwatch.StartNew();
        while (!await condition())
            Assert.True(patience.Elapsed < Patience, "What the test waits for did not happen.");
    }

    [GeneratedRegex(@"listening on: (http://\S+)")]
    private static partial Regex ListeningAddress();
}
