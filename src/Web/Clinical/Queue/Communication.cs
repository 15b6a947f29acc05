using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Queue;

/// <summary>What the practice told a patient who waits. It stays with the appointment; one to all who wait is one for each of them.</summary>
public sealed class Communication : IAudited
{
    /// <summary>Characters.</summary>
    public const int MaxLength = 500;

    /// <summary>To one patient of one appointment: more is a conversation, which belongs on the telephone.</summary>
    public const int MaxOfAppointment = 50;

    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    [AuditRedacted]
    public required string Text { get; init; }

    public required DateTimeOffset SentAt { get; init; }

    public required ActorRole SenderRole { get; init; }

    /// <summary>The value of the Practitioner's or StaffMember's id.</summary>
    public required Guid SenderId { get; init; }

    /// <summary>As the patient sees it: the clinician's name, or the practice's.</summary>
    public required string SenderName { get; init; }

    public Guid AuditId => Id;
}

internal sealed class CommunicationMapping : IEntityTypeConfiguration<Communication>
{
    public void Configure(EntityTypeBuilder<Communication> entity)
    {
        entity.Property(sent => sent.Id).ValueGeneratedNever();
        entity.Property(sent => sent.Text).HasMaxLength(Communication.MaxLength);
        entity.Property(sent => sent.SenderName).HasMaxLength(200);
        entity.HasIndex(sent => new { sent.AppointmentId, sent.SentAt });
        entity.HasOne<Practice>().WithMany().HasForeignKey(sent => sent.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(sent => sent.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
