namespace Telemedicine.Signalling.Events;

public static class EventServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddHttpClient(EventPoster.ClientName)
            // Only the poster's own limit, on the service's clock.
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        return services
            .AddSingleton<EventSpool>()
            .AddSingleton<ConsultationEvents>()
            .AddHostedService<EventPoster>();
    }
}
