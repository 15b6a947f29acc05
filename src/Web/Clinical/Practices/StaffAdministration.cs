using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Practices;

/// <param name="Title">Such as Mrs; empty for none.</param>
/// <param name="Email">Their account at the sign-in service is recognised by it.</param>
/// <param name="IsAdministrator">Whether they also decide services, clinicians and staff.</param>
public sealed record StaffDetails(string Title, string GivenName, string FamilyName, string Email, bool IsAdministrator);

/// <param name="HasSignedIn">Their account is known.</param>
/// <param name="EndedAt">When they stopped working here, with the practice's offset.</param>
public sealed record StaffListing(StaffMemberId Id, string DisplayName, StaffDetails Details, bool HasSignedIn, DateTimeOffset? EndedAt);

public abstract record StaffOutcome
{
    /// <param name="SignedOut">The subject who signed in as them and may no more; null if nobody.</param>
    public sealed record Saved(StaffMemberId Member, string? SignedOut = null) : StaffOutcome;

    /// <summary>A name is missing, something is too long, or the address is none.</summary>
    public sealed record Incomplete : StaffOutcome;

    /// <summary>Somebody else signs in with this address.</summary>
    public sealed record EmailTaken : StaffOutcome;

    /// <summary>Administrators neither end their own work, nor give up being one, nor change their own address: another does, so that one is always left.</summary>
    public sealed record Own : StaffOutcome;

    public sealed record NotFound : StaffOutcome;
}

/// <summary>Who runs a practice. For its administrators.</summary>
public sealed class StaffAdministration(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>By name, those who have left last.</summary>
    public async Task<IReadOnlyList<StaffListing>> ListAsync(Actor administrator, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        db.ActFor(administrator);
        var time = await db.TimeOfAsync(administrator, cancellationToken);
        var rows = await db.StaffMembers.AsNoTracking().OrderBy(row => row.EndedAt != null).ThenBy(row => row.FamilyName).ThenBy(row => row.GivenName).ToListAsync(cancellationToken);
        return rows.ConvertAll(row => new StaffListing(
            row.Id, row.DisplayName, new StaffDetails(row.Title ?? "", row.GivenName, row.FamilyName, row.Email ?? "", row.IsAdministrator), row.Subject is not null, time.ToLocal(row.EndedAt)));
    }

    /// <param name="id">Null for somebody new.</param>
    public Task<StaffOutcome> SaveAsync(Actor administrator, StaffMemberId? id, StaffDetails details, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        return SaveAsync(administrator, id is null ? "staff.add" : "staff.change", id, details, cancellationToken);
    }

    /// <summary>They can sign in here no more, from this moment on.</summary>
    public async Task<StaffOutcome> EndAsync(Actor administrator, StaffMemberId id, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        if (IsSelf(administrator, id))
            return new StaffOutcome.Own();
        return await ChangeAsync(administrator, "staff.end", id, member => member.End(clock.GetUtcNow()), cancellationToken);
    }

    public Task<StaffOutcome> WorkAgainAsync(Actor administrator, StaffMemberId id, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        return ChangeAsync(administrator, "staff.work-again", id, member => member.WorkAgain(), cancellationToken);
    }

    /// <summary>The first administrator, whom the operator adds: nobody else could.</summary>
    internal Task<StaffOutcome> AddByOperatorAsync(PracticeId practice, StaffDetails details, CancellationToken cancellationToken) =>
        SaveAsync(Actor.System(practice), "staff.add", null, details with { IsAdministrator = true }, cancellationToken);

    private async Task<StaffOutcome> SaveAsync(Actor actor, string action, StaffMemberId? id, StaffDetails details, CancellationToken cancellationToken)
    {
        var (title, given, family, email) = (details.Title.Trim(), details.GivenName.Trim(), details.FamilyName.Trim(), EmailAddress.Normal(details.Email));
        if (title.Length > Practitioner.TitleLength || given.Length is 0 or > Practitioner.NameLength || family.Length is 0 or > Practitioner.NameLength || !EmailAddress.IsValid(email))
            return new StaffOutcome.Incomplete();
        if (id is { } own && IsSelf(actor, own) && !details.IsAdministrator)
            return new StaffOutcome.Own();
        try
        {
            return await db.WriteAsync<StaffOutcome>(actor, action, reason: null, async () =>
            {
                var member = id is null
                    ? new StaffMember { Id = StaffMemberId.New(), PracticeId = actor.Practice, GivenName = given, FamilyName = family, IsAdministrator = details.IsAdministrator }
                    : await db.StaffMembers.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
                if (member is null)
                    return new StaffOutcome.NotFound();
                if (IsSelf(actor, member.Id) && member.Email is not null && member.Email != email)
                    return new StaffOutcome.Own();
                if (id is null)
                    db.StaffMembers.Add(member);
                var before = member.Subject;
                member.Change(title.Length == 0 ? null : title, given, family, email, details.IsAdministrator);
                return new StaffOutcome.Saved(member.Id, member.Subject == before ? null : before);
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new StaffOutcome.EmailTaken();
        }
    }

    private async Task<StaffOutcome> ChangeAsync(Actor administrator, string action, StaffMemberId id, Action<StaffMember> change, CancellationToken cancellationToken) =>
        await db.WriteAsync<StaffOutcome>(administrator, action, reason: null, async () =>
        {
            if (await db.StaffMembers.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } member)
                return new StaffOutcome.NotFound();
            change(member);
            return new StaffOutcome.Saved(id, member.EndedAt is null ? null : member.Subject);
        }, cancellationToken);

    private static bool IsSelf(Actor actor, StaffMemberId id) => actor.IsStaff && actor.PersonId == id.Value;

    private static void RequireAdministrator(Actor actor)
    {
        if (actor.Role != ActorRole.Administrator)
            throw new NotAllowedException("Only administrators decide who works at the practice.");
    }
}
