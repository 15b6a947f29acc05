using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect;

/// <summary>RFC 7662: one of our services asks what a token that it was shown is worth.</summary>
public sealed class IntrospectionEndpoint(ClientAuthentication authentication, TokenLookup tokens, Subjects subjects, ProviderSettings settings)
{
    public const string Path = "/connect/introspect";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var (client, form, refusal) = await authentication.ReadAsync(context);
        if (client is null || form is null)
            return refusal;
        if (form["token"] is not { } token)
            return OAuthError.BadRequest(OAuthErrors.InvalidRequest, "token is missing.");

        // Section 2.2: whoever may not know of a token learns that it is not active, and no more. A client may look at its own.
        var found = await tokens.FindAsync(token, context.RequestAborted);
        if (found is null || (!client.MayIntrospect && found.ClientId != client.Id))
            return Results.Json(new IntrospectionBody(Active: false), ConnectJson.Default.IntrospectionBody);
        return Results.Json(
            new IntrospectionBody(Active: true)
            {
                Scope = found.Scope,
                ClientId = found.ClientId,
                TokenType = found.IsRefreshToken ? null : "Bearer",
                Exp = found.ExpiresAt.ToUnixTimeSeconds(),
                Iat = found.IssuedAt?.ToUnixTimeSeconds(),
                Sub = found.Session is { } session ? subjects.Of(found.ClientId, session.AccountId) : found.ClientId,
                Sid = found.Session?.Id.ToString(),
                Iss = settings.Issuer,
            },
            ConnectJson.Default.IntrospectionBody);
    }
}
