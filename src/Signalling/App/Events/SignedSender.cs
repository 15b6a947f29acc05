using System.Net;
using System.Net.Http.Headers;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Events;

/// <summary>Posts JSON to Web, signed with the shared key.</summary>
public sealed class SignedSender(IHttpClientFactory clients, SignallingSettings settings, TimeProvider time)
{
    public const string ClientName = "events";

    /// <param name="path">At Web's internal address.</param>
    /// <returns>Web's answer, or null if there was none.</returns>
    public async Task<HttpStatusCode?> PostAsync(string path, byte[] body, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(settings.WebInternalUrl, path));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(MessageSignature.Header, MessageSignature.Sign(settings.Keys[0], body, time.GetUtcNow()));

        try
        {
            using var response = await clients.CreateClient(ClientName).SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stopping);
            return response.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException)
        {
            return null;
        }
    }
}
