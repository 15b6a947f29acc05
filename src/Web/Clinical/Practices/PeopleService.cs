using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Practices;

/// <summary>One part a signed-in person plays at a practice.</summary>
/// <param name="DisplayName">With the title where there is one.</param>
public sealed record PersonAtPractice(Actor Actor, string DisplayName, string PracticeName, string? PracticePhone, string TimeZone);

/// <summary>What the practices know about an OpenID subject; a clinician may also be a patient.</summary>
public sealed record SignedInPerson(PersonAtPractice? Patient, PersonAtPractice? Practitioner, PersonAtPractice? Staff)
{
    public bool IsKnown => Patient is not null || Practitioner is not null || Staff is not null;
}

/// <summary>A practice to register with.</summary>
public sealed record PracticeView(PracticeId Id, string Name, string? Phone, string TimeZone);

/// <summary>Who a subject is. It looks across practices: before that is answered nobody has one.</summary>
public sealed class PeopleService(ClinicalDbContext db)
{
    public async Task<SignedInPerson> FindBySubjectAsync(string subject, CancellationToken cancellationToken)
    {
        var patient = await (
            from person in db.Patients.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            join practice in db.Practices on person.PracticeId equals practice.Id
            where person.Subject == subject
            select new { person, practice }).SingleOrDefaultAsync(cancellationToken);
        var practitioner = await (
            from person in db.Practitioners.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            join practice in db.Practices on person.PracticeId equals practice.Id
            where person.Subject == subject
                // Whoever has left still holds what is booked with them, and then has no business here.
                && (person.EndedAt == null || db.Appointments.IgnoreQueryFilters(PracticeFilter.Only).Any(row => row.PractitionerId == person.Id
                    && (row.Status == Booking.AppointmentStatus.Booked || row.Status == Booking.AppointmentStatus.Arrived || row.Status == Booking.AppointmentStatus.CheckedIn)))
            select new { person, practice }).SingleOrDefaultAsync(cancellationToken);
        var member = await (
            from person in db.StaffMembers.IgnoreQueryFilters(PracticeFilter.Only).AsNoTracking()
            join practice in db.Practices on person.PracticeId equals practice.Id
            where person.Subject == subject && person.EndedAt == null
            select new { person, practice }).SingleOrDefaultAsync(cancellationToken);
        return new SignedInPerson(
            patient is null ? null : At(patient.practice, Actor.For(patient.person), patient.person.DisplayName),
            practitioner is null ? null : At(practitioner.practice, Actor.For(practitioner.person), practitioner.person.DisplayName),
            member is null ? null : At(member.practice, Actor.For(member.person), member.person.DisplayName));
    }

    /// <summary>
    /// An account that no practice knows yet becomes that of the clinician, or the member of staff, whom an administrator added with its address. For good: from then on
    /// the subject counts, and nobody else with that address.
    /// </summary>
    /// <param name="confirmedEmail">The provider says that the person reads what is sent there.</param>
    /// <returns>Whether there was such a person.</returns>
    public async Task<bool> RecogniseAsync(string subject, string confirmedEmail, bool asClinician, CancellationToken cancellationToken)
    {
        var email = EmailAddress.Normal(confirmedEmail);
        var practice = asClinician
            ? await Unrecognised(db.Practitioners.IgnoreQueryFilters(PracticeFilter.Only), email).Select(row => (PracticeId?)row.PracticeId).SingleOrDefaultAsync(cancellationToken)
            : await Unrecognised(db.StaffMembers.IgnoreQueryFilters(PracticeFilter.Only), email).Select(row => (PracticeId?)row.PracticeId).SingleOrDefaultAsync(cancellationToken);
        if (practice is not { } found)
            return false;
        try
        {
            return await db.WriteAsync(Actor.System(found), "account.recognise", reason: null, async () =>
            {
                if (asClinician)
                    (await Unrecognised(db.Practitioners, email).SingleOrDefaultAsync(cancellationToken))?.Recognise(subject);
                else
                    (await Unrecognised(db.StaffMembers, email).SingleOrDefaultAsync(cancellationToken))?.Recognise(subject);
                return true;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error is DbUpdateConcurrencyException || error.IsUniqueViolation())
        {
            // Two requests of the same person at once.
            return true;
        }
    }

    private static IQueryable<Practitioner> Unrecognised(IQueryable<Practitioner> all, string email) => all.Where(row => row.Email == email && row.Subject == null && row.EndedAt == null);

    private static IQueryable<StaffMember> Unrecognised(IQueryable<StaffMember> all, string email) => all.Where(row => row.Email == email && row.Subject == null && row.EndedAt == null);

    public async Task<IReadOnlyList<PracticeView>> PracticesAsync(CancellationToken cancellationToken) =>
        await db.Practices.OrderBy(practice => practice.Name)
            .Select(practice => new PracticeView(practice.Id, practice.Name, practice.Phone, practice.TimeZone))
            .ToListAsync(cancellationToken);

    private static PersonAtPractice At(Practice practice, Actor actor, string name) => new(actor, name, practice.Name, practice.Phone, practice.TimeZone);
}
