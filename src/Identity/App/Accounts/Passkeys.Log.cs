namespace Telemedicine.Identity.Accounts;

public sealed partial class Passkeys
{
    [LoggerMessage(EventId = 1020, Level = LogLevel.Information, Message = "A passkey was not added to account {AccountId}")]
    private partial void NotAdded(Guid accountId);

    [LoggerMessage(EventId = 1021, Level = LogLevel.Information, Message = "A passkey was not accepted")]
    private partial void NotAccepted();

    [LoggerMessage(EventId = 1022, Level = LogLevel.Warning, Message = "A passkey of account {AccountId} may have been copied: its counter did not rise")]
    private partial void MayBeCopied(Guid accountId);
}
