using System.Net.Http.Headers;
using System.Text.Json.Serialization;
using Telemedicine.Mail;

namespace Telemedicine.Web.Messages;

/// <summary>
/// Sends text messages through a provider's web address: a POST of JSON with a bearer key, answered by 2xx when it is taken. The same message sent twice has the same
/// Idempotency-Key, so that the provider sends it once.
/// </summary>
public sealed class HttpTextCarrier(TextSettings settings, IHttpClientFactory clients) : IMessageCarrier
{
    public const string ClientName = "text-messages";

    public async Task<Delivery> CarryAsync(OutgoingMessage message, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, settings.Url);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", settings.Key);
        request.Headers.Add("Idempotency-Key", message.Id.ToString());
        request.Content = JsonContent.Create(new TextMessage(message.Address, settings.Sender, message.Body, message.Id.ToString()), TextMessageJson.Default.TextMessage);
        try
        {
            using var client = clients.CreateClient(ClientName);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            return status switch
            {
                >= 200 and < 300 => new Delivery.Delivered(),
                // A wrong key or an empty account is set right by people, and then it works.
                401 or 402 or 403 or 408 or 409 or 425 or 429 or >= 500 => new Delivery.TryLater($"The text message provider answered {status}."),
                _ => new Delivery.Refused($"The text message provider refused it with {status}."),
            };
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return new Delivery.TryLater("The text message provider could not be reached.");
        }
    }
}

/// <param name="To">E.164.</param>
internal sealed record TextMessage(string To, string From, string Text, string Reference);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TextMessage))]
internal sealed partial class TextMessageJson : JsonSerializerContext;
