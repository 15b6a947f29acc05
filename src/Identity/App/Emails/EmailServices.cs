using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Emails;

public static class EmailServices
{
    public static IServiceCollection AddEmails(this IServiceCollection services, ProviderSettings settings)
    {
        services.AddSingleton<IEmailCarrier>(provider => settings.Email is { } email
            ? new SmtpCarrier(email, settings, provider.GetRequiredService<TimeProvider>())
            : new NothingLeaves());
        services.AddSingleton<EmailTexts>();
        services.AddSingleton<EmailProtection>();
        services.AddSingleton<EmailSignal>();
        services.AddScoped<EmailOutbox>();
        services.AddHostedService<EmailSender>();
        return services;
    }
}
