using System.Net.Http.Headers;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Web.Realtime;

/// <summary>Posts a command to Signalling, signed.</summary>
public sealed partial class SignallingClient(IHttpClientFactory clients, SharedKeys keys, TimeProvider time, ILogger<SignallingClient> logger)
{
    public const string ClientName = "signalling";

    /// <returns>True when nothing is gained by another try.</returns>
    public async Task<bool> SendAsync(ClinicCommand command, CancellationToken cancellationToken)
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
}
