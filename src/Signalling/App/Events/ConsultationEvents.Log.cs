namespace Telemedicine.Signalling.Events;

public sealed partial class ConsultationEvents
{
    [LoggerMessage(1211, LogLevel.Error, "Event {Event} was dropped: too many wait for Web already.")]
    private partial void LogFull(Guid @event);
}
