using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Connect;

/// <summary>
/// What one authorization request gave: its code (once), and through it every token that follows. A token is good only while its grant
/// and its session are, so revoking a grant is one update.
/// </summary>
public sealed class Grant
{
    /// <summary>RFC 6749 section 4.1.2 allows up to 10 minutes; a redirect takes seconds.</summary>
    public static readonly TimeSpan CodeLifetime = TimeSpan.FromSeconds(60);

    public required Guid Id { get; init; }

    /// <summary>SHA-256 of the code, 32 bytes: someone who reads the database cannot redeem it.</summary>
    public required byte[] CodeHash { get; init; }

    public required string ClientId { get; init; }

    public required Guid SessionId { get; init; }

    public Session? Session { get; init; }

    public required string RedirectUri { get; init; }

    /// <summary>S256 challenge (RFC 7636 section 4.2): 43 characters.</summary>
    public required string CodeChallenge { get; init; }

    public string? Nonce { get; init; }

    /// <summary>Granted scopes separated by spaces.</summary>
    public required string Scope { get; init; }

    public required DateTimeOffset IssuedAt { get; init; }

    public required DateTimeOffset CodeExpiresAt { get; init; }

    public DateTimeOffset? RedeemedAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}

internal sealed class GrantMapping : IEntityTypeConfiguration<Grant>
{
    public void Configure(EntityTypeBuilder<Grant> builder)
    {
        builder.ToTable("Grants");
        builder.Property(grant => grant.Id).ValueGeneratedNever();
        builder.Property(grant => grant.CodeHash).HasMaxLength(32).IsFixedLength();
        builder.HasIndex(grant => grant.CodeHash).IsUnique();
        builder.Property(grant => grant.ClientId).HasMaxLength(100);
        builder.Property(grant => grant.RedirectUri).HasMaxLength(2000);
        builder.Property(grant => grant.CodeChallenge).HasMaxLength(43).IsUnicode(false);
        builder.Property(grant => grant.Nonce).HasMaxLength(AuthorizeRequest.MaxNonceLength);
        builder.Property(grant => grant.Scope).HasMaxLength(200);
        builder.HasOne(grant => grant.Session).WithMany().HasForeignKey(grant => grant.SessionId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(grant => grant.IssuedAt);
    }
}
