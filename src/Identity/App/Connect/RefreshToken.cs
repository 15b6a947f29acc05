using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Connect;

/// <summary>
/// Works once, for a new access token and its own successor. A second use means that two parties have it, and which of them is the
/// application cannot be told: everything of the grant is taken back (RFC 9700 section 4.14.2).
/// </summary>
public sealed class RefreshToken
{
    /// <summary>An application that asks for nothing for so long is idle, as a browser would be. The session's end is a bound of its own.</summary>
    public static readonly TimeSpan Lifetime = Session.IdleLifetime;

    /// <summary>SHA-256 of the token, 32 bytes.</summary>
    public required byte[] TokenHash { get; init; }

    public required Guid GrantId { get; init; }

    public Grant? Grant { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; init; }
}

internal sealed class RefreshTokenMapping : IEntityTypeConfiguration<RefreshToken>
{
    public void Configure(EntityTypeBuilder<RefreshToken> builder)
    {
        builder.ToTable("RefreshTokens");
        builder.HasKey(token => token.TokenHash);
        builder.Property(token => token.TokenHash).HasMaxLength(32).IsFixedLength();
        builder.HasOne(token => token.Grant).WithMany().HasForeignKey(token => token.GrantId).OnDelete(DeleteBehavior.Cascade);
    }
}
