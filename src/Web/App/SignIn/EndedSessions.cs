using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Web.SignIn;

/// <summary>Which sign-ins the provider has ended.</summary>
public sealed class EndedSessions(ClinicalDbContext db, TimeProvider time)
{
    /// <summary>No session outlives this, so what ended before is forgotten.</summary>
    internal static readonly TimeSpan Kept = SessionCookie.Absolute + TimeSpan.FromHours(1);

    /// <summary>Stands where a provider's issuer does.</summary>
    private const string Guests = "guests";

    /// <summary>Ends one session of the provider, or without a <paramref name="session"/> all that the person has had until now.</summary>
    public async Task EndAsync(string issuer, string? session, string? subject, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var key = session is not null ? SessionKey(issuer, session) : SubjectKey(issuer, subject ?? throw new ArgumentException("A session or a subject must be named.", nameof(subject)));
        var oldest = now - Kept;
        await db.EndedSessions.Where(ended => ended.EndedAt < oldest).ExecuteDeleteAsync(cancellationToken);
        if (await db.EndedSessions.Where(ended => ended.Key == key).ExecuteUpdateAsync(ended => ended.SetProperty(e => e.EndedAt, now), cancellationToken) > 0)
            return;
        db.EndedSessions.Add(new EndedSession { Key = key, EndedAt = now });
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException) when (db.EndedSessions.AsNoTracking().Any(ended => ended.Key == key))
        {
            // The provider told two instances at once.
        }
    }

    /// <summary>Ends what a guest had open in one browser.</summary>
    public Task EndGuestAsync(Guid seat, CancellationToken cancellationToken) => EndAsync(Guests, seat.ToString(), null, cancellationToken);

    public Task<bool> HasGuestEndedAsync(Guid seat, CancellationToken cancellationToken)
    {
        var key = GuestKey(seat);
        return db.EndedSessions.AnyAsync(ended => ended.Key == key, cancellationToken);
    }

    /// <param name="startedAt">When the session at Web began.</param>
    public Task<bool> HasEndedAsync(string issuer, string? session, string? subject, DateTimeOffset startedAt, CancellationToken cancellationToken)
    {
        var sessionKey = SessionKey(issuer, session ?? "");
        var subjectKey = SubjectKey(issuer, subject ?? "");
        return db.EndedSessions.AnyAsync(ended => ended.Key == sessionKey || (ended.Key == subjectKey && ended.EndedAt >= startedAt), cancellationToken);
    }

    internal static string GuestKey(Guid seat) => SessionKey(Guests, seat.ToString());

    internal static string SessionKey(string issuer, string session) => Hashed("session", issuer, session);

    internal static string SubjectKey(string issuer, string subject) => Hashed("subject", issuer, subject);

    /// <summary>Of one length whatever the provider's ids are, and telling nothing of the person.</summary>
    private static string Hashed(string kind, string issuer, string id) =>
        $"{kind}:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{issuer}\n{id}")))}";
}
