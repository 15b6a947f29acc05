using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Signalling.Events;
using Telemedicine.Signalling.Tests.Hosting;

namespace Telemedicine.Signalling.Tests;

public sealed class EventDeliveryTests : OwnHostTest
{
    [Fact]
    public async Task Events_are_signed_JSON()
    {
        await World.JoinAsync(ParticipantRole.Patient);
        await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Waiting);

        var delivery = Assert.Single(Host.Web.Attempts);

        Assert.Equal("application/json", delivery.ContentType);
        Assert.True(MessageSignature.Verify([TestTickets.Key], delivery.Signature, delivery.Body, Host.Time.GetUtcNow()));
        Assert.False(MessageSignature.Verify([TestTickets.OlderKey], delivery.Signature, delivery.Body, Host.Time.GetUtcNow()));
        Assert.Empty(Directory.GetFiles(Host.SpoolDirectory, "*.new"));
    }

    [Theory]
    [InlineData(HttpStatusCode.InternalServerError)]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.ServiceUnavailable)]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Redirect)]
    public async Task What_Web_could_not_take_is_sent_again(HttpStatusCode refusal)
    {
        Host.Web.Answer = _ => refusal;
        await World.JoinAsync(ParticipantRole.Patient);
        await Host.PassTimeUntilAsync(web => web.Attempts.Count == 3);

        Host.Web.Answer = _ => HttpStatusCode.NoContent;
        await Host.PassTimeUntilAsync(web => web.Taken.Count > 0);

        await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Waiting);
        Assert.Single(Host.Web.Attempts.SelectMany(attempt => attempt.Events).Select(happened => happened.Id).Distinct());
    }

    [Fact]
    public async Task The_pause_before_the_next_attempt_doubles_up_to_a_minute()
    {
        var events = new ConsultationEvents(Host.Services.GetRequiredService<EventSpool>(), Host.Time, NullLogger<ConsultationEvents>.Instance);
        events.Publish(new ConsultationEvent(Guid.NewGuid(), ConsultationEventType.Waiting, World.Clinic, World.Consultation, null, null, Host.Time.GetUtcNow()));

        foreach (var seconds in new[] { 1, 2, 4, 8, 16, 32, 60, 60, 60 })
        {
            Assert.True(events.TryTake(out var batch, out _, TestContext.Current.CancellationToken));
            events.Retry(batch);
            Host.Time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromMilliseconds(1));
            Assert.False(events.TryTake(out _, out var wait, TestContext.Current.CancellationToken));
            Assert.False(wait.IsCompleted);
            Host.Time.Advance(TimeSpan.FromMilliseconds(1));
            await wait.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public void What_waits_for_Web_is_bounded()
    {
        var spool = Host.Services.GetRequiredService<EventSpool>();
        var events = new ConsultationEvents(spool, Host.Time, NullLogger<ConsultationEvents>.Instance, capacity: 3);
        for (var number = 0; number < 5; number++)
            events.Publish(new ConsultationEvent(Guid.NewGuid(), ConsultationEventType.Waiting, World.Clinic, World.Consultation, null, null, Host.Time.GetUtcNow()));

        Assert.True(events.TryTake(out var batch, out _, TestContext.Current.CancellationToken));
        Assert.Equal(3, batch.Count);
    }

    [Fact]
    public async Task Events_of_a_consultation_arrive_in_order_whatever_happens()
    {
        var random = new Random(7);
        Host.Web.Answer = _ => random.Next(3) switch { 0 => HttpStatusCode.InternalServerError, 1 => HttpStatusCode.BadGateway, _ => HttpStatusCode.NoContent };
        var other = new ClinicWorld(Host);
        await World.InCallAsync();
        var (patient, clinician) = await other.InCallAsync();
        await patient.InvokeAsync("Leave");
        await clinician.InvokeAsync("Leave");
        await TestCommands.SendAsync(Host, other.Clinic, ClinicCommandType.Finish, other.Consultation);

        await Host.PassTimeUntilAsync(web => web.Course.Count == 11);

        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected);
        await Host.Web.UntilTakenAsync(
            other.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
            ConsultationEventType.Disconnected, ConsultationEventType.Disconnected, ConsultationEventType.Ended);
    }

    [Fact]
    public async Task An_event_that_Web_calls_wrong_is_dropped_and_the_others_arrive()
    {
        var other = new ClinicWorld(Host);
        Host.Web.Answer = _ => HttpStatusCode.ServiceUnavailable;
        await World.InCallAsync();
        await other.JoinAsync(ParticipantRole.Patient);
        Host.Web.Answer = delivery => delivery.Events.Any(happened => happened.Type == ConsultationEventType.Admitted) ? HttpStatusCode.BadRequest : HttpStatusCode.NoContent;

        await Host.PassTimeUntilAsync(web => web.Taken.Count == 4);

        await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Connected);
        await Host.Web.UntilTakenAsync(other.Consultation, ConsultationEventType.Waiting);
        Assert.Single(Host.Logs.Lines, line => line.Contains("called event", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_consultation_that_Web_cannot_take_holds_no_other_up()
    {
        var stuck = World.Consultation;
        Host.Web.Answer = delivery => delivery.Events.Any(happened => happened.Consultation == stuck) ? HttpStatusCode.InternalServerError : HttpStatusCode.NoContent;
        await World.JoinAsync(ParticipantRole.Patient);
        await Host.Web.UntilAsync(web => web.Attempts.Count == 1);
        var other = new ClinicWorld(Host);

        await other.InCallAsync();

        await Host.Web.UntilTakenAsync(
            other.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected);
        Assert.DoesNotContain(Host.Web.Taken, happened => happened.Consultation == stuck);
    }

    [Fact]
    public async Task Events_survive_a_restart_and_keep_their_order()
    {
        Host.Web.Answer = _ => HttpStatusCode.ServiceUnavailable;
        var (patient, _) = await World.InCallAsync();
        await patient.InvokeAsync("Leave");
        Assert.Equal(5, Directory.GetFiles(Host.SpoolDirectory, "*.json").Length);
        await Host.StopAsync();
        Host.Web.Answer = _ => HttpStatusCode.NoContent;

        await using var again = SignallingHost.Start(Host.Web, Host.SpoolDirectory);
        await Host.Web.UntilTakenAsync(
            World.Consultation,
            ConsultationEventType.Waiting, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected,
            ConsultationEventType.Disconnected);

        var world = new ClinicWorld(again);
        await world.JoinAsync(ParticipantRole.Patient);
        await Host.Web.UntilTakenAsync(world.Consultation, ConsultationEventType.Waiting);
        // What Web has taken is forgotten once its answer has come.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        while (Directory.GetFiles(Host.SpoolDirectory, "*.json").Length > 0)
        {
            limit.Token.ThrowIfCancellationRequested();
            await Host.Web.ChangesWithinAsync(TimeSpan.FromMilliseconds(5));
        }
        await again.StopAsync();
    }

    [Fact]
    public async Task A_damaged_file_in_the_spool_is_set_aside()
    {
        Host.Web.Answer = _ => HttpStatusCode.ServiceUnavailable;
        await World.InCallAsync();
        await Host.StopAsync();
        var damaged = Directory.GetFiles(Host.SpoolDirectory, "*.json").Order().First();
        await File.WriteAllTextAsync(damaged, """{"id":"half of""", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Host.SpoolDirectory, "0000000000000000099.json.new"), "{", TestContext.Current.CancellationToken);
        Host.Web.Answer = _ => HttpStatusCode.NoContent;

        await using var again = SignallingHost.Start(Host.Web, Host.SpoolDirectory);

        await Host.Web.UntilTakenAsync(World.Consultation, ConsultationEventType.Connected, ConsultationEventType.Admitted, ConsultationEventType.Connected);
        Assert.True(File.Exists(Path.ChangeExtension(damaged, ".bad")));
        Assert.Single(again.Logs.Lines, line => line.Contains("set aside", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Web_that_never_answers_is_asked_again()
    {
        await using var host = await SignallingHost.StartAsync(services =>
            services.AddHttpClient(SignedSender.ClientName).ConfigureHttpClient(client => client.Timeout = TimeSpan.FromMilliseconds(200)));
        host.Web.Answer = _ => null;
        var world = new ClinicWorld(host);
        await world.JoinAsync(ParticipantRole.Patient);
        await host.Web.UntilAsync(web => web.Attempts.Count == 1);
        host.Web.Answer = _ => HttpStatusCode.NoContent;

        await host.PassTimeUntilAsync(web => web.Taken.Count > 0);

        await host.Web.UntilTakenAsync(world.Consultation, ConsultationEventType.Waiting);
    }

    [Fact]
    public async Task A_call_goes_on_while_Web_is_away()
    {
        await Host.Web.StopAsync();

        var (patient, clinician) = await World.InCallAsync();
        await ClinicWorld.SayAsync(clinician, "We can talk all the same.");

        await patient.NextAsync("chat");
        Assert.Equal(4, Directory.GetFiles(Host.SpoolDirectory, "*.json").Length);
    }
}
