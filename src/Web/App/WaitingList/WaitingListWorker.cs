using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.WaitingList;

namespace Telemedicine.Web.WaitingList;

/// <summary>Passes on what the waiting list offered in vain, and offers what became free. Every instance of Web runs one; the database decides whose offer stands.</summary>
public sealed partial class WaitingListWorker(IServiceScopeFactory scopes, TimeProvider clock, ILogger<WaitingListWorker> logger) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Pause, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await PassOnAsync(stoppingToken);
            }
            catch (Exception e) when (e is DbException or DbUpdateException or TimeoutException)
            {
                LogNoDatabase(e.GetType().Name);
            }
        }
    }

    public async Task PassOnAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<WaitingLists>().PassOnAsync(cancellationToken);
    }

    [LoggerMessage(1401, LogLevel.Error, "The waiting list could not be looked at: {Problem}")]
    private partial void LogNoDatabase(string problem);
}
