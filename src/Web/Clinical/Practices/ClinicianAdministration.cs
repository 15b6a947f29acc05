using Microsoft.EntityFrameworkCore;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.Practices;

/// <param name="Title">Such as Dr; empty for none.</param>
/// <param name="Profession">In words, such as General practitioner; empty if it is not said.</param>
/// <param name="Services">What they offer.</param>
/// <param name="Email">Their account at the sign-in service is recognised by it; empty if they do not sign in.</param>
public sealed record ClinicianDetails(string Title, string GivenName, string FamilyName, string Profession, IReadOnlyList<HealthcareServiceId> Services, string Email);

/// <param name="HasSignedIn">Their account is known.</param>
/// <param name="EndedAt">When they stopped working here, with the practice's offset.</param>
/// <param name="Coming">Appointments still to be held.</param>
public sealed record ClinicianListing(
    PractitionerId Id, string DisplayName, ClinicianDetails Details, IReadOnlyList<string> ServiceNames, bool HasSignedIn, DateTimeOffset? EndedAt, IReadOnlyList<AffectedAppointment> Coming);

public abstract record ClinicianOutcome
{
    public sealed record Saved(PractitionerId Practitioner) : ClinicianOutcome;

    /// <summary>A name is missing, something is too long, or the address is none.</summary>
    public sealed record Incomplete : ClinicianOutcome;

    /// <summary>Another clinician signs in with this address.</summary>
    public sealed record EmailTaken : ClinicianOutcome;

    /// <summary>Nothing was done: these are booked. Ask again with all of them as seen.</summary>
    public sealed record Affects(IReadOnlyList<AffectedAppointment> Appointments) : ClinicianOutcome;

    public sealed record NotFound : ClinicianOutcome;
}

/// <summary>The clinicians of a practice. For its administrators.</summary>
public sealed class ClinicianAdministration(ClinicalDbContext db, TimeProvider clock)
{
    private const string Ended = "The clinician has left";

    /// <summary>By name, those who have left last.</summary>
    public async Task<IReadOnlyList<ClinicianListing>> ListAsync(Actor administrator, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        db.ActFor(administrator);
        var time = await db.TimeOfAsync(administrator, cancellationToken);
        var rows = await db.Practitioners.AsNoTracking().Include(row => row.Services).OrderBy(row => row.EndedAt != null).ThenBy(row => row.FamilyName).ThenBy(row => row.GivenName).ToListAsync(cancellationToken);
        var coming = await db.BookedAsync(db.Slots, time, clock.GetUtcNow(), cancellationToken);
        return rows.ConvertAll(row => new ClinicianListing(
            row.Id,
            row.DisplayName,
            new ClinicianDetails(row.Title ?? "", row.GivenName, row.FamilyName, row.Profession ?? "", [.. row.Services.Select(service => service.Id)], row.Email ?? ""),
            [.. row.Services.Select(service => service.Name).Order(StringComparer.CurrentCulture)],
            row.Subject is not null,
            time.ToLocal(row.EndedAt),
            coming.FindAll(appointment => appointment.Practitioner == row.Id)));
    }

    /// <param name="id">Null for a new clinician.</param>
    public async Task<ClinicianOutcome> SaveAsync(Actor administrator, PractitionerId? id, ClinicianDetails details, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        var (title, given, family, profession, email) = (details.Title.Trim(), details.GivenName.Trim(), details.FamilyName.Trim(), details.Profession.Trim(), EmailAddress.Normal(details.Email));
        if (title.Length > Practitioner.TitleLength || given.Length is 0 or > Practitioner.NameLength || family.Length is 0 or > Practitioner.NameLength
            || profession.Length > Practitioner.NameLength || (email.Length > 0 && !EmailAddress.IsValid(email)))
            return new ClinicianOutcome.Incomplete();
        try
        {
            return await db.WriteAsync<ClinicianOutcome>(administrator, id is null ? "clinician.add" : "clinician.change", reason: null, async () =>
            {
                var services = await db.Services.Where(row => details.Services.Contains(row.Id)).ToListAsync(cancellationToken);
                if (services.Count != details.Services.Distinct().Count())
                    return new ClinicianOutcome.NotFound();
                var practitioner = id is null
                    ? new Practitioner { Id = PractitionerId.New(), PracticeId = administrator.Practice, GivenName = given, FamilyName = family }
                    : await db.Practitioners.Include(row => row.Services).SingleOrDefaultAsync(row => row.Id == id, cancellationToken);
                if (practitioner is null)
                    return new ClinicianOutcome.NotFound();
                if (id is null)
                    db.Practitioners.Add(practitioner);
                practitioner.Change(Blank(title), given, family, Blank(profession), Blank(email));
                Offer(practitioner, services);
                return new ClinicianOutcome.Saved(practitioner.Id);
            }, cancellationToken);
        }
        catch (DbUpdateException error) when (error.IsUniqueViolation())
        {
            return new ClinicianOutcome.EmailTaken();
        }
    }

    /// <summary>They stop working here: their weekly clinics end and nothing new is booked with them. What is booked stands.</summary>
    /// <param name="seen">The appointments that whoever decides knows of.</param>
    public async Task<ClinicianOutcome> EndAsync(Actor administrator, PractitionerId id, IReadOnlyCollection<AppointmentId> seen, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        var time = await db.TimeOfAsync(administrator, cancellationToken);
        return await db.WriteAsync<ClinicianOutcome>(administrator, "clinician.end", reason: null, async () =>
        {
            var now = clock.GetUtcNow();
            if (await db.Practitioners.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } practitioner)
                return new ClinicianOutcome.NotFound();
            var slots = db.Slots.Where(slot => slot.PractitionerId == id);
            var affected = await db.BookedAsync(slots, time, now, cancellationToken);
            if (!affected.AreSeen(seen))
                return new ClinicianOutcome.Affects(affected);
            practitioner.End(now);
            foreach (var template in await db.ClinicTemplates.Where(row => row.PractitionerId == id).ToListAsync(cancellationToken))
                template.EndOn(time.DayOf(now));
            await slots.CloseAsync(Ended, now);
            return new ClinicianOutcome.Saved(id);
        }, cancellationToken);
    }

    /// <summary>They work here after all, or again. What was blocked can be booked; their weekly clinics have ended.</summary>
    public async Task<ClinicianOutcome> WorkAgainAsync(Actor administrator, PractitionerId id, CancellationToken cancellationToken)
    {
        RequireAdministrator(administrator);
        return await db.WriteAsync<ClinicianOutcome>(administrator, "clinician.work-again", reason: null, async () =>
        {
            if (await db.Practitioners.SingleOrDefaultAsync(row => row.Id == id, cancellationToken) is not { } practitioner)
                return new ClinicianOutcome.NotFound();
            practitioner.WorkAgain();
            await db.Slots.Where(slot => slot.PractitionerId == id).ReopenAsync(Ended, clock.GetUtcNow());
            return new ClinicianOutcome.Saved(id);
        }, cancellationToken);
    }

    /// <summary>Which services they offer is no column of theirs, so that its change is put into the audit by name.</summary>
    private void Offer(Practitioner practitioner, IReadOnlyList<HealthcareService> services)
    {
        var before = practitioner.Services.Select(service => service.Name).Order(StringComparer.Ordinal).ToList();
        var after = services.Select(service => service.Name).Order(StringComparer.Ordinal).ToList();
        if (before.SequenceEqual(after))
            return;
        foreach (var gone in practitioner.Services.Except(services).ToList())
            practitioner.Services.Remove(gone);
        foreach (var added in services.Except(practitioner.Services).ToList())
            practitioner.Services.Add(added);
        db.Audit(nameof(Practitioner), practitioner.Id.Value, System.Text.Json.JsonSerializer.Serialize(new { Services = after }), System.Text.Json.JsonSerializer.Serialize(new { Services = before }));
    }

    private static string? Blank(string text) => text.Length == 0 ? null : text;

    private static void RequireAdministrator(Actor actor)
    {
        if (actor.Role != ActorRole.Administrator)
            throw new NotAllowedException("Only administrators decide who works at the practice.");
    }
}
