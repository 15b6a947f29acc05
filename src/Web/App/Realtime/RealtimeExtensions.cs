namespace Telemedicine.Web.Realtime;

internal static class RealtimeExtensions
{
    /// <summary>What Web and Signalling tell each other: tickets and commands one way, events and quality reports the other.</summary>
    public static IServiceCollection AddRealtime(this IServiceCollection services, Infrastructure.WebOptions web, SharedKeys keys)
    {
        services.AddSingleton(keys);
        services.AddSingleton<TicketMinter>();
        services.AddSingleton<SignallingCommands>();
        services.AddScoped<TicketEndpoints>();
        services.AddSingleton<SignedBody>();
        services.AddScoped<EventsEndpoint>();
        services.AddScoped<QualityEndpoint>();
        services.AddHostedService<SignallingCommandSender>();
        services.AddHttpClient(SignallingCommandSender.ClientName, client =>
        {
            client.BaseAddress = web.SignallingInternalUrl;
            client.Timeout = TimeSpan.FromSeconds(10);
        });
        return services;
    }

    public static void MapRealtime(this IEndpointRouteBuilder app)
    {
        TicketEndpoints.Map(app);
        EventsEndpoint.Map(app);
        QualityEndpoint.Map(app);
    }
}
