using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Clinical.WaitingList;

/// <summary>A free slot that is kept for a patient of the waiting list until they answer. As long as it is open, the slot is held for them.</summary>
public sealed class WaitingListOffer : IAudited, IVersioned
{
    public required WaitingListOfferId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public required WaitingListEntryId EntryId { get; init; }

    public required PatientId PatientId { get; init; }

    public required SlotId SlotId { get; init; }

    public required DateTimeOffset OfferedAt { get; init; }

    public required DateTimeOffset Until { get; init; }

    public OfferStatus Status { get; private set; }

    /// <summary>What it became, once accepted.</summary>
    public AppointmentId? AppointmentId { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => Id.Value;

    public bool IsOpenAt(DateTimeOffset now) => Status == OfferStatus.Open && now < Until;

    public void Accept(AppointmentId appointment)
    {
        Status = OfferStates.Table.Move(Status, OfferStatus.Accepted);
        AppointmentId = appointment;
    }

    public void Decline() => Status = OfferStates.Table.Move(Status, OfferStatus.Declined);

    public void Expire() => Status = OfferStates.Table.Move(Status, OfferStatus.Expired);

    public void Withdraw() => Status = OfferStates.Table.Move(Status, OfferStatus.Withdrawn);
}

public enum OfferStatus
{
    Open,
    Accepted,
    Declined,

    /// <summary>Nobody answered in time.</summary>
    Expired,

    /// <summary>The patient left the list meanwhile.</summary>
    Withdrawn,
}

public static class OfferStates
{
    public static readonly StateTable<OfferStatus> Table = new(new Dictionary<OfferStatus, OfferStatus[]>
    {
        [OfferStatus.Open] = [OfferStatus.Accepted, OfferStatus.Declined, OfferStatus.Expired, OfferStatus.Withdrawn],
    });
}

internal sealed class WaitingListOfferMapping : IEntityTypeConfiguration<WaitingListOffer>
{
    public void Configure(EntityTypeBuilder<WaitingListOffer> entity)
    {
        // The database refuses to offer a slot to two, or two slots to one.
        entity.HasIndex(offer => offer.SlotId).IsUnique().HasFilter("[Status] = 'Open'").HasDatabaseName("IX_WaitingListOffers_OpenSlot");
        entity.HasIndex(offer => offer.EntryId).IsUnique().HasFilter("[Status] = 'Open'").HasDatabaseName("IX_WaitingListOffers_OpenEntry");
        entity.HasIndex(offer => new { offer.EntryId, offer.SlotId });
        entity.HasIndex(offer => new { offer.Status, offer.Until });
        entity.HasOne<Practice>().WithMany().HasForeignKey(offer => offer.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<WaitingListEntry>().WithMany().HasForeignKey(offer => offer.EntryId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Patient>().WithMany().HasForeignKey(offer => offer.PatientId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Slot>().WithMany().HasForeignKey(offer => offer.SlotId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(offer => offer.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
