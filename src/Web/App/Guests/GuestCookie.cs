using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Guests;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Guests;

/// <summary>
/// A guest's session: a scheme of its own, which no page of a person with an account looks at. It is good for one consultation, and every
/// request asks whether the guest may still be there.
/// </summary>
public static class GuestCookie
{
    public const string SchemeName = "guest";
    public const string CookieName = "telemedicine-guest";
    public const string Path = "/guest";
    public const string EndedPath = "/join/ended";

    private const string GuestClaim = "guest";
    private const string SeatClaim = "seat";

    internal static void Configure(CookieAuthenticationOptions options, Uri publicUrl)
    {
        options.Cookie.Name = CookieName;
        // Also on /join, so that whoever opens the link again in the same browser is let straight in.
        options.Cookie.Path = "/";
        options.Cookie.HttpOnly = true;
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = CookiePolicies.SecureFor(publicUrl);
        options.ExpireTimeSpan = TimeSpan.FromHours(12);
        options.SlidingExpiration = true;
        options.Events.OnRedirectToLogin = options.Events.OnRedirectToAccessDenied = context =>
        {
            // A script is told; a person is led to a page that says why.
            if (HttpMethods.IsGet(context.Request.Method))
                context.Response.Redirect(EndedPath);
            else
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return Task.CompletedTask;
        };
        options.Events.OnValidatePrincipal = RejectWhoIsOverAsync;
    }

    public static Task SignInAsync(HttpContext context, GuestId guest, Guid seat) =>
        context.SignInAsync(SchemeName, new ClaimsPrincipal(new ClaimsIdentity([new(GuestClaim, guest.ToString()), new(SeatClaim, seat.ToString())], SchemeName)));

    /// <summary>The guest of this request; null for anybody else.</summary>
    public static GuestAtConsultation? GuestOf(this HttpContext context) => context.Features.Get<GuestAtConsultation>();

    private static async Task RejectWhoIsOverAsync(CookieValidatePrincipalContext context)
    {
        var guests = context.HttpContext.RequestServices.GetRequiredService<GuestService>();
        if (GuestId.TryParse(context.Principal?.FindFirst(GuestClaim)?.Value, null, out var id) && Guid.TryParse(context.Principal?.FindFirst(SeatClaim)?.Value, out var seat)
            && await guests.FindSeatAsync(id, seat, context.HttpContext.RequestAborted) is { } guest)
        {
            context.HttpContext.Features.Set(guest);
            return;
        }
        context.RejectPrincipal();
        await context.HttpContext.SignOutAsync(SchemeName);
    }
}
