using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Consultations;

public enum DisputeDecision
{
    /// <summary>The mark stays.</summary>
    Upheld,

    /// <summary>The mark was wrong and is gone.</summary>
    Corrected,
}

/// <summary>A patient says that a mark of a missed appointment is wrong. Staff decide.</summary>
public sealed class AttendanceDispute : IAudited, IVersioned
{
    public const int TextLength = 2000;

    /// <summary>How long after the mark a patient can say so.</summary>
    public static readonly TimeSpan OpenFor = TimeSpan.FromDays(14);

    public required AttendanceDisputeId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required PatientId PatientId { get; init; }

    [AuditRedacted]
    public required string Text { get; init; }

    public required DateTimeOffset RaisedAt { get; init; }

    /// <summary>Null until it is decided.</summary>
    public DisputeDecision? Decision { get; private set; }

    public DateTimeOffset? DecidedAt { get; private set; }

    /// <summary>For the patient to read.</summary>
    public string? Reason { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    public void Decide(DisputeDecision decision, string reason, DateTimeOffset now)
    {
        if (Decision is not null)
            throw new IllegalTransitionException("A dispute is decided once.");
        (Decision, Reason, DecidedAt) = (decision, reason, now);
    }
}

internal sealed class AttendanceDisputeMapping : IEntityTypeConfiguration<AttendanceDispute>
{
    public void Configure(EntityTypeBuilder<AttendanceDispute> entity)
    {
        entity.Property(dispute => dispute.Text).HasMaxLength(AttendanceDispute.TextLength);
        entity.Property(dispute => dispute.Reason).HasMaxLength(Appointment.ReasonLength);
        // Two windows of one patient raise it once.
        entity.HasIndex(dispute => dispute.AppointmentId).IsUnique().HasFilter("[Decision] IS NULL");
        entity.HasIndex(dispute => new { dispute.PracticeId, dispute.Decision, dispute.RaisedAt });
        entity.HasOne<Practice>().WithMany().HasForeignKey(dispute => dispute.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(dispute => dispute.AppointmentId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(dispute => dispute.PatientId).OnDelete(DeleteBehavior.Restrict);
    }
}
