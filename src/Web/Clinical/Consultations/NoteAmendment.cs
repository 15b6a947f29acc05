using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

/// <summary>A change of a signed note: who, when and why, and what the note was before. Rows are only ever added.</summary>
public sealed class NoteAmendment : IAudited
{
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required Guid NoteId { get; init; }

    /// <summary>1 for the first.</summary>
    public required int Sequence { get; init; }

    public required PractitionerId AuthorId { get; init; }

    public required DateTimeOffset At { get; init; }

    [AuditRedacted]
    public required string Reason { get; init; }

    [AuditRedacted]
    public required string TextBefore { get; init; }

    [AuditRedacted]
    public string? ProblemBefore { get; init; }

    [AuditRedacted]
    public EncounterOutcome? OutcomeBefore { get; init; }

    public Guid AuditId => Id;
}

internal sealed class NoteAmendmentMapping : IEntityTypeConfiguration<NoteAmendment>
{
    public void Configure(EntityTypeBuilder<NoteAmendment> entity)
    {
        entity.Property(amendment => amendment.Id).ValueGeneratedNever();
        entity.Property(amendment => amendment.Reason).HasMaxLength(Appointment.ReasonLength);
        entity.Property(amendment => amendment.TextBefore).HasMaxLength(EncounterNote.MaxLength);
        entity.Property(amendment => amendment.ProblemBefore).HasMaxLength(ProblemList.CodeLength);
        entity.HasIndex(amendment => new { amendment.NoteId, amendment.Sequence }).IsUnique();
        entity.HasOne<EncounterNote>().WithMany().HasForeignKey(amendment => amendment.NoteId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(amendment => amendment.AuthorId).OnDelete(DeleteBehavior.Restrict);
    }
}
