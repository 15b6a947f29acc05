using Microsoft.AspNetCore.StaticFiles;
using Telemedicine.Identity.Clients;

namespace Telemedicine.Identity.Hosting;

public static class SecurityHeaders
{
    /// <summary>Puts the same protective headers on every answer, errors and files too.</summary>
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app)
    {
        var clients = app.ApplicationServices.GetRequiredService<ClientRegistry>();

        // Browsers hold a form to form-action through every redirect that follows, so the applications' origins belong to it.
        var policy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; manifest-src 'self'; connect-src 'self'; "
            + $"form-action 'self' {string.Join(' ', clients.RedirectOrigins())}; frame-ancestors 'none'; base-uri 'none'";
        return app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                headers.ContentSecurityPolicy = policy;
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "same-origin";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()";

                // Codes, tokens and personal pages must not stay in a cache (RFC 6749 section 5.1); what may says so itself.
                if (headers.CacheControl.Count == 0 || context.Response.StatusCode >= StatusCodes.Status400BadRequest)
                    headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    /// <summary>A file asked for by its content's hash never changes; any other is asked about again.</summary>
    public static void AllowCaching(StaticFileResponseContext file) =>
        file.Context.Response.Headers.CacheControl = file.Context.Request.Query.ContainsKey("v")
            ? "public, max-age=31536000, immutable"
            : "no-cache";
}
