using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Afterwards;

/// <summary>What the clinician writes for the patient after a consultation; FHIR calls it DocumentReference. A draft until it is sent, then fixed.</summary>
public sealed class PatientLetter : SharedDraft, IAudited
{
    /// <summary>Characters.</summary>
    public const int SummaryLength = 4000;

    /// <summary>Characters.</summary>
    public const int NextLength = 2000;

    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required PatientId PatientId { get; init; }

    public required PractitionerId AuthorId { get; init; }

    /// <summary>What was talked about and found.</summary>
    [AuditRedacted]
    public string Summary { get; private set; } = string.Empty;

    /// <summary>What happens next and who does it.</summary>
    [AuditRedacted]
    public string Next { get; private set; } = string.Empty;

    /// <summary>Null while only the clinician sees it.</summary>
    public DateTimeOffset? SentAt { get; private set; }

    public Guid AuditId => Id;

    public static PatientLetter For(Appointment appointment) => new()
    {
        Id = Guid.CreateVersion7(),
        PracticeId = appointment.PracticeId,
        AppointmentId = appointment.Id,
        PatientId = appointment.PatientId,
        AuthorId = appointment.PractitionerId,
    };

    public void Write(LetterDraft draft, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(draft.Summary.Length, SummaryLength);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(draft.Next.Length, NextLength);
        if (SentAt is not null)
            throw new IllegalTransitionException("A letter that was sent does not change.");
        (Summary, Next) = (draft.Summary, draft.Next);
        Saved(draft.Source, now);
    }

    public void Send(DateTimeOffset now)
    {
        if (SentAt is not null || string.IsNullOrWhiteSpace(Summary) || string.IsNullOrWhiteSpace(Next))
            throw new IllegalTransitionException("Only a letter with both of its parts is sent, and once.");
        SentAt = now;
    }
}

/// <summary>A letter as a window sends it.</summary>
/// <param name="Version">Of the letter that the text was written on; 0 if there was none.</param>
public sealed record LetterDraft(string Summary, string Next, int Version)
{
    public DraftSource? Source { get; init; }
}

internal sealed class PatientLetterMapping : IEntityTypeConfiguration<PatientLetter>
{
    public void Configure(EntityTypeBuilder<PatientLetter> entity)
    {
        entity.Property(letter => letter.Id).ValueGeneratedNever();
        entity.Property(letter => letter.Summary).HasMaxLength(PatientLetter.SummaryLength);
        entity.Property(letter => letter.Next).HasMaxLength(PatientLetter.NextLength);
        entity.HasIndex(letter => letter.AppointmentId).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(letter => letter.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(letter => letter.AppointmentId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(letter => letter.PatientId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(letter => letter.AuthorId).OnDelete(DeleteBehavior.Restrict);
    }
}
