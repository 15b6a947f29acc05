using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Connect.Logout;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Connect;

public static class ConnectServices
{
    public static IServiceCollection AddConnect(this IServiceCollection services, ProviderSettings settings)
    {
        services.AddSingleton(new ClientRegistry(settings.Clients));
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<Subjects>();
        services.AddScoped<Consents>();
        services.AddScoped<PersonClaims>();
        services.AddScoped<IdTokens>();
        services.AddScoped<AuthorizeEndpoint>();
        services.AddScoped<ClientAssertions>();
        services.AddScoped<ClientAuthentication>();
        services.AddScoped<TokenIssuer>();
        services.AddScoped<CodeGrant>();
        services.AddScoped<RefreshGrant>();
        services.AddScoped<ClientCredentialsGrant>();
        services.AddScoped<TokenEndpoint>();
        services.AddScoped<TokenLookup>();
        services.AddScoped<RevocationEndpoint>();
        services.AddScoped<IntrospectionEndpoint>();
        services.AddScoped<UserInfoEndpoint>();
        services.AddScoped<EndSessionEndpoint>();
        services.AddSingleton<LogoutSignal>();
        services.AddSingleton<LogoutTokens>();
        services.AddScoped<LogoutNotices>();
        services.AddHttpClient(LogoutSender.HttpClientName, client => client.Timeout = LogoutSender.AnswerWithin)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false })
            .RemoveAllLoggers();
        services.AddHostedService<LogoutSender>();
        services.AddHostedService<Upkeep>();
        return services;
    }

    /// <summary>
    /// The protocol's endpoints. All are open to callers without a session: authorize and end-session look for one themselves, token,
    /// revoke and introspect want the client's own proof, and userinfo an access token. None takes an antiforgery token, since forms come from other sites by design.
    /// </summary>
    public static void MapConnect(this IEndpointRouteBuilder routes)
    {
        string[] getAndPost = [HttpMethods.Get, HttpMethods.Post];
        var connect = routes.MapGroup(string.Empty).AllowAnonymous().DisableAntiforgery();
        connect.MapGet(Metadata.DiscoveryPath, Metadata.Discovery);
        connect.MapGet(Metadata.KeySetPath, Metadata.KeySetAsync);
        connect.MapMethods(AuthorizeEndpoint.Path, getAndPost, (AuthorizeEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context));
        connect.MapPost(TokenEndpoint.Path, (TokenEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context))
            .RequireRateLimiting(RateLimits.Token);
        connect.MapPost(RevocationEndpoint.Path, (RevocationEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context))
            .RequireRateLimiting(RateLimits.Token);
        connect.MapPost(IntrospectionEndpoint.Path, (IntrospectionEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context))
            .RequireRateLimiting(RateLimits.Token);
        connect.MapMethods(UserInfoEndpoint.Path, getAndPost, (UserInfoEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context));
        connect.MapMethods(EndSessionEndpoint.Path, getAndPost, (EndSessionEndpoint endpoint, HttpContext context) => endpoint.HandleAsync(context));
    }
}
