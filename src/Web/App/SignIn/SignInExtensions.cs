using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.SignIn;

/// <summary>Where a sign-in that did not work leads.</summary>
internal static class SignInPages
{
    public const string Problem = "/account/sign-in-problem";
    public const string ProviderUnavailable = Problem + "?later=true";
}

internal static class SignInExtensions
{
    /// <summary>Signing in at the OpenID provider of the settings `Oidc:*`, and the session that follows.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration, WebOptions web)
    {
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IPostConfigureOptions<OidcOptions>, OidcPostConfigure>());
        services.AddSingleton<IdTokenValidator>();
        services.AddSingleton<LogoutTokenValidator>();
        services.AddScoped<EndedSessions>();
        services.AddScoped<StaffSessions>();
        services.AddScoped<BackChannelLogout>();
        services.AddSingleton<SignOutSignal>();
        services
            .AddAuthentication(options =>
            {
                options.DefaultScheme = SessionCookie.SchemeName;
                options.DefaultChallengeScheme = OidcHandler.SchemeName;
            })
            .AddCookie(SessionCookie.SchemeName, options => SessionCookie.Configure(options, web.PublicUrl))
            .AddRemoteScheme<OidcOptions, OidcHandler>(OidcHandler.SchemeName, displayName: null, options =>
            {
                configuration.GetSection(OidcOptions.Section).Bind(options);
                options.PublicUrl = web.PublicUrl;
                options.SignInScheme = SessionCookie.SchemeName;
                options.CorrelationCookie.Path = "/";
                options.Events = new RemoteAuthenticationEvents { OnRemoteFailure = ShowProblem };
            });
        return services;
    }

    private static Task ShowProblem(RemoteFailureContext context)
    {
        context.HandleResponse();
        context.Response.Redirect((context.Failure as SignInFailedException)?.Failure switch
        {
            SignInFailure.Declined => "/",
            SignInFailure.ProviderUnavailable => SignInPages.ProviderUnavailable,
            _ => SignInPages.Problem,
        });
        return Task.CompletedTask;
    }
}
