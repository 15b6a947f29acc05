using Microsoft.Extensions.Options;

namespace Telemedicine.Web.SignIn;

/// <summary>
/// Where the provider says that a sign-in ended (OpenID Connect Back-Channel Logout 1.0 sections 2.5 to 2.8). 200: taken in, now or before;
/// 400: not a logout token of the provider's for us; 503: the provider's keys cannot be read now.
/// </summary>
public sealed partial class BackChannelLogout(
    IOptionsMonitor<OidcOptions> options, LogoutTokenValidator tokens, EndedSessions sessions, SignOutSignal signal, ILogger<BackChannelLogout> logger)
{
    public const string Path = "/signout-backchannel";

    private const int MaxBody = 32 * 1024;

    public static void Map(IEndpointRouteBuilder app) =>
        app.MapPost(Path, (HttpContext context, BackChannelLogout endpoint) => endpoint.TakeAsync(context)).AllowAnonymous().DisableAntiforgery();

    private async Task<IResult> TakeAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (!context.Request.HasFormContentType || context.Request.ContentLength is null or > MaxBody)
            return Refused("Form");
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["logout_token"] is not [{ Length: > 0 } token])
            return Refused("Form");
        var oidc = options.Get(OidcHandler.SchemeName);
        if (oidc.Provider is not { } metadata)
            throw new InvalidOperationException("Signing in is not set up.");
        try
        {
            var provider = await metadata.GetAsync(context.RequestAborted);
            var (ended, reason) = await tokens.ValidateAsync(oidc, provider, token, context.RequestAborted);
            if (ended is null)
                return Refused(reason);
            await sessions.EndAsync(oidc.Authority, ended.Session, ended.Subject, CancellationToken.None);
            signal.Set();
            return Results.Ok();
        }
        catch (InvalidOperationException) when (!context.RequestAborted.IsCancellationRequested)
        {
            // The keys cannot be read: the provider tries again.
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private IResult Refused(string? reason)
    {
        LogRefused(logger, reason);
        return Results.Json(new { error = "invalid_request" }, statusCode: StatusCodes.Status400BadRequest);
    }

    [LoggerMessage(1005, LogLevel.Warning, "Logout token refused: {Reason}")]
    private static partial void LogRefused(ILogger logger, string? reason);
}
