using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Connect;

/// <summary>
/// A reference token: 256 random bits that mean nothing outside this database. Our own userinfo and introspection read it, so a signed token
/// would save nothing, and would go on working after a sign-out or a replayed code; a reference stops at once and carries no personal data.
/// </summary>
public sealed class AccessToken
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);

    /// <summary>SHA-256 of the token, 32 bytes.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>Null when the application asked for itself (RFC 6749 section 4.4): then no person stands behind it.</summary>
    public required Guid? GrantId { get; init; }

    public Grant? Grant { get; init; }

    public required string ClientId { get; init; }

    /// <summary>Separated by spaces: the grant's, or fewer when a refresh asked for fewer.</summary>
    public required string Scope { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class AccessTokenMapping : IEntityTypeConfiguration<AccessToken>
{
    public void Configure(EntityTypeBuilder<AccessToken> builder)
    {
        builder.ToTable("AccessTokens");
        builder.HasKey(token => token.TokenHash);
        builder.Property(token => token.TokenHash).HasMaxLength(32).IsFixedLength();
        builder.Property(token => token.ClientId).HasMaxLength(100);
        builder.Property(token => token.Scope).HasMaxLength(200);
        builder.HasOne(token => token.Grant).WithMany().HasForeignKey(token => token.GrantId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(token => token.ExpiresAt);
    }
}
