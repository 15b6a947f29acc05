namespace Telemedicine.Identity.Connect;

public sealed partial class AuthorizeEndpoint
{
    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Gave a code to client {ClientId} for account {AccountId}")]
    private partial void CodeIssued(string clientId, Guid accountId);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Information, Message = "Authorization request refused: {Error}")]
    private partial void Refused(string error);

    [LoggerMessage(EventId = 2003, Level = LogLevel.Warning, Message = "Authorization request refused: unknown client or unregistered redirect URI")]
    private partial void RefusedHere();
}
