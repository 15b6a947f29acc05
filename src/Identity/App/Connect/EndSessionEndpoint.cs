using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;

namespace Telemedicine.Identity.Connect;

/// <summary>OpenID Connect RP-Initiated Logout 1.0.</summary>
public sealed partial class EndSessionEndpoint(
    ClientRegistry clients, IdTokens idTokens, Subjects subjects, Sessions sessions, ILogger<EndSessionEndpoint> logger)
{
    public const string Path = "/connect/end-session";

    public const string SignOutPage = "/account/sign-out";

    public const string SignedOutPage = "/account/signed-out";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        // As at the authorization endpoint: a form from another site comes without our cookie.
        if (HttpMethods.IsPost(context.Request.Method))
            return await SeeOther.WithFormAsync(Path, context.Request);

        var parameters = new ProtocolParameters(context.Request.Query);
        var hint = parameters["id_token_hint"] is { } token ? await idTokens.ReadHintAsync(token, context.RequestAborted) : null;
        if (hint is not null && parameters["client_id"] is { } named && named != hint.Client.Id)
            hint = null;

        var client = hint?.Client ?? clients.Find(parameters["client_id"]);
        var returnTo = ReturnAddress(client, parameters["post_logout_redirect_uri"], parameters["state"]);
        if (parameters["post_logout_redirect_uri"] is not null && returnTo is null)
            ReturnRefused();

        // Section 2: without a hint that fits the session, ask. Else any site could sign people out, or bounce them through here.
        var session = Sessions.Current(context);
        var isTheirs = hint is not null && (session is null || hint.Subject == subjects.Of(hint.Client, session.AccountId));
        if (isTheirs)
        {
            await sessions.SignOutAsync(context);
            return Results.Redirect(returnTo ?? SignedOutPage);
        }

        if (session is null)
            return Results.Redirect(SignedOutPage);
        return Results.Redirect(returnTo is null || client is null
            ? SignOutPage
            : QueryHelpers.AddQueryString(SignOutPage, new Dictionary<string, string?>
            {
                ["clientId"] = client.Id,
                ["returnUri"] = parameters["post_logout_redirect_uri"],
                ["state"] = parameters["state"],
            }));
    }

    /// <summary>Section 3: the address must be registered for the client, character by character.</summary>
    public static string? ReturnAddress(Client? client, string? uri, string? state)
    {
        if (client is null || uri is null || !client.PostLogoutRedirectUris.Contains(uri, StringComparer.Ordinal))
            return null;
        return state is null ? uri : QueryHelpers.AddQueryString(uri, "state", state);
    }
}
