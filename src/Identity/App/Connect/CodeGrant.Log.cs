namespace Telemedicine.Identity.Connect;

public sealed partial class CodeGrant
{
    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Client {ClientId} redeemed a code for account {AccountId}")]
    private partial void Redeemed(string clientId, Guid accountId);

    [LoggerMessage(EventId = 2102, Level = LogLevel.Warning, Message = "Client {ClientId} sent a code a second time: what it gave is revoked")]
    private partial void Replayed(string clientId);
}
