using Microsoft.AspNetCore.Connections;
using Telemedicine.Signalling;
using Telemedicine.Signalling.Commands;
using Telemedicine.Signalling.Events;
using Telemedicine.Signalling.Hubs;
using Telemedicine.Signalling.MediaNode;
using Telemedicine.Signalling.Telemetry;
using Telemedicine.Signalling.Tickets;

try
{
    var builder = WebApplication.CreateBuilder(args);
    builder.WebHost.ConfigureKestrel(kestrel => kestrel.AddServerHeader = false);

    var settings = SignallingSettings.Read(builder.Configuration, builder.Environment);
    builder.Services.AddSingleton(settings);
    builder.Services.AddSingleton(TimeProvider.System);
    builder.Services.AddPrivateLogging();
    builder.Services.AddTickets();
    builder.Services.AddEvents();
    builder.Services.AddConsultationHub();
    builder.Services.AddHealthChecks().AddCheck<MediaHealth>("media");
    builder.Services.AddSingleton<IHostLifetime, DrainingLifetime>();
    builder.Services.AddHostedService<MetricsExport>();

    var app = builder.Build();
    app.UseSecurityHeaders();
    // Pages of other origins are refused before they can use a ticket up.
    app.UseWebSockets(new WebSocketOptions { AllowedOrigins = { settings.WebOrigin } });
    app.UseAuthentication();
    app.UseAuthorization();
    app.MapHealthChecks("/health", new() { ResponseWriter = MediaHealth.WriteAsync });
    app.MapConsultationHub();
    app.MapClinicCommands();
    await app.RunAsync();
    return 0;
}
catch (SettingsException refused)
{
    Console.Error.WriteLine($"Signalling cannot start. {refused.Message}");
    return 1;
}
catch (IOException refused) when (refused.InnerException is AddressInUseException)
{
    Console.Error.WriteLine($"Signalling cannot start. {refused.Message}");
    return 1;
}
