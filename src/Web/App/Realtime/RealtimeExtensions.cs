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
        services.AddScoped<DeviceCheckEndpoints>();
        services.AddSingleton<SignedBody>();
        services.AddScoped<EventsEndpoint>();
        services.AddScoped<QualityEndpoint>();
        services.AddScoped<HubSignIns>();
        services.AddSingleton<SignallingClient>();
        services.AddHostedService<SignallingCommandSender>();
        services.AddHostedService<SignedOutSender>();
        services.AddHttpClient(SignallingClient.ClientName, client =>
        {
            client.BaseAddress = web.SignallingInternalUrl;
            client.Timeout = TimeSpan.FromSeconds(10);
        });
        return services;
    }

    public static void MapRealtime(this IEndpointRouteBuilder app)
    {
        TicketEndpoints.Map(app);
        DeviceCheckEndpoints.Map(app);
        EventsEndpoint.Map(app);
        QualityEndpoint.Map(app);
    }
}
