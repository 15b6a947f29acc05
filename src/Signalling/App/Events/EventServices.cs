namespace Telemedicine.Signalling.Events;

public static class EventServices
{
    public static IServiceCollection AddEvents(this IServiceCollection services)
    {
        services.AddHttpClient(SignedSender.ClientName)
            .ConfigureHttpClient(client => client.Timeout = TimeSpan.FromSeconds(10))
            .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
        return services
            .AddSingleton<SignedSender>()
            .AddSingleton<EventSpool>()
            .AddSingleton<ConsultationEvents>()
            .AddHostedService<EventPoster>()
            .AddSingleton(_ => new QualityReports())
            .AddHostedService<QualityPoster>();
    }
}
