using System.Net.Http.Headers;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>OpenID Connect Core section 5.3: claims for the bearer of an access token (RFC 6750).</summary>
public sealed class UserInfoEndpoint(AccountsDbContext database, Sessions sessions, PersonClaims people, TimeProvider clock)
{
    public const string Path = "/connect/userinfo";

    public async Task<IResult> HandleAsync(HttpContext context)
    {
        if (await ReadTokenAsync(context.Request) is not { } token)
            return Challenge(context, "Bearer realm=\"userinfo\"");

        var now = clock.GetUtcNow();
        var hash = OpaqueSecret.Hash(token);
        var grant = await database.AccessTokens.AsNoTracking()
            .Where(row => row.TokenHash == hash && row.ExpiresAt > now)
            .Select(row => row.Grant)
            .SingleOrDefaultAsync(context.RequestAborted);
        if (grant is null
            || grant.RevokedAt is not null
            || await sessions.FindActiveAsync(grant.SessionId, context.RequestAborted) is not { Account: { } account })
        {
            return Challenge(context, $"Bearer realm=\"userinfo\", error=\"{OAuthErrors.InvalidToken}\"");
        }

        var claims = await people.OfAsync(account, grant.Scope, context.RequestAborted);
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
