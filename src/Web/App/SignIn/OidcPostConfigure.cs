using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.SignIn;

/// <summary>Makes what the handler needs from the settings, once: the back channel, the provider's metadata and the state's protector.</summary>
internal sealed class OidcPostConfigure(IDataProtectionProvider dataProtection) : IPostConfigureOptions<OidcOptions>
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
        if (options.Provider is not null || !Uri.TryCreate(options.Authority, UriKind.Absolute, out var authority))
            return;
        options.Provider = new ConfigurationManager<OpenIdConnectConfiguration>(
            options.Authority.TrimEnd('/') + "/.well-known/openid-configuration",
            new OpenIdConnectConfigurationRetriever(),
            new HttpDocumentRetriever(options.Backchannel) { RequireHttps = !authority.IsLoopback })
        {
            // An unknown key id asks for the keys again, at most this often.
            RefreshInterval = TimeSpan.FromSeconds(30),
        };
    }
}
