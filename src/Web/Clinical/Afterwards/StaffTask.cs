using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Afterwards;

/// <summary>Something that a clinician asks practice staff to do after a consultation; FHIR calls it Task.</summary>
public sealed class StaffTask : IAudited, IVersioned
{
    /// <summary>Characters.</summary>
    public const int TextLength = 500;

    public required StaffTaskId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required PatientId PatientId { get; init; }

    public required PractitionerId AuthorId { get; init; }

    /// <summary>What is to be done.</summary>
    [AuditRedacted]
    public required string Text { get; init; }

    public required bool IsUrgent { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null while it is open.</summary>
    public DateTimeOffset? DoneAt { get; private set; }

    /// <summary>Who did it.</summary>
    public StaffMemberId? DoneBy { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    public void Do(StaffMemberId by, DateTimeOffset now)
    {
        if (DoneAt is not null)
            throw new IllegalTransitionException("A task is done once.");
        (DoneBy, DoneAt) = (by, now);
    }

    public void Reopen()
    {
        if (DoneAt is null)
            throw new IllegalTransitionException("Only what is done is opened again.");
        (DoneBy, DoneAt) = (null, null);
    }
}

internal sealed class StaffTaskMapping : IEntityTypeConfiguration<StaffTask>
{
    public void Configure(EntityTypeBuilder<StaffTask> entity)
    {
        entity.Property(task => task.Text).HasMaxLength(StaffTask.TextLength);
        entity.HasIndex(task => new { task.PracticeId, task.DoneAt });
        entity.HasIndex(task => task.AppointmentId);
        entity.HasOne<Practice>().WithMany().HasForeignKey(task => task.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(task => task.AppointmentId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(task => task.PatientId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(task => task.AuthorId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<StaffMember>().WithMany().HasForeignKey(task => task.DoneBy).OnDelete(DeleteBehavior.Restrict);
    }
}
