using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>
/// Where somebody was going who must first read an email: kept in this browser, a little shorter than an application keeps what it needs for
/// the way back. On another device, or later, the application begins anew.
/// </summary>
public static class ReturnAddress
{
    private const string CookieName = "telemedicine-identity-return";

    /// <summary>What a cookie holds with its name and attributes (RFC 6265 section 6.1).</summary>
    private const int LongestAddress = 3500;

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    /// <param name="address">An address on this service.</param>
    public static void Keep(HttpContext context, string address)
    {
        if (Uri.EscapeDataString(address).Length <= LongestAddress)
            context.Response.Cookies.Append(CookieName, address, Options(context, Kept));
    }

    /// <summary>Reads it and forgets it. It comes from the browser: check that it is local.</summary>
    public static string? Take(HttpContext context)
    {
        if (context.Request.Cookies[CookieName] is not { Length: > 0 } address)
            return null;
        context.Response.Cookies.Delete(CookieName, Options(context, maxAge: null));
        return address;
    }

    private static CookieOptions Options(HttpContext context, TimeSpan? maxAge) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Lax,
        Secure = context.RequestServices.GetRequiredService<ProviderSettings>().IsHttps || context.Request.IsHttps,
        MaxAge = maxAge,
        IsEssential = true,
    };
}
