using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Booking;

/// <summary>What was asked and answered when an appointment was booked.</summary>
public sealed record AnswerView(string Question, string Text);

/// <summary>What was answered to a question of the service when the appointment was booked. The question is kept as it was asked then.</summary>
public sealed class AppointmentAnswer : IAudited
{
    public const int TextLength = 1000;

    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required int Position { get; init; }

    public required string Question { get; init; }

    [AuditRedacted]
    public required string Text { get; init; }

    public Guid AuditId => Id;
}

internal sealed class AppointmentAnswerMapping : IEntityTypeConfiguration<AppointmentAnswer>
{
    public void Configure(EntityTypeBuilder<AppointmentAnswer> entity)
    {
        entity.Property(answer => answer.Id).ValueGeneratedNever();
        entity.Property(answer => answer.Question).HasMaxLength(Scheduling.ServiceQuestion.TextLength);
        entity.Property(answer => answer.Text).HasMaxLength(AppointmentAnswer.TextLength);
        entity.HasIndex(answer => new { answer.AppointmentId, answer.Position }).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(answer => answer.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(answer => answer.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}

internal static class AppointmentAnswerQueries
{
    /// <summary>In the order in which they were asked.</summary>
    public static Task<List<AnswerView>> AnswersOfAsync(this ClinicalDbContext db, AppointmentId appointment, CancellationToken cancellationToken) =>
        db.AppointmentAnswers.AsNoTracking().Where(row => row.AppointmentId == appointment).OrderBy(row => row.Position)
            .Select(row => new AnswerView(row.Question, row.Text)).ToListAsync(cancellationToken);
}
