using Microsoft.AspNetCore.Mvc;

namespace Telemedicine.Web.Infrastructure;

internal static class PagesExtensions
{
    /// <summary>Razor Pages with access set by folder, and cookies of names that do not clash with the neighbours' on the same host.</summary>
    public static IServiceCollection AddPages(this IServiceCollection services, WebOptions web)
    {
        var secure = CookiePolicies.SecureFor(web.PublicUrl);
        services.AddRazorPages(Access.ByFolder);
        services.AddRouting(options => options.LowercaseUrls = true);
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = "telemedicine-web-antiforgery";
            options.Cookie.Path = "/";
            options.Cookie.SecurePolicy = secure;
            options.HeaderName = "RequestVerificationToken";
            options.SuppressXFrameOptionsHeader = true;
        });
        services.Configure<CookieTempDataProviderOptions>(options =>
        {
            options.Cookie.Name = "telemedicine-web-notice";
            options.Cookie.Path = "/";
            options.Cookie.SecurePolicy = secure;
        });
        return services;
    }
}
