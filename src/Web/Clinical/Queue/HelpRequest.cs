using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Queue;

/// <summary>Somebody who waits said that they need help now. It is open until somebody of the practice says that they have seen it.</summary>
public sealed class HelpRequest : IAudited, IVersioned
{
    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public DateTimeOffset? SeenAt { get; private set; }

    /// <summary>The value of the Practitioner's or StaffMember's id.</summary>
    public Guid? SeenBy { get; private set; }

    public string? SeenByName { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id;

    public void See(Actor actor, string name, DateTimeOffset now)
    {
        if (SeenAt is not null)
            throw new IllegalTransitionException("It was seen already.");
        (SeenAt, SeenBy, SeenByName) = (now, actor.PersonId, name);
    }
}

internal sealed class HelpRequestMapping : IEntityTypeConfiguration<HelpRequest>
{
    public void Configure(EntityTypeBuilder<HelpRequest> entity)
    {
        entity.Property(request => request.Id).ValueGeneratedNever();
        entity.Property(request => request.SeenByName).HasMaxLength(200);
        // One open request of an appointment, whatever is pressed in two tabs.
        entity.HasIndex(request => request.AppointmentId).IsUnique().HasFilter("[SeenAt] IS NULL").HasDatabaseName("IX_HelpRequests_Open");
        entity.HasIndex(request => new { request.AppointmentId, request.AskedAt });
        entity.HasOne<Practice>().WithMany().HasForeignKey(request => request.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(request => request.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
