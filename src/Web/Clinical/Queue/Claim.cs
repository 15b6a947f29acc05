using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Queue;

/// <summary>Somebody of the practice is busy with this patient, so that nobody else phones them too. It ends by itself.</summary>
/// <remarks>Not a clinical fact: no audit.</remarks>
public sealed class Claim : IPracticeOwned, IVersioned
{
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    public required AppointmentId AppointmentId { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>The value of the Practitioner's or StaffMember's id.</summary>
    public Guid PersonId { get; private set; }

    public string Name { get; private set; } = string.Empty;

    public DateTimeOffset Until { get; private set; }

    public int Version { get; private set; }

    public bool IsOf(Actor actor) => PersonId == actor.PersonId;

    public void Take(Actor actor, string name, DateTimeOffset now) => (PersonId, Name, Until) = (actor.PersonId, name, now + Life);

    public void Release(DateTimeOffset now) => Until = now;
}

internal sealed class ClaimMapping : IEntityTypeConfiguration<Claim>
{
    public void Configure(EntityTypeBuilder<Claim> entity)
    {
        entity.ToTable("Claims");
        entity.HasKey(claim => claim.AppointmentId);
        entity.Property(claim => claim.Name).HasMaxLength(200);
        entity.HasOne<Practice>().WithMany().HasForeignKey(claim => claim.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Appointment>().WithMany().HasForeignKey(claim => claim.AppointmentId).OnDelete(DeleteBehavior.Restrict);
    }
}
