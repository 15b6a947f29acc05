using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.WaitingList;

/// <summary>A patient who wants to be told if a time comes up: one earlier than an appointment they have, or any if they have none.</summary>
public sealed class WaitingListEntry : IAudited, IVersioned
{
    public required WaitingListEntryId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required PatientId PatientId { get; init; }

    public required HealthcareServiceId ServiceId { get; init; }

    /// <summary>With this clinician only; null for any.</summary>
    public PractitionerId? PractitionerId { get; init; }

    /// <summary>How it is to be held.</summary>
    public required DeliveryChannel Channel { get; init; }

    /// <summary>The appointment that moves to the earlier time; null if one is booked.</summary>
    public AppointmentId? AppointmentId { get; private set; }

    /// <summary>Who joined first is asked first.</summary>
    public required DateTimeOffset JoinedAt { get; init; }

    public WaitingStatus Status { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    /// <summary>From now on they wait for a time earlier than this appointment's.</summary>
    public void WaitFor(AppointmentId appointment) => AppointmentId = appointment;

    public void Offer() => Status = WaitingStates.Table.Move(Status, WaitingStatus.Offered);

    /// <summary>The offer was declined, or its time ran out: they stay on the list.</summary>
    public void WaitAgain() => Status = WaitingStates.Table.Move(Status, WaitingStatus.Waiting);

    public void Accept() => Status = WaitingStates.Table.Move(Status, WaitingStatus.Accepted);

    public void Leave() => Status = WaitingStates.Table.Move(Status, WaitingStatus.Left);
}

public enum WaitingStatus
{
    Waiting,

    /// <summary>A time is kept for them until they answer.</summary>
    Offered,

    /// <summary>They took a time.</summary>
    Accepted,

    /// <summary>They left the list, or the appointment that was to be earlier is over or cancelled.</summary>
    Left,
}

public static class WaitingStates
{
    public static readonly StateTable<WaitingStatus> Table = new(new Dictionary<WaitingStatus, WaitingStatus[]>
    {
        [WaitingStatus.Waiting] = [WaitingStatus.Offered, WaitingStatus.Left],
        [WaitingStatus.Offered] = [WaitingStatus.Waiting, WaitingStatus.Accepted, WaitingStatus.Left],
    });
}

internal sealed class WaitingListEntryMapping : IEntityTypeConfiguration<WaitingListEntry>
{
    public void Configure(EntityTypeBuilder<WaitingListEntry> entity)
    {
        entity.ToTable("WaitingList");
        // Once on the list of a service, and no more.
        entity.HasIndex(entry => new { entry.PatientId, entry.ServiceId }).IsUnique().HasFilter("[Status] IN ('Waiting', 'Offered')");
        entity.HasIndex(entry => new { entry.ServiceId, entry.Status, entry.JoinedAt });
        entity.HasIndex(entry => entry.AppointmentId);
        entity.HasOne<Practice>().WithMany().HasForeignKey(entry => entry.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(entry => entry.PatientId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<HealthcareService>().WithMany().HasForeignKey(entry => entry.ServiceId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(entry => entry.PractitionerId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(entry => entry.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
