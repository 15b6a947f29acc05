using System.Data.Common;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Files;

namespace Telemedicine.Web.Retention;

/// <summary>Deletes what is kept for a time only. Every instance of Web runs one; what another has deleted is gone, and that is all.</summary>
public sealed partial class RetentionWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<RetentionWorker> logger) : BackgroundService
{
    public static readonly TimeSpan Pause = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await DeleteOldAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or TimeoutException)
            {
                LogNoDatabase(e.GetType().Name);
            }
        }
    }

    public async Task DeleteOldAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var deleted = await scope.ServiceProvider.GetRequiredService<CallQualities>().DeleteOldAsync(cancellationToken)
            + await scope.ServiceProvider.GetRequiredService<DeviceCheckService>().DeleteOldAsync(cancellationToken)
            + await scope.ServiceProvider.GetRequiredService<SharedFiles>().DeleteOldAsync(cancellationToken);
        if (deleted > 0)
            LogDeleted(deleted);
    }

    [LoggerMessage(1501, LogLevel.Information, "{Rows} old rows of call quality, device checks and files of appointments that were not held were deleted")]
    private partial void LogDeleted(int rows);

    [LoggerMessage(1502, LogLevel.Error, "Old rows could not be deleted: {Problem}")]
    private partial void LogNoDatabase(string problem);
}

internal static class RetentionExtensions
{
    public static IServiceCollection AddRetention(this IServiceCollection services) => services
        .AddSingleton<RetentionWorker>()
        .AddHostedService(provider => provider.GetRequiredService<RetentionWorker>());
}
