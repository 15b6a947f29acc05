using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;
using static Telemedicine.Clinical.Consultations.HandoverStatus;

namespace Telemedicine.Clinical.Consultations;

public enum HandoverStatus
{
    /// <summary>The other clinician has not answered.</summary>
    Asked,

    /// <summary>They come into the call; whoever asked is still responsible.</summary>
    Accepted,

    /// <summary>The patient is theirs.</summary>
    Done,
    Declined,
    Withdrawn,
}

public static class HandoverStates
{
    public static readonly StateTable<HandoverStatus> Table = new(new Dictionary<HandoverStatus, HandoverStatus[]>
    {
        [Asked] = [Accepted, Declined, Withdrawn],
        [Accepted] = [Done, Declined, Withdrawn],
    });
}

/// <summary>One clinician asks another to take over a patient with whom they are in a call. The patient keeps the page, the call and the Encounter.</summary>
public sealed class Handover : IAudited, IVersioned
{
    /// <summary>Characters.</summary>
    public const int MaxNote = 2_000;

    public required Guid Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    public required PractitionerId FromId { get; init; }

    public required PractitionerId ToId { get; init; }

    /// <summary>What the other should know, for them alone.</summary>
    [AuditRedacted]
    public required string Note { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    public HandoverStatus Status { get; private set; }

    /// <summary>When it came into its status.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>When the other said that they take over; null if they have not.</summary>
    public DateTimeOffset? AcceptedAt { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id;

    public static Handover Ask(Appointment appointment, PractitionerId to, string note, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(),
        PracticeId = appointment.PracticeId,
        AppointmentId = appointment.Id,
        FromId = appointment.PractitionerId,
        ToId = to,
        Note = note,
        AskedAt = now,
        ChangedAt = now,
    };

    public void Accept(DateTimeOffset now)
    {
        Move(Accepted, now);
        AcceptedAt = now;
    }

    public void Decline(DateTimeOffset now) => Move(Declined, now);

    public void Withdraw(DateTimeOffset now) => Move(Withdrawn, now);

    public void Complete(DateTimeOffset now) => Move(Done, now);

    private void Move(HandoverStatus next, DateTimeOffset now)
    {
        Status = HandoverStates.Table.Move(Status, next);
        ChangedAt = now;
    }
}

internal sealed class HandoverMapping : IEntityTypeConfiguration<Handover>
{
    public void Configure(EntityTypeBuilder<Handover> entity)
    {
        entity.ToTable("Handovers");
        entity.Property(handover => handover.Id).ValueGeneratedNever();
        entity.Property(handover => handover.Note).HasMaxLength(Handover.MaxNote);
        // One at a time.
        entity.HasIndex(handover => handover.AppointmentId).IsUnique().HasFilter("[Status] IN ('Asked', 'Accepted')");
        entity.HasIndex(handover => new { handover.ToId, handover.Status });
        entity.HasOne<Practice>().WithMany().HasForeignKey(handover => handover.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(handover => handover.AppointmentId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(handover => handover.FromId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(handover => handover.ToId).OnDelete(DeleteBehavior.Restrict);
    }
}
