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

    /// <summary>Runs from construction: <see cref="ExecuteAsync"/> begins on the thread pool, any time after the start.</summary>
    private readonly PeriodicTimer _timer = new(Interval, clock);

    /// <summary>Deletes what is past use. Grants and access tokens go with their session.</summary>
    public async Task CleanAsync()
    {
        var now = clock.GetUtcNow();
        var oldest = now - Kept;
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        await database.Sessions.Where(session => session.SignedInAt < oldest).ExecuteDeleteAsync();
        await database.AccessTokens.Where(token => token.ExpiresAt < now).ExecuteDeleteAsync();
        var oldestEvent = now - AccountEvent.Kept;
        await database.AccountEvents.Where(happened => happened.At < oldestEvent || happened.AccountId == Guid.Empty).ExecuteDeleteAsync();
        await database.UsedAssertions.Where(used => used.ForgetAt < now).ExecuteDeleteAsync();
    }

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken))
        {
            await keys.RotateAsync();
            await CleanAsync();
        }
    }
}
