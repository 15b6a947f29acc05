using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Emails;

/// <summary>An email that has still to go, or went lately. Its words follow from its kind: see <see cref="EmailTexts"/>.</summary>
public sealed class QueuedEmail
{
    /// <summary>How long one stays here after it was asked for.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    public const int AddressLength = 254;

    public required Guid Id { get; init; }

    public required EmailKind Kind { get; init; }

    /// <summary>As its owner writes it.</summary>
    public required string Address { get; init; }

    /// <summary>The same in the form in which addresses are compared: so many an hour are sent to one.</summary>
    public required string NormalizedAddress { get; init; }

    /// <summary>The token of its link, encrypted by data protection: elsewhere the database knows its hash only. Deleted once the email is sent.</summary>
    public string? ProtectedToken { get; init; }

    public required DateTimeOffset AskedAt { get; init; }

    /// <summary>When to try next; an instance that tries puts this off first, so that no other tries too. Null once it was sent or given up.</summary>
    public DateTimeOffset? DueAt { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? SentAt { get; init; }
}

internal sealed class QueuedEmailMapping : IEntityTypeConfiguration<QueuedEmail>
{
    public void Configure(EntityTypeBuilder<QueuedEmail> builder)
    {
        builder.ToTable("QueuedEmails");
        builder.Property(email => email.Id).ValueGeneratedNever();
        builder.Property(email => email.Kind).HasConversion<string>().HasMaxLength(40);
        builder.Property(email => email.Address).HasMaxLength(QueuedEmail.AddressLength);
        builder.Property(email => email.NormalizedAddress).HasMaxLength(QueuedEmail.AddressLength);
        builder.Property(email => email.ProtectedToken).HasMaxLength(1000);
        builder.HasIndex(email => email.DueAt);
        builder.HasIndex(email => new { email.NormalizedAddress, email.AskedAt });
    }
}
