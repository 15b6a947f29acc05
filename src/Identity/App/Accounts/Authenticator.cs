using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Accounts;

/// <summary>An app that makes the account's one-time codes (TOTP, RFC 6238): the second step of its sign-ins. An account has one at most.</summary>
public sealed class Authenticator
{
    public required Guid AccountId { get; init; }

    /// <summary>The shared secret, under data protection.</summary>
    public required byte[] ProtectedSecret { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    /// <summary>The time step of the last code that was taken: neither it nor an earlier one is taken again.</summary>
    public required long LastStep { get; init; }
}

/// <summary>Stands in for the authenticator once, for who has lost it.</summary>
public sealed class RecoveryCode
{
    public long Id { get; init; }

    public required Guid AccountId { get; init; }

    /// <summary>SHA-256: the code is random, so a plain hash is enough.</summary>
    public required byte[] CodeHash { get; init; }

    public DateTimeOffset? UsedAt { get; init; }
}

internal sealed class AuthenticatorMapping : IEntityTypeConfiguration<Authenticator>, IEntityTypeConfiguration<RecoveryCode>
{
    public void Configure(EntityTypeBuilder<Authenticator> builder)
    {
        builder.ToTable("Authenticators");
        builder.HasKey(authenticator => authenticator.AccountId);
        builder.Property(authenticator => authenticator.AccountId).ValueGeneratedNever();
        builder.Property(authenticator => authenticator.ProtectedSecret).HasMaxLength(1000);
        builder.HasOne<Account>().WithOne().HasForeignKey<Authenticator>(authenticator => authenticator.AccountId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<RecoveryCode> builder)
    {
        builder.ToTable("RecoveryCodes");
        builder.Property(code => code.CodeHash).HasMaxLength(32);
        builder.HasIndex(code => new { code.AccountId, code.CodeHash }).IsUnique();
        builder.HasOne<Account>().WithMany().HasForeignKey(code => code.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
