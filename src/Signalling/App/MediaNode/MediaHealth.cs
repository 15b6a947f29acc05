using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Telemedicine.Signalling.MediaNode;

/// <summary>Healthy; degraded while full (200: calls go on); unhealthy while draining (503: a balancer sends nobody new).</summary>
public sealed class MediaHealth(MediaHost media) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(media.Load switch
        {
            { Draining: true } => HealthCheckResult.Unhealthy("draining"),
            { HasRoom: false } => HealthCheckResult.Degraded("full"),
            _ => HealthCheckResult.Healthy(),
        });

    /// <summary>One word and, if there is one, the reason.</summary>
    public static Task WriteAsync(HttpContext context, HealthReport report)
    {
        context.Response.ContentType = "text/plain";
        return context.Response.WriteAsync(string.Join(": ", report.Entries.Values.Select(entry => entry.Description).Prepend(report.Status.ToString()).OfType<string>()));
    }
}
