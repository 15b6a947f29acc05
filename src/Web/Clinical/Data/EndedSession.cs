using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Clinical.Data;

/// <summary>
/// A sign-in that the provider has ended: whoever still shows a session of it is signed out. Kept in the database, as the keys of those
/// sessions are, so that every instance knows, also after a restart.
/// </summary>
public sealed class EndedSession
{
    public const int KeyLength = 80;

    /// <summary>What ended: one of the provider's sessions, or all of a person's until <see cref="EndedAt"/>. Compared byte by byte.</summary>
    public required string Key { get; init; }

    public required DateTimeOffset EndedAt { get; init; }
}

internal sealed class EndedSessionMapping : IEntityTypeConfiguration<EndedSession>
{
    public void Configure(EntityTypeBuilder<EndedSession> builder)
    {
        builder.ToTable("EndedSessions");
        builder.HasKey(session => session.Key);
        builder.Property(session => session.Key).HasMaxLength(EndedSession.KeyLength);
        builder.HasIndex(session => session.EndedAt);
    }
}
