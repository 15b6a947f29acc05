using System.Net.Http.Headers;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>Posts waiting commands to Signalling, signed, each tried again a few times.</summary>
public sealed partial class SignallingCommandSender(
    SignallingCommands commands, IHttpClientFactory clients, SharedKeys keys, TimeProvider time, ILogger<SignallingCommandSender> logger) : BackgroundService
{
    public const string ClientName = "signalling";

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
            if (await TryAsync(command, cancellationToken))
                return;
            await Task.Delay(pause, time, cancellationToken);
        }
        if (!await TryAsync(command, cancellationToken))
            LogGivenUp(logger, command.Type, command.Clinic, command.Consultation);
    }

    /// <returns>True when nothing is gained by another try.</returns>
    private async Task<bool> TryAsync(ClinicCommand command, CancellationToken cancellationToken)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Default.ClinicCommand);
        using var request = new HttpRequestMessage(HttpMethod.Post, ClinicCommand.PathFor(command.Clinic));
        request.Headers.Add(MessageSignature.Header, MessageSignature.Sign(keys.Signing, body, time.GetUtcNow()));
        request.Content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, cancellationToken);
            var status = (int)response.StatusCode;
            if (!response.IsSuccessStatusCode)
                LogRefused(logger, command.Type, command.Clinic, command.Consultation, status);
            return response.IsSuccessStatusCode || status is 400 or 401 or 404;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            LogUnreachable(logger, command.Type, command.Clinic, command.Consultation);
            return false;
        }
    }

    [LoggerMessage(1211, LogLevel.Warning, "Signalling answered {Status} to {Type} of clinic {Clinic}, consultation {Consultation}")]
    private static partial void LogRefused(ILogger logger, ClinicCommandType type, ClinicId clinic, ConsultationId? consultation, int status);

    [LoggerMessage(1212, LogLevel.Warning, "Signalling cannot be reached for {Type} of clinic {Clinic}, consultation {Consultation}")]
    private static partial void LogUnreachable(ILogger logger, ClinicCommandType type, ClinicId clinic, ConsultationId? consultation);

    [LoggerMessage(1213, LogLevel.Error, "Signalling was not told {Type} of clinic {Clinic}, consultation {Consultation}: given up")]
    private static partial void LogGivenUp(ILogger logger, ClinicCommandType type, ClinicId clinic, ConsultationId? consultation);
}
