using System.Globalization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
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

    internal static void Configure(CookieAuthenticationOptions options, Uri publicUrl)
    {
        options.Cookie.Name = CookieName;
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
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = RejectAfterAbsoluteLimitAsync;
    }

    private static async Task RejectAfterAbsoluteLimitAsync(CookieValidatePrincipalContext context)
    {
        var now = context.HttpContext.RequestServices.GetRequiredService<TimeProvider>().GetUtcNow();
        var known = context.Properties.Items.TryGetValue(StartedItem, out var text);
        if (known && long.TryParse(text, CultureInfo.InvariantCulture, out var started) && now < DateTimeOffset.FromUnixTimeSeconds(started) + Absolute)
            return;
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SchemeName);
    }
}
