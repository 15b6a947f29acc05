using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Patients;

/// <param name="Phone">Any spelling, at most <see cref="PatientService.PhoneLength"/> characters; empty counts as none.</param>
public sealed record NewPatient(string GivenName, string FamilyName, DateOnly DateOfBirth, string? Phone, string? Email);

public abstract record RegisterOutcome
{
    public sealed record Registered(PatientId Patient) : RegisterOutcome;

    /// <summary>This sign-in has a record already; nothing changed.</summary>
    public sealed record AlreadyRegistered(PatientId Patient) : RegisterOutcome;

    public sealed record UnknownPractice : RegisterOutcome;

    /// <summary>Born in the future or more than 130 years ago.</summary>
    public sealed record ImpossibleDateOfBirth : RegisterOutcome;

    /// <summary>A name is empty or something is too long.</summary>
    public sealed record Incomplete : RegisterOutcome;
}

public enum LinkOutcome
{
    Linked,
    NotFound,

    /// <summary>The record belongs to another sign-in, or the sign-in to another record.</summary>
    LinkedToAnother,
}

public sealed record PatientView(PatientId Id, string DisplayName, DateOnly DateOfBirth, string? NhsNumber, string? Phone, string? Email, bool SignsIn);

public sealed class PatientService(ClinicalDbContext db, TimeProvider clock)
{
    public const int NameLength = 100;
    public const int PhoneLength = 32;
    public const int MaxFound = 25;

    private const int MaxWords = 6;

    /// <summary>How many misspelt candidates are looked at one by one.</summary>
    private const int MaxCandidates = 200;

    private static readonly string[] DateFormats = ["d/M/yyyy", "d-M-yyyy", "d.M.yyyy", "d M yyyy", "d MMM yyyy", "d MMMM yyyy", "yyyy-MM-dd"];

    /// <summary>
    /// Makes a record for someone who signed in and has none. It never joins an existing record by name and date of birth, which others
    /// may know: practice staff do that, with <see cref="LinkAsync"/>.
    /// </summary>
    public async Task<RegisterOutcome> RegisterAsync(PracticeId practice, string subject, NewPatient details, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var (given, family) = (details.GivenName.Trim(), details.FamilyName.Trim());
        var (phone, email) = (Blank(details.Phone), Blank(details.Email));
        if (given.Length is 0 or > NameLength || family.Length is 0 or > NameLength || phone?.Length > PhoneLength || email?.Length > 254)
            return new RegisterOutcome.Incomplete();

        var place = await db.Practices.AsNoTracking().SingleOrDefaultAsync(row => row.Id == practice, cancellationToken);
        if (place is null)
            return new RegisterOutcome.UnknownPractice();
        var today = place.Time.DayOf(now);
        if (details.DateOfBirth > today || details.DateOfBirth < today.AddYears(-130))
            return new RegisterOutcome.ImpossibleDateOfBirth();

        var patient = Patient.Register(practice, subject, given, family, details.DateOfBirth, phone, email, nhsNumber: null, now);
        try
        {
            return await db.WriteAsync<RegisterOutcome>(Actor.For(patient), "patient.register", reason: null, async () =>
            {
                if (await FindBySubjectAsync(subject, cancellationToken) is { } known)
                    return new RegisterOutcome.AlreadyRegistered(known);
                db.Patients.Add(patient);
                return new RegisterOutcome.Registered(patient.Id);
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            // The same form twice at once: the other one won.
            return await FindBySubjectAsync(subject, cancellationToken) is { } known ? new RegisterOutcome.AlreadyRegistered(known) : throw new InvalidOperationException("The record that was in the way is gone.", error);
        }
    }

    /// <summary>Staff give a record without a sign-in to the person whose it is.</summary>
    public async Task<LinkOutcome> LinkAsync(Actor staff, PatientId id, string subject, string reason, CancellationToken cancellationToken)
    {
        RequireStaff(staff);
        try
        {
            return await db.WriteAsync(staff, "patient.link", reason, async () =>
            {
                var patient = await db.Patients.SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
                if (patient is null)
                    return LinkOutcome.NotFound;
                if (patient.Subject is not null && patient.Subject != subject)
                    return LinkOutcome.LinkedToAnother;
                patient.LinkTo(subject);
                return LinkOutcome.Linked;
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return LinkOutcome.LinkedToAnother;
        }
    }

    /// <summary>
    /// Every word must match: part of a name without regard to case and accents, a date of birth (day first, or ISO), or at least four digits of
    /// a phone or NHS number. If nobody matches, those that nearly do, the nearest first. At most <see cref="MaxFound"/>; empty for fewer than two characters
    /// or fewer than four digits. The audit keeps whose records were shown.
    /// </summary>
    public async Task<IReadOnlyList<PatientView>> SearchAsync(Actor staff, string text, CancellationToken cancellationToken)
    {
        if (!staff.IsStaff && staff.AsPractitioner is null)
            throw new NotAllowedException("Only practice staff and clinicians search for patients.");
        db.ActFor(staff);
        var found = await FoundAsync(text, cancellationToken);
        await db.WriteAsync(staff, "patient.search", reason: null, () =>
        {
            db.Audit(nameof(Patient), Guid.Empty, JsonSerializer.Serialize(new { Found = found.Select(patient => patient.Id.Value) }));
            return Task.FromResult(true);
        }, cancellationToken);
        return found;
    }

    /// <summary>One patient's record is opened: the audit keeps by whom. Null if the actor may not see it or there is none.</summary>
    public async Task<PatientView?> OpenAsync(Actor actor, PatientId id, CancellationToken cancellationToken)
    {
        var found = await FindAsync(actor, id, cancellationToken);
        if (found is null)
            return null;
        await db.WriteAsync(actor, "patient.open", reason: null, () =>
        {
            db.Audit(nameof(Patient), id.Value, after: null);
            return Task.FromResult(true);
        }, cancellationToken);
        return found;
    }

    /// <summary>Who matches, in the practice that the context acts for.</summary>
    internal async Task<IReadOnlyList<PatientView>> FoundAsync(string text, CancellationToken cancellationToken)
    {
        if (DateOnly.TryParseExact(text.Trim(), DateFormats, CultureInfo.InvariantCulture, DateTimeStyles.None, out var born))
        {
            var exact = await Views(ByName(db.Patients.AsNoTracking().Where(patient => patient.DateOfBirth == born))).ToListAsync(cancellationToken);
            return exact.Count > 0 ? exact : await BornNearAsync(born, cancellationToken);
        }

        var compact = Patient.Digits(text);
        string[] words = compact.Length >= 4 && !text.Any(char.IsLetter)
            ? [compact]
            : Patient.SearchText(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Sum(word => word.Length) < 2 || words.Any(word => word.Length < 4 && word.All(char.IsAsciiDigit)))
            return [];
        var found = db.Patients.AsNoTracking();
        foreach (var word in words.Take(MaxWords))
            found = found.Where(patient => patient.SearchKey.Contains(word));
        var matches = await Views(ByName(found)).ToListAsync(cancellationToken);
        return matches.Count > 0 ? matches : await SpeltNearAsync([.. words.Take(MaxWords)], cancellationToken);
    }

    /// <summary>The day and the month exchanged, or one of the three parts off by one, or by ten years.</summary>
    private async Task<IReadOnlyList<PatientView>> BornNearAsync(DateOnly born, CancellationToken cancellationToken)
    {
        List<DateOnly> days = [.. new[] { -1, 1 }.SelectMany(step => new[] { born.AddDays(step), born.AddMonths(step), born.AddYears(step), born.AddYears(step * 10) })];
        if (born.Day <= 12)
            days.Add(new DateOnly(born.Year, born.Day, born.Month));
        return await Views(ByName(db.Patients.AsNoTracking().Where(patient => days.Contains(patient.DateOfBirth)))).ToListAsync(cancellationToken);
    }

    /// <summary>The database finds who shares most pieces of the words, this process who is near enough.</summary>
    private async Task<IReadOnlyList<PatientView>> SpeltNearAsync(IReadOnlyList<string> words, CancellationToken cancellationToken)
    {
        List<long> grams = [.. PatientGram.Of(string.Join(' ', words))];
        var ids = await db.PatientGrams.Where(gram => grams.Contains(gram.Gram)).GroupBy(gram => gram.PatientId)
            .OrderByDescending(patient => patient.Count()).ThenBy(patient => patient.Key).Select(patient => patient.Key).Take(MaxCandidates).ToListAsync(cancellationToken);
        var candidates = await db.Patients.AsNoTracking().Where(patient => ids.Contains(patient.Id)).ToListAsync(cancellationToken);
        return
        [
            .. (from patient in candidates
               let slips = Spelling.Slips(words, patient.SearchKey)
               where slips is not null
               orderby slips, patient.FamilyName, patient.GivenName, patient.DateOfBirth
               select View(patient)).Take(MaxFound),
        ];
    }

    private static IQueryable<Patient> ByName(IQueryable<Patient> patients) =>
        patients.OrderBy(patient => patient.FamilyName).ThenBy(patient => patient.GivenName).ThenBy(patient => patient.DateOfBirth).Take(MaxFound);

    /// <summary>Null if the actor may not see this record or there is none.</summary>
    public async Task<PatientView?> FindAsync(Actor actor, PatientId id, CancellationToken cancellationToken)
    {
        if (!actor.MayActFor(id) && actor.AsPractitioner is null)
            return null;
        db.ActFor(actor);
        return await Views(db.Patients.AsNoTracking().Where(patient => patient.Id == id)).SingleOrDefaultAsync(cancellationToken);
    }

    private static PatientView View(Patient patient) =>
        new(patient.Id, patient.DisplayName, patient.DateOfBirth, patient.NhsNumber, patient.Phone, patient.Email, patient.Subject is not null);

    private static IQueryable<PatientView> Views(IQueryable<Patient> patients) =>
        patients.Select(patient => new PatientView(
            patient.Id, patient.DisplayName, patient.DateOfBirth, patient.NhsNumber, patient.Phone, patient.Email, patient.Subject != null));

    private async Task<PatientId?> FindBySubjectAsync(string subject, CancellationToken cancellationToken)
    {
        var ids = await db.Patients.IgnoreQueryFilters(PracticeFilter.Only).Where(patient => patient.Subject == subject).Select(patient => patient.Id).ToListAsync(cancellationToken);
        return ids.Count == 0 ? null : ids[0];
    }

    private static void RequireStaff(Actor actor)
    {
        if (!actor.IsStaff)
            throw new NotAllowedException("Only practice staff may do this.");
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
