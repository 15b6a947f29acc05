namespace Telemedicine.Signalling.Events;

public sealed partial class EventSpool
{
    [LoggerMessage(1201, LogLevel.Error, "An event in the spool cannot be read and was set aside: {File}.")]
    private partial void LogUnreadable(string file);

    [LoggerMessage(1202, LogLevel.Error, "An event could not be written to the spool: a restart before Web has it would lose it.")]
    private partial void LogNotKept(Exception exception);

    [LoggerMessage(1203, LogLevel.Warning, "An event that Web has could not be removed from the spool.")]
    private partial void LogNotRemoved(Exception exception);
}
