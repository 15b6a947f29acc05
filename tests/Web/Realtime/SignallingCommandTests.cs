using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Realtime;
using Telemedicine.Web.Tests.Host;

namespace Telemedicine.Web.Tests.Realtime;

public sealed class SignallingCommandTests : WebTest
{
    private static readonly ClinicId Clinic = new(Guid.NewGuid());
    private static readonly ConsultationId Consultation = new(Guid.NewGuid());

    [Fact]
    public async Task A_command_is_signed_and_goes_to_its_clinic()
    {
        Commands.Finish(Clinic, Consultation);

        await Web.Signalling.NextAsync(Cancelled);

        var (command, path, signature, body) = Assert.Single(Web.Signalling.Received);
        Assert.Equal($"/clinics/{Clinic}/commands", path);
        Assert.Equal((ClinicCommandType.Finish, Clinic, (ConsultationId?)Consultation, WebHost.Start), (command.Type, command.Clinic, command.Consultation, command.At));
        Assert.True(MessageSignature.Verify([Web.Key], signature, body, Web.Time.GetUtcNow()));
    }

    [Fact]
    public async Task While_Signalling_is_away_a_command_is_tried_again_with_the_same_id_then_given_up()
    {
        foreach (var answer in new HttpStatusCode?[] { null, HttpStatusCode.ServiceUnavailable, null, HttpStatusCode.BadGateway, null })
            Web.Signalling.Answers.Enqueue(answer);

        Commands.Cancel(Clinic, Consultation);
        for (var attempt = 1; attempt <= 5; attempt++)
        {
            await Web.Signalling.NextAsync(Cancelled);
            await AdvanceUntilAsync(() => attempt == 5 || Web.Signalling.Received.Count > attempt);
        }
        await AdvanceUntilAsync(() => Web.Log.Entries.Any(e => e.EventId == 1213));

        Assert.Equal(5, Web.Signalling.Received.Count);
        Assert.Single(Web.Signalling.Received.Select(r => r.Command.Id).Distinct());
    }

    [Theory]
    [InlineData(HttpStatusCode.Unauthorized)]
    [InlineData(HttpStatusCode.NotFound)]
    public async Task A_refusal_is_not_asked_again(HttpStatusCode refusal)
    {
        Web.Signalling.Answers.Enqueue(refusal);
        Commands.Finish(Clinic, Consultation);
        await Web.Signalling.NextAsync(Cancelled);

        Web.Time.Advance(TimeSpan.FromMinutes(5));
        Commands.ClinicChanged(Clinic);
        await Web.Signalling.NextAsync(Cancelled);

        Assert.Equal([ClinicCommandType.Finish, ClinicCommandType.ClinicChanged], Web.Signalling.Received.Select(r => r.Command.Type));
    }

    private SignallingCommands Commands => Web.Services.GetRequiredService<SignallingCommands>();

    /// <summary>The sender waits on the test's clock; when it has begun to wait cannot be seen, so the clock is turned until it went on.</summary>
    private async Task AdvanceUntilAsync(Func<bool> done)
    {
        while (!done())
        {
            Cancelled.ThrowIfCancellationRequested();
            Web.Time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
        }
    }
}
