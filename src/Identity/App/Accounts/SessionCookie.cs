using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Accounts;

/// <summary>The cookie that names a <see cref="Session"/>. Every request that carries it is checked against the session's row.</summary>
public sealed class SessionCookie(Sessions sessions) : CookieAuthenticationEvents
{
    public const string Scheme = "session";

    public static void Configure(CookieAuthenticationOptions options, ProviderSettings settings)
    {
        options.Cookie.Name = "telemedicine-identity";
        options.Cookie.HttpOnly = true;

        // Lax, not Strict: an application's redirect here comes from another site and must find the session.
        options.Cookie.SameSite = SameSiteMode.Lax;
        options.Cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        options.ExpireTimeSpan = Session.IdleLifetime;
        options.SlidingExpiration = true;
        options.LoginPath = "/account/sign-in";
        options.ReturnUrlParameter = "returnUrl";
        options.EventsType = typeof(SessionCookie);
    }

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var session = Guid.TryParse(context.Principal?.FindFirst(Sessions.SessionIdClaim)?.Value, out var id)
            ? await sessions.FindActiveAsync(id, context.HttpContext.RequestAborted)
            : null;
        if (session?.CookieKey.ToString() != context.Principal?.FindFirst(Sessions.CookieKeyClaim)?.Value)
            session = null;
        context.HttpContext.Features.Set(session);
        if (session is null)
            context.RejectPrincipal();
    }

    /// <summary>Relative, where the base class would build the address from the Host header.</summary>
    public override Task RedirectToLogin(RedirectContext<CookieAuthenticationOptions> context)
    {
        var returnUrl = context.Request.PathBase + context.Request.Path + context.Request.QueryString;
        context.Response.Redirect(context.Options.LoginPath + QueryString.Create(context.Options.ReturnUrlParameter, returnUrl));
        return Task.CompletedTask;
    }

    /// <summary>No page for it: an address that somebody may not open answers 403 itself.</summary>
    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
