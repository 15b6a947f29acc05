using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Identity.Emails;

namespace Telemedicine.Identity.Accounts;

public enum EmailLinkPurpose
{
    ConfirmAddress,
    ResetPassword,
    ConfirmNewAddress,
    UndoAddress,
    Invitation,
}

/// <summary>A link that was sent by email: it proves, once and for a time, that who opens it reads that mailbox.</summary>
public sealed class EmailLink
{
    /// <summary>SHA-256 of the token, 32 bytes: someone who reads the database cannot use it.</summary>
    public required byte[] TokenHash { get; init; }

    public required EmailLinkPurpose Purpose { get; init; }

    public required Guid AccountId { get; init; }

    public Account? Account { get; init; }

    /// <summary>The account's stamp when it was sent: a changed password ends the link. Null for undoing, which must outlive what a thief changes.</summary>
    public string? SecurityStamp { get; init; }

    /// <summary>The mailbox that it was sent to.</summary>
    public required string Address { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }

    public static TimeSpan LifetimeOf(EmailLinkPurpose purpose) => purpose switch
    {
        EmailLinkPurpose.ConfirmAddress or EmailLinkPurpose.ConfirmNewAddress => TimeSpan.FromHours(24),
        EmailLinkPurpose.ResetPassword => TimeSpan.FromMinutes(30),
        EmailLinkPurpose.UndoAddress or EmailLinkPurpose.Invitation => TimeSpan.FromDays(7),
        _ => throw new ArgumentOutOfRangeException(nameof(purpose)),
    };
}

internal sealed class EmailLinkMapping : IEntityTypeConfiguration<EmailLink>
{
    public void Configure(EntityTypeBuilder<EmailLink> builder)
    {
        builder.ToTable("EmailLinks");
        builder.HasKey(link => link.TokenHash);
        builder.Property(link => link.TokenHash).HasMaxLength(32).IsFixedLength();
        builder.Property(link => link.Purpose).HasConversion<string>().HasMaxLength(40);
        builder.Property(link => link.SecurityStamp).HasMaxLength(64);
        builder.Property(link => link.Address).HasMaxLength(QueuedEmail.AddressLength);
        builder.HasOne(link => link.Account).WithMany().HasForeignKey(link => link.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(link => link.ExpiresAt);
    }
}
