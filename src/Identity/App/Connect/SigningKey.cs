using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Connect;

/// <summary>A key that signs ID tokens. It is published before it signs and after it has stopped, so that no application meets an unknown key.</summary>
public sealed class SigningKey
{
    /// <summary>1 for the first key and one more for each that follows, of whatever algorithm. As the primary key it lets one of two instances that rotate at once win.</summary>
    public required int Number { get; init; }

    /// <summary>"kid": the key's RFC 7638 thumbprint.</summary>
    public required string KeyId { get; init; }

    /// <summary>"alg": of <see cref="SigningKeys.Algorithms"/>.</summary>
    public required string Algorithm { get; init; }

    /// <summary>SubjectPublicKeyInfo, DER.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>PKCS #8, DER, encrypted by data protection.</summary>
    public required byte[] ProtectedPrivateKey { get; init; }

    /// <summary>First instant it signs; it is published from the moment it is stored.</summary>
    public required DateTimeOffset ActivatesAt { get; init; }

    /// <summary>From here on its successor signs.</summary>
    public required DateTimeOffset RetiresAt { get; init; }

    /// <summary>From here on it is no longer published and nothing it signed is believed.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

internal sealed class SigningKeyMapping : IEntityTypeConfiguration<SigningKey>
{
    public void Configure(EntityTypeBuilder<SigningKey> builder)
    {
        builder.ToTable("SigningKeys");
        builder.HasKey(key => key.Number);
        builder.Property(key => key.Number).ValueGeneratedNever();
        builder.Property(key => key.KeyId).HasMaxLength(64);
        builder.Property(key => key.Algorithm).HasMaxLength(16);
        builder.Property(key => key.PublicKey).HasMaxLength(1024);
        builder.Property(key => key.ProtectedPrivateKey).HasMaxLength(4096);
    }
}
