namespace Telemedicine.Signalling.Events;

public static class EventServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddHttpClient(EventPoster.ClientName)
            .ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(10))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        return services
            .AddSingleton<EventSpool>()
            .AddSingleton<ConsultationEvents>()
            .AddHostedService<EventPoster>();
    }
}
