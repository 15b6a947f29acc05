using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Clinical.Data;

namespace Telemedicine.Clinical.Practices;

/// <summary>Someone who runs the practice: a receptionist, a manager, an administrator.</summary>
public sealed class StaffMember : IAudited, IVersioned
{
    public required StaffMemberId Id { get; init; }

    public required PracticeId PracticeId { get; init; }

    public string? Subject { get; init; }

    public string? Title { get; init; }

    public required string GivenName { get; init; }

    public required string FamilyName { get; init; }

    public required bool IsAdministrator { get; init; }

    public int Version { get; private set; }

    public string DisplayName => PersonName.Of(Title, GivenName, FamilyName);

    public Guid AuditId => Id.Value;
}

internal sealed class StaffMemberMapping : IEntityTypeConfiguration<StaffMember>
{
    public void Configure(EntityTypeBuilder<StaffMember> entity)
    {
        entity.Property(m => m.Subject).HasMaxLength(255);
        entity.Property(m => m.Title).HasMaxLength(20);
        entity.Property(m => m.GivenName).HasMaxLength(100);
        entity.Property(m => m.FamilyName).HasMaxLength(100);
        entity.HasIndex(m => m.Subject).IsUnique();
        entity.HasOne<Practice>().WithMany().HasForeignKey(m => m.PracticeId).OnDelete(DeleteBehavior.Restrict);
    }
}
