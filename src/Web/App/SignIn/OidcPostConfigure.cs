using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.SignIn;

/// <summary>Makes what the handler needs from the settings, once: the back channel, the provider's metadata and the state's protector.</summary>
internal sealed class OidcPostConfigure(IDataProtectionProvider dataProtection, TimeProvider time) : IPostConfigureOptions<OidcOptions>
{
    public void PostConfigure(string? name, OidcOptions options)
    {
        options.DataProtectionProvider ??= dataProtection;
        options.StateFormat ??= new PropertiesDataFormat(options.DataProtectionProvider.CreateProtector("Telemedicine.Web.SignIn", "state", "v1"));
        // The answer comes by GET from another site's page, so Lax is as strict as it can be; None would need https even on loopback.
        options.CorrelationCookie.Name = "telemedicine-web-correlation.";
        options.CorrelationCookie.SameSite = SameSiteMode.Lax;
        options.CorrelationCookie.HttpOnly = true;
        options.CorrelationCookie.SecurePolicy = CookiePolicies.SecureFor(options.PublicUrl);
        options.Backchannel ??= new HttpClient(options.BackchannelHttpHandler ?? new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            Timeout = options.BackchannelTimeout,
            MaxResponseContentBufferSize = 1024 * 1024,
        };
        if (Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority))
            options.Provider ??= new ProviderMetadata(authority, options.Backchannel, time);
    }
}
