using Telemedicine.Identity.Clients;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 6749 section 4.4: one of our services asks for itself; no person stands behind the token.</summary>
public sealed class ClientCredentialsGrant(TokenIssuer tokens)
{
    public async Task<IResult> IssueAsync(Client client, ProtocolParameters form)
    {
        var asked = form["scope"] is { } scope ? Scopes.Split(scope) : [.. client.ServiceScopes];
        if (asked.Except(client.ServiceScopes, StringComparer.Ordinal).Any())
            return OAuthError.BadRequest(OAuthErrors.InvalidScope, "The client may not ask for one of these scopes for itself.");
        return Results.Json(
            await tokens.ForClientAsync(client, string.Join(' ', asked.Distinct(StringComparer.Ordinal))), ConnectJson.Default.TokenBody);
    }
}
