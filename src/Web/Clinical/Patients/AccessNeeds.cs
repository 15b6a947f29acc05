using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Patients;

/// <summary>How sure a patient is of video calls.</summary>
public enum VideoConfidence
{
    Confident,
    Unsure,

    /// <summary>Someone has to help them, or the call is by phone.</summary>
    NeedsHelp,
}

/// <summary>What a patient needs for an appointment to work. Asked once; it holds for every appointment until they change it. Who was not asked has no row.</summary>
public sealed class AccessNeeds : IAudited, IVersioned
{
    public const int LanguageLength = 60;
    public const int OtherLength = 300;

    public required PatientId PatientId { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>They need an interpreter for this language; null if none.</summary>
    public string? InterpreterLanguage { get; private set; }

    public bool SignLanguage { get; private set; }

    public bool Captions { get; private set; }

    public bool LargeText { get; private set; }

    public VideoConfidence Confidence { get; private set; }

    /// <summary>Anything else, in their words.</summary>
    [AuditRedacted]
    public string? Other { get; private set; }

    public DateTimeOffset AnsweredAt { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => PatientId.Value;

    public void Answer(AccessNeedsView needs, DateTimeOffset now)
    {
        InterpreterLanguage = needs.InterpreterLanguage;
        SignLanguage = needs.SignLanguage;
        Captions = needs.Captions;
        LargeText = needs.LargeText;
        Confidence = needs.Confidence;
        Other = needs.Other;
        AnsweredAt = now;
    }
}

/// <param name="InterpreterLanguage">At most <see cref="AccessNeeds.LanguageLength"/> characters; null if none is needed.</param>
/// <param name="Other">At most <see cref="AccessNeeds.OtherLength"/> characters; null if there is nothing.</param>
public sealed record AccessNeedsView(string? InterpreterLanguage, bool SignLanguage, bool Captions, bool LargeText, VideoConfidence Confidence, string? Other)
{
    /// <summary>Nothing that the practice has to prepare.</summary>
    public bool IsNothing => InterpreterLanguage is null && !SignLanguage && !Captions && !LargeText && Confidence == VideoConfidence.Confident && Other is null;
}

public enum SaveNeedsOutcome
{
    Saved,

    /// <summary>A text is longer than allowed.</summary>
    TooLong,

    NotFound,
}

/// <summary>Reads and writes what patients need: a patient their own, staff for any patient; clinicians read.</summary>
public sealed class AccessNeedsService(ClinicalDbContext db, TimeProvider clock)
{
    /// <summary>Null if they were not asked yet, or the actor may not see it.</summary>
    public async Task<AccessNeedsView?> FindAsync(Actor actor, PatientId patient, CancellationToken cancellationToken) =>
        (await OfPatientsAsync(actor, [patient], cancellationToken)).GetValueOrDefault(patient);

    /// <summary>Of those who were asked and whom the actor may see.</summary>
    public async Task<IReadOnlyDictionary<PatientId, AccessNeedsView>> OfPatientsAsync(Actor actor, IReadOnlyCollection<PatientId> patients, CancellationToken cancellationToken)
    {
        PatientId[] seen = [.. patients.Where(patient => actor.MayActFor(patient) || actor.AsPractitioner is not null).Distinct()];
        db.ActFor(actor);
        return await db.AccessNeeds.AsNoTracking().Where(row => seen.Contains(row.PatientId)).ToDictionaryAsync(
            row => row.PatientId,
            row => new AccessNeedsView(row.InterpreterLanguage, row.SignLanguage, row.Captions, row.LargeText, row.Confidence, row.Other), cancellationToken);
    }

    public async Task<SaveNeedsOutcome> SaveAsync(Actor actor, PatientId patient, AccessNeedsView needs, CancellationToken cancellationToken)
    {
        var answer = needs with { InterpreterLanguage = Blank(needs.InterpreterLanguage), Other = Blank(needs.Other) };
        if (!actor.MayActFor(patient))
            return SaveNeedsOutcome.NotFound;
        if (answer.InterpreterLanguage?.Length > AccessNeeds.LanguageLength || answer.Other?.Length > AccessNeeds.OtherLength)
            return SaveNeedsOutcome.TooLong;
        return await db.WriteAsync(actor, "patient.access-needs", reason: null, async () =>
        {
            if (!await db.Patients.AnyAsync(row => row.Id == patient, cancellationToken))
                return SaveNeedsOutcome.NotFound;
            var row = await db.AccessNeeds.SingleOrDefaultAsync(found => found.PatientId == patient, cancellationToken);
            if (row is null)
                db.AccessNeeds.Add(row = new AccessNeeds { PatientId = patient, PracticeId = actor.Practice });
            row.Answer(answer, clock.GetUtcNow());
            return SaveNeedsOutcome.Saved;
        }, cancellationToken);
    }

    private static string? Blank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}

internal sealed class AccessNeedsMapping : IEntityTypeConfiguration<AccessNeeds>
{
    public void Configure(EntityTypeBuilder<AccessNeeds> entity)
    {
        entity.HasKey(needs => needs.PatientId);
        entity.Property(needs => needs.InterpreterLanguage).HasMaxLength(AccessNeeds.LanguageLength);
        entity.Property(needs => needs.Other).HasMaxLength(AccessNeeds.OtherLength);
        entity.HasOne<Practice>().WithMany().HasForeignKey(needs => needs.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithOne().HasForeignKey<AccessNeeds>(needs => needs.PatientId).OnDelete(DeleteBehavior.Restrict);
    }
}
