namespace Telemedicine.Web.Infrastructure;

internal static class LoggingRules
{
    /// <summary>The framework's own lines of a request hold addresses, which hold codes and ids; no setting turns them on.</summary>
    public static ILoggingBuilder KeepRequestsPrivate(this ILoggingBuilder logging)
    {
        foreach (var category in new[] { "Microsoft.AspNetCore.Hosting.Diagnostics", "Microsoft.AspNetCore.Routing", "Microsoft.AspNetCore.Mvc", "Microsoft.AspNetCore.StaticFiles", "Microsoft.EntityFrameworkCore", "System.Net.Http.HttpClient" })
            logging.AddFilter(category, LogLevel.Warning);
        return logging;
    }
}
