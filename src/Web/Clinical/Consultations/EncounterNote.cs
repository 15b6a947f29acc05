using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>The clinician's note: a draft until the consultation is finished, then signed. A signed note changes only by an amendment, which keeps what it was before.</summary>
public sealed class EncounterNote : SharedDraft, IAudited
{
    /// <summary>Characters.</summary>
    public const int MaxLength = 20_000;

    private PractitionerId _authorId;

    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required EncounterId EncounterId { get; init; }

    /// <summary>Who writes it and signs.</summary>
    public required PractitionerId AuthorId { get => _authorId; init => _authorId = value; }

    [AuditRedacted]
    public string Text { get; private set; } = string.Empty;

    /// <summary>What it was mainly about: a code of <see cref="ProblemList"/>; null if it is not coded.</summary>
    [AuditRedacted]
    public string? Problem { get; private set; }

    [AuditRedacted]
    public EncounterOutcome? Outcome { get; private set; }

    /// <summary>Null while it is a draft.</summary>
    public DateTimeOffset? SignedAt { get; private set; }

    public Guid AuditId => Id;

    public static EncounterNote Draft(Encounter encounter, PractitionerId author) => new()
    {
        Id = Guid.CreateVersion7(),
        PracticeId = encounter.PracticeId,
        EncounterId = encounter.Id,
        AuthorId = author,
    };

    /// <summary>Whoever takes the patient over goes on with the draft.</summary>
    public void HandOver(PractitionerId to)
    {
        if (SignedAt is not null)
            throw new IllegalTransitionException("A signed note stays with whoever signed it.");
        _authorId = to;
    }

    public void Write(NoteDraft draft, DateTimeOffset now)
    {
        if (SignedAt is not null)
            throw new IllegalTransitionException("A signed note does not change.");
        Take(draft);
        Saved(draft.Source, now);
    }

    public void Sign(DateTimeOffset now)
    {
        if (SignedAt is not null || string.IsNullOrWhiteSpace(Text))
            throw new IllegalTransitionException("Only a draft with text can be signed, and once.");
        SignedAt = now;
    }

    /// <summary>Changes the signed note.</summary>
    /// <returns>What it was before, to be kept.</returns>
    public NoteAmendment Amend(NoteDraft draft, string reason, PractitionerId author, int sequence, DateTimeOffset now)
    {
        if (SignedAt is null)
            throw new IllegalTransitionException("Only a signed note is amended.");
        var amendment = new NoteAmendment
        {
            Id = Guid.CreateVersion7(),
            PracticeId = PracticeId,
            NoteId = Id,
            Sequence = sequence,
            AuthorId = author,
            At = now,
            Reason = reason,
            TextBefore = Text,
            ProblemBefore = Problem,
            OutcomeBefore = Outcome,
        };
        Take(draft);
        return amendment;
    }

    private void Take(NoteDraft draft)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(draft.Text.Length, MaxLength);
        if (draft.Problem is { } code && ProblemList.Find(code) is null)
            throw new ArgumentException("The problem is not in the list.", nameof(draft));
        (Text, Problem, Outcome) = (draft.Text, draft.Problem, draft.Outcome);
    }
}

internal sealed class EncounterNoteMapping : IEntityTypeConfiguration<EncounterNote>
{
    public void Configure(EntityTypeBuilder<EncounterNote> entity)
    {
        entity.Property(note => note.Id).ValueGeneratedNever();
        entity.Property(note => note.Text).HasMaxLength(EncounterNote.MaxLength);
        entity.Property(note => note.Problem).HasMaxLength(ProblemList.CodeLength);
        entity.HasIndex(note => note.EncounterId).IsUnique();
        entity.HasOne<Encounter>().WithMany().HasForeignKey(note => note.EncounterId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(note => note.AuthorId).OnDelete(DeleteBehavior.Restrict);
    }
}
