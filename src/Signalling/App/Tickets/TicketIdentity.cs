using System.Security.Claims;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Tickets;

/// <summary>The identity of a connection: the ticket that opened it.</summary>
public sealed class TicketIdentity(Ticket ticket) : ClaimsIdentity(TicketAuthenticationHandler.Scheme)
{
    public Ticket Ticket { get; } = ticket;
}
