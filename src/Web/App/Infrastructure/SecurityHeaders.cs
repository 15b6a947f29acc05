using Telemedicine.Web.Files;
using Telemedicine.Web.Pages;

namespace Telemedicine.Web.Infrastructure;

/// <summary>Headers that narrow what a page may do. Nothing inline runs or styles; calls reach Signalling and nowhere else.</summary>
internal static class SecurityHeaders
{
    public static IApplicationBuilder UseSecurityHeaders(this IApplicationBuilder app, WebOptions web)
    {
        var signalling = Origin(web.SignallingPublicUrl);
        var webSocket = (web.SignallingPublicUrl.Scheme == Uri.UriSchemeHttps ? "wss://" : "ws://") + web.SignallingPublicUrl.Authority;
        var policy = string.Join("; ",
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' data:",
            "font-src 'self'",
            "manifest-src 'self'",
            "media-src 'self' blob:",
            $"connect-src 'self' {signalling} {webSocket}",
            // Signing in and out are answers to forms here, and lead to the provider.
            $"form-action 'self' {Origin(web.Authority)}",
            "base-uri 'none'",
            "frame-ancestors 'none'");
        var blurring = policy.Replace("script-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", StringComparison.Ordinal);
        var https = web.PublicUrl.Scheme == Uri.UriSchemeHttps;
        return app.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                var headers = context.Response.Headers;
                var call = context.GetEndpoint()?.Metadata.GetMetadata<CallPageAttribute>();
                headers.ContentSecurityPolicy = call is { Blurs: true } ? blurring : context.GetEndpoint()?.Metadata.GetMetadata<SandboxedAttribute>() is null ? policy : $"{policy}; sandbox";
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = "DENY";
                headers["Referrer-Policy"] = "same-origin";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                headers["Permissions-Policy"] = call is null
                    ? "camera=(), microphone=(), display-capture=(), geolocation=()"
                    : "camera=(self), microphone=(self), autoplay=(self), display-capture=(self), geolocation=()";
                if (https)
                    headers.StrictTransportSecurity = "max-age=31536000";
                // A page about a person must not stay in a shared computer's cache.
                if (headers.ContentType.ToString().StartsWith("text/html", StringComparison.Ordinal))
                    headers.CacheControl = "no-store";
                return Task.CompletedTask;
            });
            return next(context);
        });
    }

    private static string Origin(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
