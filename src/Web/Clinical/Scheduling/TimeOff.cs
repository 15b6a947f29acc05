using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;
using Telemedicine.Clinical.Practices;

namespace Telemedicine.Clinical.Scheduling;

/// <summary>Days without clinics: a clinician's leave, or days on which the practice is closed.</summary>
public sealed class TimeOff : IAudited
{
    /// <summary>Characters.</summary>
    public const int ReasonLength = 100;

    public required TimeOffId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    /// <summary>Whose leave it is; null if the practice is closed.</summary>
    public required PractitionerId? PractitionerId { get; init; }

    public required DateOnly First { get; init; }

    /// <summary>The last day without clinics.</summary>
    public required DateOnly Last { get; init; }

    public required string Reason { get; init; }

    public Guid AuditId => Id.Value;

    /// <summary>What stands in the diary at the times that are not to be booked.</summary>
    public string Note => PractitionerId is null ? $"Closed: {Reason}" : $"On leave: {Reason}";
}

internal sealed class TimeOffMapping : IEntityTypeConfiguration<TimeOff>
{
    public void Configure(EntityTypeBuilder<TimeOff> entity)
    {
        entity.Property(off => off.Reason).HasMaxLength(TimeOff.ReasonLength);
        entity.Ignore(off => off.Note);
        entity.HasIndex(off => new { off.PracticeId, off.Last });
        entity.HasOne<Practice>().WithMany().HasForeignKey(off => off.PracticeId).OnDelete(DeleteBehavior.Restrict);
        entity.HasOne<Practitioner>().WithMany().HasForeignKey(off => off.PractitionerId).OnDelete(DeleteBehavior.Restrict);
        entity.ToTable(table => table.HasCheckConstraint("CK_TimeOff_Period", "[Last] >= [First]"));
    }
}
