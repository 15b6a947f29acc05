using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Afterwards;

/// <summary>"Overall, how was your experience of our service?" with the answers of the NHS Friends and Family Test.</summary>
public enum Experience
{
    VeryGood,
    Good,
    NeitherGoodNorPoor,
    Poor,
    VeryPoor,
    DoNotKnow,
}

/// <summary>"How well did the call work?"</summary>
public enum CallWorked
{
    Well,
    WithSomeProblems,
    Badly,
}

/// <summary>What one person answered after one appointment; FHIR calls it QuestionnaireResponse. It does not change.</summary>
public sealed class SurveyAnswer : IAudited
{
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    /// <summary>The value of the Patient's or RelatedPerson's id.</summary>
    public required Guid PersonId { get; init; }

    [AuditRedacted]
    public required Experience Experience { get; init; }

    [AuditRedacted]
    public required CallWorked Call { get; init; }

    public required DateTimeOffset AnsweredAt { get; init; }

    public Guid AuditId => Id;
}

internal sealed class SurveyAnswerMapping : IEntityTypeConfiguration<SurveyAnswer>
{
    public void Configure(EntityTypeBuilder<SurveyAnswer> entity)
    {
        entity.Property(answer => answer.Id).ValueGeneratedNever();
        // Each person answers once.
        entity.HasIndex(answer => new { answer.AppointmentId, answer.PersonId }).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(answer => answer.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(answer => answer.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
