using Telemedicine.Clinical.Messages;
using Telemedicine.Web.Infrastructure;

namespace Telemedicine.Web.Messages;

internal static class MessagesExtensions
{
    /// <summary>Emails and text messages: written, and sent in the background.</summary>
    public static IServiceCollection AddMessages(this IServiceCollection services, IConfiguration configuration, IHostEnvironment environment, WebOptions web)
    {
        var settings = MessageSettings.From(configuration, environment, web.Demonstration);
        services.AddSingleton(settings);
        services.AddSingleton<MessageWriter>();
        services.AddHttpClient(HttpTextCarrier.ClientName, client => client.Timeout = TimeSpan.FromSeconds(15));
        services.AddSingleton(provider => new MessageCarriers(
            settings.Email is { } email ? new SmtpCarrier(email, provider.GetRequiredService<TimeProvider>()) : new NothingLeaves(),
            settings.Text is { } text ? new HttpTextCarrier(text, provider.GetRequiredService<IHttpClientFactory>()) : environment.IsProduction() ? null : new NothingLeaves()));
        services.AddSingleton<MessageSender>();
        services.AddHostedService(provider => provider.GetRequiredService<MessageSender>());
        return services;
    }
}
