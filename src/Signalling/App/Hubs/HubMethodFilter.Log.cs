namespace Telemedicine.Signalling.Hubs;

public sealed partial class HubMethodFilter
{
    [LoggerMessage(1301, LogLevel.Error, "Hub method {Method} failed.")]
    private partial void LogFailed(string method, Exception exception);
}
