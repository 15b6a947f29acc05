using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Connect.Logout;

/// <summary>One application that has still to hear that a session ended (OpenID Connect Back-Channel Logout 1.0). Deleted once it has.</summary>
public sealed class LogoutNotice
{
    public required Guid Id { get; init; }

    public required string ClientId { get; init; }

    /// <summary>The session's id: it may be deleted before every application has answered, so there is no foreign key.</summary>
    public required Guid SessionId { get; init; }

    public required Guid AccountId { get; init; }

    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>When to try next; an instance that tries puts this off first, so that no other tries too.</summary>
    public required DateTimeOffset DueAt { get; init; }

    public int Attempts { get; init; }
}

internal sealed class LogoutNoticeMapping : IEntityTypeConfiguration<LogoutNotice>
{
    public void Configure(EntityTypeBuilder<LogoutNotice> builder)
    {
        builder.ToTable("LogoutNotices");
        builder.Property(notice => notice.Id).ValueGeneratedNever();
        builder.Property(notice => notice.ClientId).HasMaxLength(100);
        builder.HasIndex(notice => notice.DueAt);
    }
}
