using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Arrivals;

/// <summary>
/// What a person says before they enter the waiting room of one appointment: that they agree to a consultation by video (FHIR Consent), who is with them, where they are and
/// how to call them back. It is part of the appointment's Encounter, kept as long, and read by the clinician and practice staff alone.
/// </summary>
public sealed class Arrival : IAudited, IVersioned
{
    public const int TextLength = 200;
    public const int PhoneLength = 30;

    /// <summary>Of the wording that is agreed to; it rises when the page says something else, and the old ones stay in the history of the page.</summary>
    public const int CurrentWording = 1;

    public required PracticeId PracticeId { get; init; }

    public required AppointmentId AppointmentId { get; init; }

    /// <summary>The value of the Patient's, RelatedPerson's or Guest's id.</summary>
    public required Guid PersonId { get; init; }

    /// <summary>Which wording was agreed to, and when.</summary>
    public int Wording { get; private set; }

    public DateTimeOffset ConsentedAt { get; private set; }

    /// <summary>Who else is in the room; null for nobody.</summary>
    [AuditRedacted]
    public string? Companions { get; private set; }

    /// <summary>Where help would have to come to; null before it was said, and for guests who are not the patient.</summary>
    [AuditRedacted]
    public string? Place { get; private set; }

    [AuditRedacted]
    public string? CallBack { get; private set; }

    public int Version { get; private set; }

    public Guid AuditId => AppointmentId.Value;

    public void Agree(string? companions, DateTimeOffset now) => (Wording, ConsentedAt, Companions) = (CurrentWording, now, companions);

    public void Say(string place, string callBack) => (Place, CallBack) = (place, callBack);
}

internal sealed class ArrivalMapping : IEntityTypeConfiguration<Arrival>
{
    public void Configure(EntityTypeBuilder<Arrival> entity)
    {
        entity.ToTable("Arrivals");
        entity.HasKey(arrival => new { arrival.AppointmentId, arrival.PersonId });
        entity.Property(arrival => arrival.Companions).HasMaxLength(Arrival.TextLength);
        entity.Property(arrival => arrival.Place).HasMaxLength(Arrival.TextLength);
        entity.Property(arrival => arrival.CallBack).HasMaxLength(Arrival.PhoneLength);
        entity.HasOne<Practice>().WithMany().HasForeignKey(arrival => arrival.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(arrival => arrival.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
