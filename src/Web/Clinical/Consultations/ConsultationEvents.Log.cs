using Microsoft.Extensions.Logging;

namespace Telemedicine.Clinical.Consultations;

public sealed partial class ConsultationEvents
{
    [LoggerMessage(2001, LogLevel.Warning, "A {Type} event ({EventId}) fits no appointment and has no effect")]
    private partial void LogUnknown(ConsultationFactType type, Guid eventId);
}
