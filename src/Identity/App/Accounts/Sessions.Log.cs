namespace Telemedicine.Identity.Accounts;

public sealed partial class Sessions
{
    [LoggerMessage(EventId = 1001, Level = LogLevel.Information, Message = "Account {AccountId} signed in")]
    private partial void Began(Guid accountId);

    [LoggerMessage(EventId = 1002, Level = LogLevel.Information, Message = "A session of account {AccountId} ended")]
    private partial void Ended(Guid accountId);
}
