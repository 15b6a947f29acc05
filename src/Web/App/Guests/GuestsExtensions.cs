using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Guests;

internal static class GuestsExtensions
{
    private const string TrustedProxies = "Web:TrustedProxies";

    /// <summary>People who join one consultation by a link.</summary>
    public static IServiceCollection AddGuests(this IServiceCollection services, WebOptions web)
    {
        services.AddAuthentication().AddCookie(GuestCookie.SchemeName, options => GuestCookie.Configure(options, web.PublicUrl));
        services.AddSingleton<GuestAttempts>();
        services.AddScoped<GuestSessions>();
        return services;
    }

    /// <summary>Believes X-Forwarded-For of the named proxies only, so that limits see the browser's address. With no proxy named nothing is believed.</summary>
    public static IApplicationBuilder UseTrustedProxies(this IApplicationBuilder app, IConfiguration configuration)
    {
        var proxies = configuration.GetSection(TrustedProxies).GetChildren()
            .Select(entry => IPAddress.TryParse(entry.Value, out var proxy) ? proxy : throw new StartRefusedException($"{TrustedProxies} must hold IP addresses.")).ToList();
        // The middleware takes an empty list to mean everyone, so it must not run at all then.
        if (proxies.Count == 0)
            return app;
        var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        proxies.ForEach(options.KnownProxies.Add);
        return app.UseForwardedHeaders(options);
    }
}
