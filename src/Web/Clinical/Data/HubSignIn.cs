using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Clinical.Data;

/// <summary>
/// That a sign-in was given tickets to a clinic's hub. Should it end, this says which clinic must be told, also after a restart; the row goes once it was.
/// </summary>
public sealed class HubSignIn
{
    /// <summary>One sign-in at Web, on one device.</summary>
    public required Guid SignIn { get; init; }

    public required ScheduleId Clinic { get; init; }

    /// <summary>What may end it: the keys of <see cref="EndedSession"/> of the provider's session and of the person.</summary>
    public required string SessionKey { get; init; }

    public required string SubjectKey { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When the latest ticket was.</summary>
    public required DateTimeOffset GivenAt { get; init; }
}

internal sealed class HubSignInMapping : IEntityTypeConfiguration<HubSignIn>
{
    public void Configure(EntityTypeBuilder<HubSignIn> builder)
    {
        builder.ToTable("HubSignIns");
        builder.HasKey(row => new { row.SignIn, row.Clinic });
        builder.Property(row => row.SessionKey).HasMaxLength(EndedSession.KeyLength);
        builder.Property(row => row.SubjectKey).HasMaxLength(EndedSession.KeyLength);
        builder.HasIndex(row => row.SessionKey);
        builder.HasIndex(row => row.SubjectKey);
        builder.HasIndex(row => row.GivenAt);
    }
}
