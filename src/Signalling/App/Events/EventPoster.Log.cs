using System.Net;
using Telemedicine.Signalling.Contracts;

namespace Telemedicine.Signalling.Events;

public sealed partial class EventPoster
{
    [LoggerMessage(1221, LogLevel.Warning, "Web did not take {Count} events (answer: {Status}). They are sent again.")]
    private partial void LogNotTaken(int count, HttpStatusCode? status);

    [LoggerMessage(1222, LogLevel.Error, "Web called event {Event} ({Type}) wrong. It was dropped.")]
    private partial void LogRefused(Guid @event, ConsultationEventType type);
}
