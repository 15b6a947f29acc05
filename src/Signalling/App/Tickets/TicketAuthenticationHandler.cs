using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tickets;

/// <summary>
/// Authenticates a hub connection by the ticket in <c>access_token</c>, which a browser cannot send in a header of a WebSocket. Only a
/// WebSocket request on a clinic's hub is looked at, so that nothing else uses a ticket up. A refusal is a bare 401.
/// </summary>
public sealed partial class TicketAuthenticationHandler(
    IOptionsMonitor<AuthenticationSchemeOptions> options,
    ILoggerFactory loggers,
    UrlEncoder encoder,
    TicketReader reader,
    UsedTickets used) : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public new const string Scheme = "Ticket";
    public const string ClinicRouteValue = "clinicId";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Context.WebSockets.IsWebSocketRequest || !ClinicId.TryParse(Request.RouteValues[ClinicRouteValue] as string, null, out var clinic))
            return AuthenticateResult.NoResult();

        var (ticket, refusal) = await ReadAsync(clinic);
        if (ticket is not null)
            return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(new TicketIdentity(ticket)), Scheme));
        LogRefused(Logger, refusal);
        return AuthenticateResult.Fail("The ticket was refused.");
    }

    private async Task<(Ticket? Ticket, TicketRefusal? Refusal)> ReadAsync(ClinicId clinic)
    {
        if (Request.Query["access_token"] is not [{ Length: > 0 } token])
            return (null, TicketRefusal.Missing);
        var (ticket, expires, refusal) = await reader.ReadAsync(token);
        if (ticket is null)
            return (null, refusal);
        if (ticket.Clinic != clinic)
            return (null, TicketRefusal.OtherClinic);
        refusal = used.TryUse(ticket.Id, expires);
        return refusal is null ? (ticket, null) : (null, refusal);
    }
}
