using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>The clinician's note: a draft until the consultation is finished, then fixed.</summary>
public sealed class EncounterNote : IAudited, IVersioned
{
    /// <summary>Characters.</summary>
    public const int MaxLength = 20_000;

    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required EncounterId EncounterId { get; init; }

    /// <summary>Who writes it and signs.</summary>
    public PractitionerId AuthorId { get; private set; }

    [AuditRedacted]
    public string Text { get; private set; } = string.Empty;

    public DateTimeOffset SavedAt { get; private set; }

    /// <summary>Null while it is a draft.</summary>
    public DateTimeOffset? SignedAt { get; private set; }

    public int Version { get; private set; }

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
        AuthorId = to;
    }

    public void Write(string text, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(text.Length, MaxLength);
        if (SignedAt is not null)
            throw new IllegalTransitionException("A signed note does not change.");
        Text = text;
        SavedAt = now;
    }

    public void Sign(DateTimeOffset now)
    {
        if (SignedAt is not null || string.IsNullOrWhiteSpace(Text))
            throw new IllegalTransitionException("Only a draft with text can be signed, and once.");
        SignedAt = now;
    }
}

internal sealed class EncounterNoteMapping : IEntityTypeConfiguration<EncounterNote>
{
    public void Configure(EntityTypeBuilder<EncounterNote> entity)
    {
        entity.Property(note => note.Id).ValueGeneratedNever();
        entity.Property(note => note.Text).HasMaxLength(EncounterNote.MaxLength);
        entity.HasIndex(note => note.EncounterId).IsUnique();
        entity.HasOne<Encounter>().WithMany().HasForeignKey(note => note.EncounterId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(note => note.AuthorId).OnDelete(DeleteBehavior.Restrict);
    }
}
