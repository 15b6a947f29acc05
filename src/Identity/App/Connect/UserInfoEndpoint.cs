using System.Net.Http.Headers;

namespace Telemedicine.Identity.Connect;

/// <summary>OpenID Connect Core section 5.3: claims for the bearer of an access token (RFC 6750).</summary>
public sealed class UserInfoEndpoint(TokenLookup tokens, PersonClaims people)
{
    public const string Path = "/connect/userinfo";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (await ReadTokenAsync(context.Request) is not { } token)
            return Challenge(context, "Bearer realm=\"userinfo\"");

        if (await tokens.FindAsync(token, context.RequestAborted) is not { IsRefreshToken: false, Session.Account: { } account } found)
            return Challenge(context, $"Bearer realm=\"userinfo\", error=\"{OAuthErrors.InvalidToken}\"");

        var claims = await people.OfAsync(account, found.ClientId, found.Scope, context.RequestAborted);
        return Results.Json(claims, ConnectJson.Default.DictionaryStringObject);
    }

    /// <summary>RFC 6750 sections 2.1 and 2.2. Not from the query (2.3): addresses end up in logs.</summary>
    private static async Task<string?> ReadTokenAsync(HttpRequest request)
    {
        if (AuthenticationHeaderValue.TryParse(request.Headers.Authorization, out var header))
            return header.Scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? header.Parameter : null;
        return HttpMethods.IsPost(request.Method) && request.HasFormContentType
            ? new ProtocolParameters(await request.ReadFormAsync(request.HttpContext.RequestAborted))["access_token"]
            : null;
    }

    /// <summary>RFC 6750 section 3.</summary>
    private static IResult Challenge(HttpContext context, string challenge)
    {
        context.Response.Headers.WWWAuthenticate = challenge;
        return Results.Json(
            new ErrorBody(OAuthErrors.InvalidToken, "A valid access token is needed."),
            ConnectJson.Default.ErrorBody,
            statusCode: StatusCodes.Status401Unauthorized);
    }
}
