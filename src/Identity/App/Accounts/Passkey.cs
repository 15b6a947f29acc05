using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// What a person knows of a passkey (WebAuthn), and its counter. Its public key is in the row that ASP.NET Core Identity keeps beside this
/// one, <see cref="IdentityUserPasskey{TKey}"/>.
/// </summary>
public sealed class Passkey
{
    public const int NameLength = 60;

    /// <summary>As the authenticator chose it; at most 1023 bytes.</summary>
    public required byte[] CredentialId { get; init; }

    public required Guid AccountId { get; init; }

    /// <summary>The person's own word for it.</summary>
    public required string Name { get; init; }

    public required DateTimeOffset AddedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; init; }

    /// <summary>
    /// Signatures so far, as the authenticator counts them, or 0 for one that does not count (most of those that are copied between a
    /// person's devices). WebAuthn section 6.1.1: one that does not rise may mean that somebody has made a copy.
    /// </summary>
    public required long SignCount { get; init; }
}

internal sealed class PasskeyMapping : IEntityTypeConfiguration<Passkey>
{
    public void Configure(EntityTypeBuilder<Passkey> builder)
    {
        builder.ToTable("Passkeys");
        builder.HasKey(passkey => passkey.CredentialId);
        builder.Property(passkey => passkey.CredentialId).HasMaxLength(1024);
        builder.Property(passkey => passkey.Name).HasMaxLength(Passkey.NameLength);
        builder.HasIndex(passkey => passkey.AccountId);
        builder.HasOne<IdentityUserPasskey<Guid>>().WithOne().HasForeignKey<Passkey>(passkey => passkey.CredentialId).OnDelete(DeleteBehavior.Cascade);
    }
}
