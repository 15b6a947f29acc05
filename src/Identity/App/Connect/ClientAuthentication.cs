using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Telemedicine.Identity.Clients;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 6749 section 2.3.1: the client's id and secret, in an Authorization header or in the form, never both.</summary>
internal static class ClientAuthentication
{
    /// <returns>The client, or the OAuth error that refuses it.</returns>
    public static (Client? Client, string Error) Authenticate(HttpRequest request, ProtocolParameters form, ClientRegistry clients)
    {
        var header = request.Headers.Authorization.ToString();
        var formSecret = form["client_secret"];
        if (header.Length > 0 && formSecret is not null)
            return (null, OAuthErrors.InvalidRequest);

        var (id, secret) = header.Length > 0 ? ReadBasic(header) : (form["client_id"], formSecret);
        if (id is null || secret is null || clients.Find(id) is not { } client || !client.HasSecret(secret))
            return (null, OAuthErrors.InvalidClient);

        // With the header, client_id may still stand in the form, but it must not say something else.
        return form["client_id"] is { } named && named != client.Id ? (null, OAuthErrors.InvalidRequest) : (client, string.Empty);
    }

    /// <summary>Both halves are form-urlencoded before they are joined and encoded.</summary>
    private static (string? Id, string? Secret) ReadBasic(string header)
    {
        if (!AuthenticationHeaderValue.TryParse(header, out var value)
            || !value.Scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase)
            || value.Parameter is not { } parameter)
        {
            return (null, null);
        }

        var bytes = new byte[parameter.Length];
        if (!Convert.TryFromBase64String(parameter, bytes, out var length))
            return (null, null);
        var pair = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return pair.Length == 2 ? (WebUtility.UrlDecode(pair[0]), WebUtility.UrlDecode(pair[1])) : (null, null);
    }
}
