using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Data;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Realtime;

/// <summary>Which sign-ins hold tickets to which clinics, so that what they opened ends with them.</summary>
public sealed class HubSignIns(ClinicalDbContext db, EndedSessions ended, IOptionsMonitor<OidcOptions> options, TimeProvider time)
{
    /// <summary>
    /// To be asked before a ticket is given to the signed-in person of this request. The row is written first and the end looked for afterwards, so that of an end
    /// in this very moment one of the two sides hears.
    /// </summary>
    /// <returns>Null when the sign-in has ended.</returns>
    public async Task<SignInId?> NoteAsync(HttpContext context, ScheduleId clinic, CancellationToken cancellationToken)
    {
        if (SessionCookie.SignInOf(context) is not (var id, var start))
            return null;
        var authority = options.Get(OidcHandler.SchemeName).Authority;
        var (session, subject) = (context.User.FindFirst(SessionClaims.Session)?.Value, context.User.FindFirst(SessionClaims.Subject)?.Value);
        await WriteAsync(id, clinic, EndedSessions.SessionKey(authority, session ?? ""), EndedSessions.SubjectKey(authority, subject ?? ""), start);
        return await ended.HasEndedAsync(authority, session, subject, start, cancellationToken) ? null : new SignInId(id);
    }

    /// <summary>The same for a guest: what counts as their sign-in is the browser that they proved themselves in.</summary>
    public async Task<SignInId?> NoteGuestAsync(Guid seat, ScheduleId clinic, CancellationToken cancellationToken)
    {
        var key = EndedSessions.GuestKey(seat);
        await WriteAsync(seat, clinic, key, key, time.GetUtcNow());
        return await ended.HasGuestEndedAsync(seat, cancellationToken) ? null : new SignInId(seat);
    }

    /// <summary>Those that have ended and whose clinic was not told.</summary>
    public Task<List<HubSignIn>> EndedAsync(CancellationToken cancellationToken) => db.HubSignIns.AsNoTracking()
        .Where(row => db.EndedSessions.Any(end => end.Key == row.SessionKey || (end.Key == row.SubjectKey && end.EndedAt >= row.StartedAt)))
        .OrderBy(row => row.GivenAt)
        .ToListAsync(cancellationToken);

    public Task ForgetAsync(HubSignIn told) =>
        db.HubSignIns.Where(row => row.SignIn == told.SignIn && row.Clinic == told.Clinic).ExecuteDeleteAsync(CancellationToken.None);

    private async Task WriteAsync(Guid id, ScheduleId clinic, string sessionKey, string subjectKey, DateTimeOffset start)
    {
        var now = time.GetUtcNow();
        var oldest = now - EndedSessions.Kept;
        var row = db.HubSignIns.Where(known => known.SignIn == id && known.Clinic == clinic);
        if (await row.ExecuteUpdateAsync(known => known.SetProperty(k => k.GivenAt, now), CancellationToken.None) > 0)
            return;
        await db.HubSignIns.Where(known => known.GivenAt < oldest).ExecuteDeleteAsync(CancellationToken.None);
        db.HubSignIns.Add(new HubSignIn { SignIn = id, Clinic = clinic, SessionKey = sessionKey, SubjectKey = subjectKey, StartedAt = start, GivenAt = now });
        try
        {
            await db.SaveChangesAsync(CancellationToken.None);
        }
        catch (DbUpdateException) when (row.AsNoTracking().Any())
        {
            // Two pages of one device asked at once.
            db.ChangeTracker.Clear();
        }
    }
}
