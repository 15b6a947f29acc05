using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;
using Telemedicine.Identity.Hosting;
using Telemedicine.Mail;

namespace Telemedicine.Identity.Emails;

/// <summary>Wakes <see cref="EmailSender"/>.</summary>
public sealed class EmailSignal : Signal;

/// <summary>Sends what waits in the outbox. Any number of instances may run it.</summary>
/// <remarks>An instance that dies between the mail server's taking an email and writing that down sends it twice, with the same Message-ID.</remarks>
public sealed partial class EmailSender(
    IServiceScopeFactory scopes, IEmailCarrier carrier, EmailTexts texts, EmailProtection protection, EmailSignal signal, TimeProvider clock, ILogger<EmailSender> logger)
    : BackgroundService
{
    /// <summary>The last is made about two hours after the first: every link but one for undoing has run out by then.</summary>
    public const int MaxAttempts = 8;

    private const int AtOnce = 4;

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(15);

    /// <summary>Longer than an attempt lasts; an instance that dies in one leaves the email to others after this.</summary>
    private static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);

    /// <summary>Tries every email that is due, once.</summary>
    public async Task SendDueAsync(CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        List<QueuedEmail> due;
        await using (var scope = scopes.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
            due = await database.QueuedEmails.AsNoTracking().Where(email => email.DueAt <= now).OrderBy(email => email.DueAt).Take(200).ToListAsync(cancellationToken);
        }

        await Parallel.ForEachAsync(due, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, TryAsync);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await SendDueAsync(stoppingToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // The database may be away for a while; the emails are in it.
                RoundFailed(failure.GetType().Name);
            }

            await signal.WaitAsync(Round, clock, stoppingToken);
        }
    }

    private async ValueTask TryAsync(QueuedEmail email, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<AccountsDbContext>();
        var row = database.QueuedEmails.Where(other => other.Id == email.Id);
        var attempt = email.Attempts + 1;
        DateTimeOffset? next = attempt < MaxAttempts ? now + (FirstWait * Math.Pow(2, email.Attempts)) : null;

        // A last attempt that an instance dies in is not made again.
        var claimed = await row.Where(other => other.DueAt == email.DueAt).ExecuteUpdateAsync(
            change => change.SetProperty(other => other.DueAt, next).SetProperty(other => other.Attempts, attempt), CancellationToken.None);
        if (claimed == 0)
            return;

        switch (await CarryAsync(email, cancellationToken))
        {
            case Delivery.Delivered:
                var kept = carrier.KeepsWhatItCarries ? email.ProtectedToken : null;
                await row.ExecuteUpdateAsync(
                    change => change.SetProperty(other => other.DueAt, (DateTimeOffset?)null)
                        .SetProperty(other => other.SentAt, clock.GetUtcNow())
                        .SetProperty(other => other.ProtectedToken, kept),
                    CancellationToken.None);
                Sent(email.Id, email.Kind);
                break;
            case Delivery.TryLater when next is not null:
                Failed(email.Id, email.Kind, attempt);
                break;
            default:
                await row.ExecuteUpdateAsync(
                    change => change.SetProperty(other => other.DueAt, (DateTimeOffset?)null).SetProperty(other => other.ProtectedToken, (string?)null), CancellationToken.None);
                GivenUp(email.Id, email.Kind, attempt);
                break;
        }
    }

    private async Task<Delivery> CarryAsync(QueuedEmail email, CancellationToken cancellationToken)
    {
        string? token;
        try
        {
            token = email.ProtectedToken is { } text ? protection.Unprotect(text) : null;
        }
        catch (CryptographicException)
        {
            return new Delivery.Refused("The key that its link was encrypted with is gone.");
        }

        return await carrier.CarryAsync(email.Id, email.Address, texts.Write(email.Kind, token), cancellationToken);
    }

    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Email {Id} ({Kind}) was sent")]
    private partial void Sent(Guid id, EmailKind kind);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning, Message = "Email {Id} ({Kind}) could not be sent, attempt {Attempt}; it is tried again")]
    private partial void Failed(Guid id, EmailKind kind, int attempt);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "Email {Id} ({Kind}) could not be sent; given up after attempt {Attempt}")]
    private partial void GivenUp(Guid id, EmailKind kind, int attempt);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Error, Message = "Emails could not be sent: {Reason}")]
    private partial void RoundFailed(string reason);
}
