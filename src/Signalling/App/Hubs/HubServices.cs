using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.SignalR;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Telemedicine.Signalling.MediaNode;
using Telemedicine.Signalling.Rooms;
using Telemedicine.Signalling.Tickets;

namespace Telemedicine.Signalling.Hubs;

public static class HubServices
{
    private const int MaxMessageBytes = 64 * 1024;

    public static IServiceCollection AddConsultationHub(this IServiceCollection services)
    {
        services.AddSingleton(HubMethods.Default);
        services.AddSingleton<MediaHost>().AddHostedService(provider => provider.GetRequiredService<MediaHost>());
        services.AddSingleton<TurnServers>();
        services.AddSingleton<ClinicDirectory>();
        services.AddSingleton<EchoRooms>();
        services
            .AddSignalR(options =>
            {
                options.MaximumReceiveMessageSize = MaxMessageBytes;
                options.KeepAliveInterval = TimeSpan.FromSeconds(15);
                options.ClientTimeoutInterval = TimeSpan.FromSeconds(30);
                options.HandshakeTimeout = TimeSpan.FromSeconds(10);
                options.MaximumParallelInvocationsPerClient = 1;
                options.EnableDetailedErrors = false;
                options.AddFilter<HubMethodFilter>();
            })
            .AddJsonProtocol(options => options.PayloadSerializerOptions = HubJson.Protocol);
        services.TryAddSingleton<HubMethodFilter>();
        return services;
    }

    /// <exception cref="InvalidOperationException">The hub and its table of methods do not match.</exception>
    public static void MapConsultationHub(this WebApplication app)
    {
        app.Services.GetRequiredService<HubMethods>().Verify(typeof(ConsultationHub));
        HubMethods.Echo.Verify(typeof(EchoHub));
        app.MapHub<ConsultationHub>($"/clinics/{{{TicketAuthenticationHandler.ClinicRouteValue}}}/hub", Configure).RequireAuthorization();
        // Beside the clinic's hub, so that a balancer leads the check to the node that will carry the call.
        app.MapHub<EchoHub>($"/clinics/{{{TicketAuthenticationHandler.ClinicRouteValue}}}/echo", Configure).RequireAuthorization();
    }

    private static void Configure(HttpConnectionDispatcherOptions options)
    {
        options.Transports = HttpTransportType.WebSockets;
        options.ApplicationMaxBufferSize = MaxMessageBytes;
        options.TransportMaxBufferSize = MaxMessageBytes;
    }
}
