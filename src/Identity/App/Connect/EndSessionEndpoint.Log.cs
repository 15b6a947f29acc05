namespace Telemedicine.Identity.Connect;

public sealed partial class EndSessionEndpoint
{
    [LoggerMessage(EventId = 2201, Level = LogLevel.Warning, Message = "Sign-out goes to our own page: the return address is not registered")]
    private partial void ReturnRefused();
}
