using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>Sends waiting commands to Signalling, each tried again a few times.</summary>
public sealed partial class SignallingCommandSender(
    SignallingCommands commands, SignallingClient signalling, TimeProvider time, ILogger<SignallingCommandSender> logger) : BackgroundService
{
    /// <summary>Between tries; after the last the command is given up.</summary>
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30)];

    /// <summary>A node that hangs must not hold up the commands of other clinics for long.</summary>
    private const int AtOnce = 8;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Parallel.ForEachAsync(
        commands.Waiting.ReadAllAsync(stoppingToken),
        new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = stoppingToken },
        async (command, cancellationToken) => await SendAsync(command, cancellationToken));

    private async Task SendAsync(ClinicCommand command, CancellationToken cancellationToken)
    {
        foreach (var pause in Pauses)
        {
            if (await signalling.SendAsync(command, cancellationToken))
                return;
            await Task.Delay(pause, time, cancellationToken);
        }
        if (!await signalling.SendAsync(command, cancellationToken))
            LogGivenUp(logger, command.Type, command.Clinic, command.Consultation);
    }

    [LoggerMessage(1213, LogLevel.Error, "Signalling was not told {Type} of clinic {Clinic}, consultation {Consultation}: given up")]
    private static partial void LogGivenUp(ILogger logger, ClinicCommandType type, ClinicId clinic, ConsultationId? consultation);
}
