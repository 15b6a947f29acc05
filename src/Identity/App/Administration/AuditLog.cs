using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Identity.Data;

namespace Telemedicine.Identity.Administration;

/// <summary>Writes acts of administration down, each in the transaction of what it tells, and checks that nobody has changed the log since.</summary>
public sealed class AuditLog(AccountsDbContext database, TimeProvider clock)
{
    private const int Tries = 5;

    /// <summary>Does something and writes it down: both or neither.</summary>
    /// <param name="change">What is done; false when there is nothing to do, and so nothing to write down. It may run more than once, each time from the same state.</param>
    /// <returns>What <paramref name="change"/> returned.</returns>
    public async Task<bool> RecordAsync(Guid actor, Guid subject, AdministrationAct act, string? detail, string? reason, Func<Task<bool>> change)
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var transaction = await database.Database.BeginTransactionAsync(CancellationToken.None);
            if (!await change())
                return false;
            var last = await database.AuditEntries.AsNoTracking().OrderByDescending(entry => entry.Number).FirstOrDefaultAsync(CancellationToken.None);
            var next = Next(last, actor, subject, act, detail, reason);
            database.AuditEntries.Add(next);
            try
            {
                await database.SaveChangesAsync(CancellationToken.None);
                await transaction.CommitAsync(CancellationToken.None);
                return true;
            }
            catch (DbUpdateException) when (attempt < Tries)
            {
                // Another instance wrote the entry of this number first: once more, after that one.
                database.ChangeTracker.Clear();
            }
        }
    }

    /// <summary>The latest first.</summary>
    /// <param name="before">Entries with lower numbers than this; null for the latest.</param>
    public Task<List<AuditEntry>> ReadAsync(long? before, int most, CancellationToken cancellationToken) =>
        database.AuditEntries.AsNoTracking()
            .Where(entry => before == null || entry.Number < before)
            .OrderByDescending(entry => entry.Number)
            .Take(most)
            .ToListAsync(cancellationToken);

    public Task<List<AuditEntry>> OfAsync(Guid subject, CancellationToken cancellationToken) =>
        database.AuditEntries.AsNoTracking().Where(entry => entry.SubjectId == subject).OrderByDescending(entry => entry.Number).ToListAsync(cancellationToken);

    /// <summary>Reads the whole log and computes each hash again.</summary>
    /// <param name="known">An entry that somebody wrote down elsewhere: it must still be there and the same. Shows entries cut off at the end.</param>
    public async Task<AuditCheck> CheckAsync(AuditMark? known, CancellationToken cancellationToken)
    {
        AuditEntry? last = null;
        var isKnownThere = false;
        await foreach (var entry in database.AuditEntries.AsNoTracking().OrderBy(entry => entry.Number).AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            var expected = (last?.Number ?? 0) + 1;
            if (entry.Number != expected)
                return new AuditCheck.Broken(expected, "it is missing");
            if (!entry.Hash.AsSpan().SequenceEqual(entry.ComputeHash(last?.Hash)))
                return new AuditCheck.Broken(entry.Number, "it, or one before it, is not what was written");
            isKnownThere |= known is not null && known.Number == entry.Number && known.Hash.AsSpan().SequenceEqual(entry.Hash);
            last = entry;
        }

        if (known is not null && !isKnownThere)
            return new AuditCheck.Broken(known.Number, "it is not there as it was noted");
        return new AuditCheck.Whole(last is null ? null : new AuditMark(last.Number, last.Hash));
    }

    private AuditEntry Next(AuditEntry? last, Guid actor, Guid subject, AdministrationAct act, string? detail, string? reason)
    {
        var entry = new AuditEntry
        {
            Number = (last?.Number ?? 0) + 1,
            At = clock.GetUtcNow(),
            ActorId = actor,
            SubjectId = subject,
            Act = act,
            Detail = detail,
            Reason = reason,
        };
        return new AuditEntry
        {
            Number = entry.Number,
            At = entry.At,
            ActorId = entry.ActorId,
            SubjectId = entry.SubjectId,
            Act = entry.Act,
            Detail = entry.Detail,
            Reason = entry.Reason,
            Hash = entry.ComputeHash(last?.Hash),
        };
    }
}

/// <summary>An entry's number and hash, as people note them: "12:9F86D0…".</summary>
public sealed record AuditMark(long Number, byte[] Hash)
{
    public static AuditMark? Parse(string text)
    {
        var parts = text.Split(':');
        return parts.Length == 2 && long.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out var number) && parts[1].Length == 64 && parts[1].All(char.IsAsciiHexDigit)
            ? new AuditMark(number, Convert.FromHexString(parts[1]))
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}:{Convert.ToHexStringLower(Hash)}");
}

public abstract record AuditCheck
{
    /// <param name="Last">Null when nothing was ever written.</param>
    public sealed record Whole(AuditMark? Last) : AuditCheck;

    /// <param name="Number">Of the first entry that is wrong.</param>
    public sealed record Broken(long Number, string Why) : AuditCheck;
}
