using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Practices;

/// <param name="TimeZone">IANA, such as Europe/London.</param>
/// <param name="Phone">As people dial it; empty for none.</param>
public sealed record PracticeDetails(string Name, string TimeZone, string Phone);

public abstract record SetupOutcome
{
    public sealed record Done(string PracticeName, bool IsNewPractice) : SetupOutcome;

    /// <param name="Problems">What to correct, a sentence each.</param>
    public sealed record Incomplete(IReadOnlyList<string> Problems) : SetupOutcome;

    public sealed record EmailTaken : SetupOutcome;
}

/// <summary>What nobody can do through a page, since nobody may open one yet: the practice itself and its first administrator. For the operator's command.</summary>
public sealed class PracticeSetup(ClinicalDbContext db, StaffAdministration staff)
{
    /// <summary>A practice that has this name already only gets the administrator.</summary>
    public async Task<SetupOutcome> AddAsync(PracticeDetails details, StaffDetails administrator, CancellationToken cancellationToken)
    {
        var name = details.Name.Trim();
        var existing = await db.Practices.AsNoTracking().Where(row => row.Name == name).FirstOrDefaultAsync(cancellationToken);
        List<string> problems = [];
        if (name.Length is 0 or > Practice.NameLength)
            problems.Add($"The practice needs a name of at most {Practice.NameLength} characters.");
        if (existing is null && !TimeZoneInfo.TryFindSystemTimeZoneById(details.TimeZone.Trim(), out _))
            problems.Add("The practice needs a time zone, such as Europe/London.");
        if (details.Phone.Trim().Length > Practice.PhoneLength)
            problems.Add($"The practice's telephone number must have at most {Practice.PhoneLength} characters.");
        if (administrator.GivenName.Trim().Length is 0 or > Practitioner.NameLength || administrator.FamilyName.Trim().Length is 0 or > Practitioner.NameLength)
            problems.Add("The administrator needs a first and a last name.");
        if (!EmailAddress.IsValid(EmailAddress.Normal(administrator.Email)))
            problems.Add("The administrator needs an email address, such as name@example.com.");
        if (problems.Count > 0)
            return new SetupOutcome.Incomplete(problems);
        var email = EmailAddress.Normal(administrator.Email);
        if (await db.StaffMembers.IgnoreQueryFilters(PracticeFilter.Only).AnyAsync(row => row.Email == email, cancellationToken))
            return new SetupOutcome.EmailTaken();
        var practice = existing ?? new Practice { Id = PracticeId.New(), Name = name, TimeZone = details.TimeZone.Trim(), Phone = details.Phone.Trim() is { Length: > 0 } phone ? phone : null };
        if (existing is null)
        {
            await db.WriteAsync(Actor.System(practice.Id), "practice.add", reason: null, () =>
            {
                db.Practices.Add(practice);
                db.Audit(nameof(Practice), practice.Id.Value, System.Text.Json.JsonSerializer.Serialize(new { practice.Name, practice.TimeZone }));
                return Task.FromResult(true);
            }, cancellationToken);
        }

        return await staff.AddByOperatorAsync(practice.Id, administrator, cancellationToken) is StaffOutcome.Saved
            ? new SetupOutcome.Done(name, existing is null)
            : new SetupOutcome.EmailTaken();
    }
}
