namespace Telemedicine.Web.Realtime;

internal static class RealtimeExtensions
{
    /// <summary>What Web and Signalling tell each other: tickets and commands one way, events the other.</summary>
    public static IServiceCollection AddRealtime(this IServiceCollection services, Infrastructure.WebOptions web, SharedKeys keys)
    {
        services.AddSingleton(keys);
        services.AddSingleton<TicketMinter>();
        services.AddSingleton<SignallingCommands>();
        services.AddScoped<TicketEndpoints>();
        services.AddScoped<EventsEndpoint>();
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
    }
}
