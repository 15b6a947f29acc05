using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Telemedicine.Identity.Clients;

namespace Telemedicine.Identity.Connect;

/// <summary>
/// Which application is calling: its id and secret in an Authorization header or in the form (RFC 6749 section 2.3.1), or an assertion that
/// it signed (RFC 7523 section 2.2), never two of them.
/// </summary>
public sealed class ClientAuthentication(ClientRegistry clients, ClientAssertions assertions)
{
    public static IReadOnlyList<string> Methods { get; } = ["client_secret_basic", "client_secret_post", "private_key_jwt"];

    /// <summary>Reads the form that an application posts to an endpoint of ours, and who it is.</summary>
    /// <returns>Both, or the answer that refuses it.</returns>
    internal async Task<(Client? Client, ProtocolParameters? Form, IResult Refusal)> ReadAsync(HttpContext context)
    {
        if (!context.Request.HasFormContentType)
            return (null, null, OAuthError.BadRequest(OAuthErrors.InvalidRequest, "The request must be a form (application/x-www-form-urlencoded)."));
        var form = new ProtocolParameters(await context.Request.ReadFormAsync(context.RequestAborted));
        if (form.HasRepeats)
            return (null, null, OAuthError.BadRequest(OAuthErrors.InvalidRequest, "A parameter is repeated."));
        var (client, error) = await AuthenticateAsync(context.Request, form);
        return (client, form, error == OAuthErrors.InvalidClient
            ? new OAuthError(StatusCodes.Status401Unauthorized, error, "The client is unknown, or did not prove itself.")
            : OAuthError.BadRequest(OAuthErrors.InvalidRequest, "Prove the client in one way only, and give its own id."));
    }

    /// <returns>The client, or the OAuth error that refuses it.</returns>
    private async Task<(Client? Client, string Error)> AuthenticateAsync(HttpRequest request, ProtocolParameters form)
    {
        var header = request.Headers.Authorization.ToString();
        var secret = form["client_secret"];
        var assertion = form["client_assertion"];
        if ((header.Length > 0 ? 1 : 0) + (secret is null ? 0 : 1) + (assertion is null ? 0 : 1) > 1)
            return (null, OAuthErrors.InvalidRequest);

        var client = header.Length > 0 ? WithSecret(ReadBasic(header))
            : assertion is not null ? await assertions.VerifyAsync(form["client_assertion_type"], assertion)
            : WithSecret((form["client_id"], secret));
        if (client is null)
            return (null, OAuthErrors.InvalidClient);

        // With the header or an assertion, client_id may still stand in the form, but it must not say something else.
        return form["client_id"] is { } named && named != client.Id ? (null, OAuthErrors.InvalidRequest) : (client, string.Empty);
    }

    private Client? WithSecret((string? Id, string? Secret) given) =>
        given is { Id: { } id, Secret: { } secret } && clients.Find(id) is { } client && client.HasSecret(secret) ? client : null;

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
