using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Connect;

/// <summary>Every hour: the next signing key when it is due, and away with sessions that can no longer be used, with all they gave.</summary>
public sealed partial class Upkeep(SigningKeys keys, IServiceScopeFactory scopes, TimeProvider clock, ILogger<Upkeep> logger) : BackgroundService
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
        await database.EmailLinks.Where(link => link.ExpiresAt < now).ExecuteDeleteAsync();
        var oldestEmail = now - QueuedEmail.Kept;
        await database.QueuedEmails.Where(email => email.AskedAt < oldestEmail).ExecuteDeleteAsync();
        var oldestUnconfirmed = now - Registrations.UnconfirmedKept;
        await database.Users.Where(account => !account.EmailConfirmed && account.RegisteredAt < oldestUnconfirmed).ExecuteDeleteAsync();
        await database.UsedAssertions.Where(used => used.ForgetAt < now).ExecuteDeleteAsync();
    }

    /// <summary>Notes the newest entry of the audit log where the database's owner does not write: against it the log can be checked later.</summary>
    public async Task NoteAuditAsync()
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<AuditLog>().ReadAsync(before: null, most: 1, CancellationToken.None) is [var newest])
            AuditNoted(new AuditMark(newest.Number, newest.Hash).ToString());
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
            await NoteAuditAsync();
        }
    }
}
