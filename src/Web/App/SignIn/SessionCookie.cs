using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.Extensions.Options;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.SignIn;

/// <summary>The session at Web: 30 minutes idle, 12 hours in all, whatever the person does.</summary>
public static class SessionCookie
{
    public const string SchemeName = "session";
    public const string CookieName = "telemedicine-web";

    public static readonly TimeSpan Idle = TimeSpan.FromMinutes(30);
    public static readonly TimeSpan Absolute = TimeSpan.FromHours(12);

    private const string StartedItem = "started";
    private const string IdItem = "id";

    /// <summary>Which of the person's sign-ins this request comes from, and when it began; null for anybody else.</summary>
    public static (Guid Id, DateTimeOffset Start)? SignInOf(HttpContext context) =>
        context.Features.Get<IAuthenticateResultFeature>()?.AuthenticateResult is { Succeeded: true, Properties: { } properties } ? SignInOf(properties) : null;

    internal static void Configure(CookieAuthenticationOptions options, Uri publicUrl)
    {
        options.Cookie.Name = CookieName;
        // One session, also under the addresses of a carer.
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookiePolicies.SecureFor(publicUrl);
        options.ExpireTimeSpan = Idle;
        options.SlidingExpiration = true;
        options.AccessDeniedPath = "/error/403";
        options.Events.OnRedirectToAccessDenied = context =>
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return Task.CompletedTask;
        };
        options.Events.OnSigningIn = context =>
        {
            var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
            context.Properties.Items[StartedItem] = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            context.Properties.Items[IdItem] = Guid.NewGuid().ToString();
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = RejectWhatIsOverAsync;
    }

    /// <summary>The session is older than it may be, or the provider said that the sign-in it came from has ended.</summary>
    private static async Task RejectWhatIsOverAsync(CookieValidatePrincipalContext context)
    {
        if (SignInOf(context.Properties) is (_, var start) && !IsTooOld(context, start) && !await HasEndedAsync(context, start))
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SchemeName);
    }

    private static (Guid Id, DateTimeOffset Start)? SignInOf(AuthenticationProperties properties) =>
        properties.Items.TryGetValue(StartedItem, out var text) && long.TryParse(text, CultureInfo.InvariantCulture, out var started)
        && properties.Items.TryGetValue(IdItem, out var idText) && Guid.TryParse(idText, out var id)
            ? (id, DateTimeOffset.FromUnixTimeSeconds(started))
            : null;

    private static bool IsTooOld(CookieValidatePrincipalContext context, DateTimeOffset start) =>
        context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow() >= start + Absolute;

    private static Task<bool> HasEndedAsync(CookieValidatePrincipalContext context, DateTimeOffset start)
    {
        var services = context.HttpContext.RequestServices;
        return services.GetRequiredService<EndedSessions>().HasEndedAsync(
            services.GetRequiredService<IOptionsMonitor<OidcOptions>>().Get(OidcHandler.SchemeName).Authority,
            context.Principal?.FindFirst(SessionClaims.Session)?.Value,
            context.Principal?.FindFirst(SessionClaims.Subject)?.Value,
            start,
            context.HttpContext.RequestAborted);
    }
}
