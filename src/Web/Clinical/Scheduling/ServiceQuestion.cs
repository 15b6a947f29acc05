using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>What is asked when a service is booked, as pages show it.</summary>
/// <param name="IsRequired">Nobody books without an answer.</param>
public sealed record QuestionView(ServiceQuestionId Id, string Text, bool IsRequired);

/// <summary>A question that is asked when a service is booked.</summary>
public sealed class ServiceQuestion : IAudited
{
    public const int TextLength = 200;

    public required ServiceQuestionId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required HealthcareServiceId ServiceId { get; init; }

    /// <summary>From 0, in the order in which they are asked.</summary>
    public int Position { get; private set; }

    public string Text { get; private set; } = "";

    public bool IsRequired { get; private set; }

    public Guid AuditId => Id.Value;

    public void Ask(int position, string text, bool isRequired) => (Position, Text, IsRequired) = (position, text, isRequired);
}

internal sealed class ServiceQuestionMapping : IEntityTypeConfiguration<ServiceQuestion>
{
    public void Configure(EntityTypeBuilder<ServiceQuestion> entity)
    {
        entity.Property(question => question.Text).HasMaxLength(ServiceQuestion.TextLength);
        entity.HasIndex(question => new { question.ServiceId, question.Position });
        entity.HasOne<Practice>().WithMany().HasForeignKey(question => question.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<HealthcareService>().WithMany().HasForeignKey(question => question.ServiceId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal static class ServiceQuestionQueries
{
    /// <summary>In the order in which they are asked.</summary>
    public static Task<List<QuestionView>> QuestionsOfAsync(this ClinicalDbContext db, HealthcareServiceId service, CancellationToken cancellationToken) =>
        db.ServiceQuestions.AsNoTracking().Where(row => row.ServiceId == service).OrderBy(row => row.Position)
            .Select(row => new QuestionView(row.Id, row.Text, row.IsRequired)).ToListAsync(cancellationToken);
}
