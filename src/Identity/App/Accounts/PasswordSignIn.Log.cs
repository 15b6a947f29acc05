namespace Telemedicine.Identity.Accounts;

public sealed partial class PasswordSignIn
{
    [LoggerMessage(EventId = 1101, Level = LogLevel.Information, Message = "Sign-in refused: no such account")]
    private partial void UnknownAccount();

    [LoggerMessage(EventId = 1102, Level = LogLevel.Information, Message = "Sign-in refused: wrong password for account {AccountId}")]
    private partial void WrongPassword(Guid accountId);

    [LoggerMessage(EventId = 1103, Level = LogLevel.Warning, Message = "Sign-in refused: account {AccountId} must wait after too many failures")]
    private partial void Waiting(Guid accountId);
}
