namespace Telemedicine.Identity.Connect;

public sealed partial class TokenEndpoint
{
    [LoggerMessage(EventId = 2103, Level = LogLevel.Information, Message = "Token request refused: {Error}")]
    private partial void Refused(string error);
}
