using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Connect;

/// <summary>That a person agreed to what an application learns about them. Kept until they take it back.</summary>
public sealed class Consent
{
    public required Guid AccountId { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The scopes they agreed to, separated by spaces.</summary>
    public required string Scope { get; set; }

    public required DateTimeOffset GivenAt { get; set; }
}

internal sealed class ConsentMapping : IEntityTypeConfiguration<Consent>
{
    public void Configure(EntityTypeBuilder<Consent> builder)
    {
        builder.ToTable("Consents");
        builder.HasKey(consent => new { consent.AccountId, consent.ClientId });
        builder.Property(consent => consent.ClientId).HasMaxLength(100);
        builder.Property(consent => consent.Scope).HasMaxLength(200);
        builder.HasOne<Account>().WithMany().HasForeignKey(consent => consent.AccountId).OnDelete(DeleteBehavior.Cascade);
    }
}
