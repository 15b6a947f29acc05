namespace Telemedicine.Identity.Connect;

public sealed partial class SigningKeys
{
    [LoggerMessage(EventId = 2301, Level = LogLevel.Information, Message = "Made signing key {KeyId}, which signs from {ActivatesAt:u}")]
    private partial void Made(string keyId, DateTimeOffset activatesAt);
}
