namespace Telemedicine.Identity.Connect;

public sealed partial class RefreshGrant
{
    [LoggerMessage(EventId = 2104, Level = LogLevel.Warning, Message = "Client {ClientId} sent a refresh token a second time: everything of its grant is revoked")]
    private partial void Reused(string clientId);
}
