using Microsoft.AspNetCore.Authentication;

namespace Telemedicine.Signalling.Tickets;

public static class TicketServices
{
    public static IServiceCollection AddTickets(this IServiceCollection services)
    {
        services.AddSingleton<TicketReader>().AddSingleton<UsedTickets>();
        services.AddAuthentication(TicketAuthenticationHandler.Scheme)
            .AddScheme<AuthenticationSchemeOptions, TicketAuthenticationHandler>(TicketAuthenticationHandler.Scheme, null);
        return services.AddAuthorization();
    }
}
