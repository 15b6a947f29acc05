using Microsoft.AspNetCore.Authentication.OpenIdConnect;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Federation;

public static class FederationServices
{
    /// <summary>Asymmetric ones only: a secret or a public key is never taken for the key of an HMAC.</summary>
    private static readonly string[] Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.EcdsaSha512,
        SecurityAlgorithms.RsaSha256, SecurityAlgorithms.RsaSha384, SecurityAlgorithms.RsaSha512,
        SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSsaPssSha384, SecurityAlgorithms.RsaSsaPssSha512,
    ];

    private static readonly TimeSpan ClockSkew = TimeSpan.FromMinutes(2);

    /// <summary>Signing in with other OpenID providers: each is a client of ASP.NET Core's, under a callback address of its own.</summary>
    public static IServiceCollection AddFederation(this IServiceCollection services, ProviderSettings settings)
    {
        // The client reads a provider's new keys while the first token that they signed waits, not in the background after it was refused.
        AppContext.SetSwitch("Switch.Microsoft.IdentityModel.UpdateConfigAsBlocking", true);
        services.AddSingleton(new FederatedProviders(settings.Federation));
        services.AddScoped<FederatedSignIn>();
        services.AddScoped<Connections>();
        services.AddScoped<FederationEvents>();
        var authentication = services.AddAuthentication().AddCookie(FederatedPerson.Scheme, options => FederatedPerson.Configure(options, settings));
        foreach (var provider in settings.Federation)
        {
            authentication.AddOpenIdConnect(provider.Scheme, provider.Name, _ => { });
            services.AddOptions<OpenIdConnectOptions>(provider.Scheme).Configure<TimeProvider>((options, clock) => Configure(options, provider, settings, clock));
        }

        return services;
    }

    private static void Configure(OpenIdConnectOptions options, FederatedProvider provider, ProviderSettings settings, TimeProvider clock)
    {
        options.Authority = provider.Authority.OriginalString;
        options.MetadataAddress = provider.Authority.OriginalString.TrimEnd('/') + Metadata.DiscoveryPath;
        options.RequireHttpsMetadata = provider.Authority.Scheme == Uri.UriSchemeHttps;
        options.ClientId = provider.ClientId;
        options.ClientSecret = provider.ClientSecret;
        options.CallbackPath = provider.CallbackPath;
        options.SignInScheme = FederatedPerson.Scheme;
        options.EventsType = typeof(FederationEvents);

        // Code with PKCE; the answer by GET, so that our cookies can be SameSite=Lax.
        options.ResponseType = OpenIdConnectResponseType.Code;
        options.ResponseMode = OpenIdConnectResponseMode.Query;
        options.UsePkce = true;
        options.PushedAuthorizationBehavior = PushedAuthorizationBehavior.Disable;
        options.DisableTelemetry = true;
        options.Scope.Clear();
        foreach (var scope in provider.Scopes)
            options.Scope.Add(scope);
        options.GetClaimsFromUserInfoEndpoint = true;
        options.ClaimActions.Clear();
        options.MapInboundClaims = false;
        options.SaveTokens = false;
        options.RemoteAuthenticationTimeout = TimeSpan.FromMinutes(15);
        options.BackchannelTimeout = TimeSpan.FromSeconds(10);

        foreach (var cookie in new[] { options.CorrelationCookie, options.NonceCookie })
        {
            cookie.SameSite = SameSiteMode.Lax;
            cookie.SecurePolicy = settings.IsHttps ? CookieSecurePolicy.Always : CookieSecurePolicy.SameAsRequest;
        }

        options.CorrelationCookie.Name = "telemedicine-identity-correlation.";
        options.NonceCookie.Name = "telemedicine-identity-nonce.";
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAudience = provider.ClientId,
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            ClockSkew = ClockSkew,

            // Not whatever issuer the discovery document names: the one of the settings.
            IssuerValidator = (issuer, _, _) => issuer == provider.Authority.OriginalString ? issuer : throw new SecurityTokenInvalidIssuerException("Another issuer."),
            LifetimeValidator = (notBefore, expires, _, _) => IsCurrent(notBefore, expires, clock.GetUtcNow().UtcDateTime),
        };
    }

    private static bool IsCurrent(DateTime? notBefore, DateTime? expires, DateTime now) =>
        expires is { } end && now - ClockSkew < end && (notBefore is not { } start || now + ClockSkew >= start);
}
