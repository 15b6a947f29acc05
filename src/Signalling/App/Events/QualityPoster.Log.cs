using System.Net;

namespace Telemedicine.Signalling.Events;

public sealed partial class QualityPoster
{
    [LoggerMessage(1231, LogLevel.Warning, "Web did not take {Count} quality reports (answer: {Status}). Later ones replace them.")]
    private partial void LogNotTaken(int count, HttpStatusCode? status);

    [LoggerMessage(1232, LogLevel.Error, "Web called {Count} quality reports wrong. They were dropped.")]
    private partial void LogRefused(int count);
}
