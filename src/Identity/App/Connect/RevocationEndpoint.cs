namespace Telemedicine.Identity.Connect;

/// <summary>RFC 7009: an application gives back a token that it no longer needs.</summary>
public sealed class RevocationEndpoint(ClientAuthentication authentication, TokenLookup tokens)
{
    public const string Path = "/connect/revoke";

    /// <summary>
    /// A token that is unknown, or another client's, is answered like one that was revoked (section 2.2): the answer must not tell which
    /// tokens exist. token_type_hint is not needed to find one.
    /// </summary>
    public async Task<IResult> HandleAsync(HttpContext context)
    {
        var (client, form, refusal) = await authentication.ReadAsync(context);
        if (client is null || form is null)
            return refusal;
        if (form["token"] is not { } token)
            return OAuthError.BadRequest(OAuthErrors.InvalidRequest, "token is missing.");
        await tokens.RevokeAsync(client, token);
        return Results.Ok();
    }
}
