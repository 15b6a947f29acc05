using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Connect;

/// <summary>Every hour: the next signing key when it is due, and away with sessions that can no longer be used, with all they gave.</summary>
public sealed class Upkeep(SigningKeys keys, IServiceScopeFactory scopes, TimeProvider clock) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>A replayed code is recognised, and its tokens revoked, as long as its grant is kept.</summary>
    private static readonly TimeSpan Kept = Session.AbsoluteLifetime + TimeSpan.FromDays(1);

    /// <summary>Deletes what is past use. Grants and access tokens go with their session.</summary>
    public async Task CleanAsync()
    {
        var oldest = clock.GetUtcNow() - Kept;
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<AccountsDbContext>().Sessions
            .Where(session => session.SignedInAt < oldest)
            .ExecuteDeleteAsync();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            await keys.RotateAsync();
            await CleanAsync();
        }
    }
}
