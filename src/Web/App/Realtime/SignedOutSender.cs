using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Realtime;

/// <summary>
/// Tells Signalling which sign-ins have ended, so that calls end with them: at once, and again until it has heard. What is to be told stands in the database, so that a
/// restart between the two loses nothing, and any number of instances may tell it.
/// </summary>
public sealed partial class SignedOutSender(
    SignOutSignal signal, IServiceScopeFactory scopes, SignallingClient signalling, TimeProvider time, ILogger<SignedOutSender> logger) : BackgroundService
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(5);

    /// <summary>A node that hangs must not hold up the others.</summary>
    private const int AtOnce = 8;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await TellAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is DbUpdateException or System.Data.Common.DbException or TimeoutException)
            {
                LogRoundFailed(logger, failure.GetType().Name);
            }
            await signal.WaitAsync(Round, time, stoppingToken);
        }
    }

    private async Task TellAsync(CancellationToken cancellationToken)
    {
        List<HubSignIn> ended;
        await using (var scope = scopes.CreateAsyncScope())
            ended = await scope.ServiceProvider.GetRequiredService<HubSignIns>().EndedAsync(cancellationToken);
        await Parallel.ForEachAsync(ended, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (row, stop) =>
        {
            var command = new ClinicCommand(Guid.NewGuid(), ClinicCommandType.SignOut, new ClinicId(row.Clinic.Value), null, time.GetUtcNow(), SignIn: new SignInId(row.SignIn));
            if (!await signalling.SendAsync(command, stop))
                return;
            await using var scope = scopes.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<HubSignIns>().ForgetAsync(row);
        });
    }

    [LoggerMessage(1231, LogLevel.Error, "Signalling could not be told who was signed out: {Reason}")]
    private static partial void LogRoundFailed(ILogger logger, string reason);
}
