using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Accounts;

/// <summary>A person who can sign in. <see cref="IdentityUser{TKey}.Id"/> is the subject that applications know the person by; it never changes.</summary>
public sealed class Account : IdentityUser<Guid>
{
    public required string GivenName { get; set; }

    public required string FamilyName { get; set; }

    /// <summary>When the person made it themself; null when somebody else did.</summary>
    public DateTimeOffset? RegisteredAt { get; set; }

    /// <summary>Since when an administrator lets nobody sign in with it; null when anybody with the password may.</summary>
    public DateTimeOffset? DisabledAt { get; set; }
}

internal sealed class AccountMapping : IEntityTypeConfiguration<Account>
{
    public void Configure(EntityTypeBuilder<Account> builder)
    {
        builder.ToTable("Accounts");
        builder.Property(account => account.GivenName).HasMaxLength(100);
        builder.Property(account => account.FamilyName).HasMaxLength(100);

        // Identity checks this in code only; two registrations at once would both pass.
        builder.HasIndex(account => account.NormalizedEmail).HasDatabaseName("EmailIndex").IsUnique();
    }
}
