namespace Telemedicine.Signalling.Tickets;

public sealed partial class TicketAuthenticationHandler
{
    [LoggerMessage(1001, LogLevel.Warning, "A ticket was refused: {Refusal}.")]
    private static partial void LogRefused(ILogger logger, TicketRefusal? refusal);
}
