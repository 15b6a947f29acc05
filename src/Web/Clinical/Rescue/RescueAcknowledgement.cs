using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Rescue;

/// <summary>Somebody of the practice has seen one trouble of one person, and looks after it. Its id is the trouble's: the database refuses a second.</summary>
public sealed class RescueAcknowledgement : IAudited
{
    /// <summary>Of the event, or the device check, that the trouble began with.</summary>
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ActorRole ByRole { get; init; }

    /// <summary>The value of the Practitioner's or StaffMember's id.</summary>
    public required Guid ById { get; init; }

    public required string ByName { get; init; }

    public Guid AuditId => Id;
}

internal sealed class RescueAcknowledgementMapping : IEntityTypeConfiguration<RescueAcknowledgement>
{
    public void Configure(EntityTypeBuilder<RescueAcknowledgement> entity)
    {
        entity.ToTable("RescueAcknowledgements");
        entity.Property(row => row.Id).ValueGeneratedNever();
        entity.Property(row => row.ByName).HasMaxLength(200);
        entity.HasIndex(row => row.AppointmentId);
        entity.HasOne<Practice>().WithMany().HasForeignKey(row => row.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(row => row.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
