using System.Net;
using System.Text.Json;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tests.Hosting;

/// <summary>Sends commands as Web does.</summary>
public static class TestCommands
{
    public static async Task SendAsync(SignallingHost host, ClinicId clinic, ClinicCommandType type, ConsultationId? consultation, ParticipantId? participant = null, SignInId? signIn = null)
    {
        var command = new ClinicCommand(Guid.NewGuid(), type, clinic, consultation, host.Time.GetUtcNow(), participant, signIn);
        var body = JsonSerializer.SerializeToUtf8Bytes(command, ContractsJson.Default.ClinicCommand);
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(host, clinic, body, MessageSignature.Sign(TestTickets.Key, body, host.Time.GetUtcNow())));
    }

    public static async Task<HttpStatusCode> PostAsync(SignallingHost host, ClinicId clinic, byte[] body, string? signature)
    {
        using var client = host.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, ClinicCommand.PathFor(clinic)) { Content = new ByteArrayContent(body) };
        if (signature is not null)
            request.Headers.Add(MessageSignature.Header, signature);
        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
