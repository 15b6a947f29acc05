using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Messages;

/// <summary>A message that is due.</summary>
public sealed record DueMessage(MessageId Id, PracticeId Practice);

/// <summary>The right to send a message until the lease runs out, and to say how it went.</summary>
public sealed record MessageClaim(MessageId Id, PracticeId Practice, Guid Token);

/// <summary>A message as it was written out.</summary>
public sealed record WrittenMessage(string? Address, string? Subject, string? Body);

/// <summary>
/// Hands each due message to one of the instances that send. Who claims a message has <see cref="Lease"/> to send it and to say so; if it dies before, another
/// takes over.
/// </summary>
/// <remarks>
/// Between an instance's sending and its saying so there is a moment in which a crash leads to a second sending. Emails then carry the same Message-ID and texts the
/// same idempotency key, by which a mail program or the provider knows the second as the first.
/// </remarks>
public sealed class MessageQueue(ClinicalDbContext db, TimeProvider clock)
{
    public const int MaxAttempts = 10;

    /// <summary>Longer than any sending takes, with all its timeouts.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestPause = TimeSpan.FromHours(2);

    /// <summary>Of all practices, the longest due first.</summary>
    public async Task<IReadOnlyList<DueMessage>> DueAsync(int most, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return await db.Messages.IgnoreQueryFilters(PracticeFilter.Only).Where(message => message.DueAt <= now).OrderBy(message => message.DueAt).Take(most)
            .Select(message => new DueMessage(message.Id, message.PracticeId)).ToListAsync(cancellationToken);
    }

    /// <summary>Null if another instance has it, or it is not due any more.</summary>
    public async Task<MessageClaim?> ClaimAsync(DueMessage due, CancellationToken cancellationToken)
    {
        var token = Guid.NewGuid();
        var claimed = await ChangeAsync(due.Practice, "message.claim", () => db.Messages.ClaimAsync(due.Id, token, clock.GetUtcNow()), cancellationToken);
        return claimed ? new MessageClaim(due.Id, due.Practice, token) : null;
    }

    /// <summary>False if the lease ran out and another instance took over.</summary>
    public Task<bool> SentAsync(MessageClaim claim, WrittenMessage written) =>
        FinishAsync(claim, MessageStatus.Sent, null, null, written);

    /// <summary>It came to nothing, or there is nobody to send it to.</summary>
    public Task<bool> NotNeededAsync(MessageClaim claim, string problem, WrittenMessage? written = null) =>
        FinishAsync(claim, MessageStatus.NotNeeded, null, problem, written);

    /// <summary>The other side refused it for good.</summary>
    public Task<bool> FailedAsync(MessageClaim claim, string problem, WrittenMessage? written = null) =>
        FinishAsync(claim, MessageStatus.Failed, null, problem, written);

    /// <summary>It may work later: it waits longer each time, and fails after <see cref="MaxAttempts"/>.</summary>
    public Task<bool> TryLaterAsync(MessageClaim claim, int attempts, string problem, WrittenMessage? written = null) =>
        attempts >= MaxAttempts
            ? FinishAsync(claim, MessageStatus.Failed, null, problem, written)
            : FinishAsync(claim, MessageStatus.Waiting, clock.GetUtcNow() + PauseAfter(attempts, Random.Shared.NextDouble()), problem, written);

    /// <summary>Staff: try a failed message again now. False if it is not a failed message of their practice.</summary>
    public Task<bool> SendAgainAsync(Actor staff, MessageId id, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return DecideAsync(staff, "message.send-again", id, MessageStatus.Waiting, messages => messages
            .Where(message => message.Status == MessageStatus.Failed || message.Status == MessageStatus.GivenUp)
            .ExecuteUpdateAsync(set => set
                .SetProperty(message => message.Status, MessageStatus.Waiting)
                .SetProperty(message => message.DueAt, now)
                .SetProperty(message => message.Attempts, 0), CancellationToken.None), cancellationToken);
    }

    /// <summary>Staff: it need not be sent any more. False if it is not a failed message of their practice.</summary>
    public Task<bool> GiveUpAsync(Actor staff, MessageId id, CancellationToken cancellationToken) =>
        DecideAsync(staff, "message.give-up", id, MessageStatus.GivenUp, messages => messages
            .Where(message => message.Status == MessageStatus.Failed)
            .ExecuteUpdateAsync(set => set.SetProperty(message => message.Status, MessageStatus.GivenUp), CancellationToken.None), cancellationToken);

    /// <summary>Doubles from half a minute to two hours; shorter or longer by up to a quarter, so that many that failed together do not come back together.</summary>
    /// <param name="chance">From 0 to 1.</param>
    internal static TimeSpan PauseAfter(int attempts, double chance)
    {
        var pause = FirstPause * Math.Pow(2, Math.Min(attempts - 1, 20));
        return (pause < LongestPause ? pause : LongestPause) * (0.75 + chance / 2);
    }

    private Task<bool> FinishAsync(MessageClaim claim, MessageStatus status, DateTimeOffset? dueAt, string? problem, WrittenMessage? written)
    {
        var now = clock.GetUtcNow();
        var sentAt = status == MessageStatus.Sent ? now : (DateTimeOffset?)null;
        var (address, subject, body) = (written?.Address, written?.Subject, written?.Body);
        var shortened = problem?.Length > Message.ProblemLength ? problem[..Message.ProblemLength] : problem;
        return ChangeAsync(claim.Practice, "message.finish", () => db.Messages
            .Where(message => message.Id == claim.Id && message.Claim == claim.Token && message.Status == MessageStatus.Sending)
            .ExecuteUpdateAsync(set => set
                .SetProperty(message => message.Status, status)
                .SetProperty(message => message.DueAt, dueAt)
                .SetProperty(message => message.SentAt, sentAt)
                .SetProperty(message => message.Problem, shortened)
                .SetProperty(message => message.Address, message => address ?? message.Address)
                .SetProperty(message => message.Subject, message => subject ?? message.Subject)
                .SetProperty(message => message.Body, message => body ?? message.Body), CancellationToken.None), CancellationToken.None);
    }

    private async Task<bool> DecideAsync(
        Actor staff, string action, MessageId id, MessageStatus decided, Func<IQueryable<Message>, Task<int>> change, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff)
            throw new NotAllowedException("Only practice staff decide about messages that failed.");
        return await db.WriteAsync(staff, action, reason: null, async () =>
        {
            if (await change(db.Messages.Where(message => message.Id == id)) != 1)
                return false;
            db.Audit(nameof(Message), id.Value, $$"""{"Status":"{{decided}}"}""");
            return true;
        }, cancellationToken);
    }

    private async Task<bool> ChangeAsync(PracticeId practice, string action, Func<Task<int>> change, CancellationToken cancellationToken) =>
        await db.WriteAsync(Actor.System(practice), action, reason: null, change, cancellationToken) == 1;
}

internal static class MessageClaims
{
    /// <summary>The one conditional statement by which the database decides which instance sends a message.</summary>
    public static Task<int> ClaimAsync(this IQueryable<Message> messages, MessageId id, Guid token, DateTimeOffset now)
    {
        DateTimeOffset? until = now + MessageQueue.Lease;
        Guid? claim = token;
        return messages
            .Where(message => message.Id == id && message.DueAt <= now && (message.Status == MessageStatus.Waiting || message.Status == MessageStatus.Sending))
            .ExecuteUpdateAsync(set => set
                .SetProperty(message => message.Status, MessageStatus.Sending)
                .SetProperty(message => message.Claim, claim)
                .SetProperty(message => message.DueAt, until)
                .SetProperty(message => message.Attempts, message => message.Attempts + 1));
    }
}
