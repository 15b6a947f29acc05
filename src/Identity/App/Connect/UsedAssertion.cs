using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Connect;

/// <summary>An assertion or a challenge that was used, remembered until it would have expired.</summary>
public sealed class UsedAssertion
{
    /// <summary>SHA-256 of what <see cref="Accounts.SingleUse"/> was told.</summary>
    public required byte[] Hash { get; init; }

    public required DateTimeOffset ForgetAt { get; init; }
}

internal sealed class UsedAssertionMapping : IEntityTypeConfiguration<UsedAssertion>
{
    public void Configure(EntityTypeBuilder<UsedAssertion> builder)
    {
        builder.ToTable("UsedAssertions");
        builder.HasKey(used => used.Hash);
        builder.Property(used => used.Hash).HasMaxLength(32).IsFixedLength();
        builder.HasIndex(used => used.ForgetAt);
    }
}
