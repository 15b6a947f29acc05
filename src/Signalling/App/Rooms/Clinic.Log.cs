using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Rooms;

public sealed partial class Clinic
{
    [LoggerMessage(1101, LogLevel.Warning, "A session of consultation {Consultation} was dropped: its client did not keep up with its messages.")]
    internal partial void LogOverflowed(ConsultationId consultation);

    [LoggerMessage(1102, LogLevel.Information, "A track of consultation {Consultation} was not forwarded: one of the two sides cannot carry it.")]
    internal partial void LogNotConsumed(ConsultationId consultation);

    [LoggerMessage(1103, LogLevel.Error, "Work of a clinic failed.")]
    private partial void LogFailed(Exception exception);
}
