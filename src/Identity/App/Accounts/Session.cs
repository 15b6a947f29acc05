using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// One sign-in in one browser. The cookie holds only <see cref="Id"/>, so ending the row ends the sign-in wherever the cookie was copied to.
/// Its id is the "sid" claim.
/// </summary>
public sealed class Session
{
    /// <summary>However much it is used, a sign-in ends after this (architecture: 12 h).</summary>
    public static readonly TimeSpan AbsoluteLifetime = TimeSpan.FromHours(12);

    /// <summary>A browser that leaves us alone for this long must sign in again.</summary>
    public static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(30);

    public required Guid Id { get; init; }

    public required Guid AccountId { get; init; }

    public Account? Account { get; init; }

    /// <summary>The account's stamp at sign-in: a changed password or a reset changes it, which ends this session.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>When the person last proved who they are: "auth_time".</summary>
    public required DateTimeOffset SignedInAt { get; init; }

    /// <summary>How they proved it, as "acr": see <see cref="Accounts.AuthenticationContext"/>.</summary>
    public required string AuthenticationContext { get; init; }

    /// <summary>The methods used, RFC 8176 names separated by spaces: "amr".</summary>
    public required string AuthenticationMethods { get; init; }

    /// <summary>As <see cref="Accounts.Device"/> describes the browser that signed in.</summary>
    public required string Device { get; init; }

    public DateTimeOffset? EndedAt { get; init; }
}

/// <summary>Values of the "acr" claim, weakest first.</summary>
public static class AuthenticationContext
{
    public const string Password = "urn:telemedicine:acr:password";

    public static IReadOnlyList<string> All { get; } = [Password];
}

internal sealed class SessionMapping : IEntityTypeConfiguration<Session>
{
    public void Configure(EntityTypeBuilder<Session> builder)
    {
        builder.ToTable("Sessions");
        builder.Property(session => session.Id).ValueGeneratedNever();
        builder.Property(session => session.SecurityStamp).HasMaxLength(64);
        builder.Property(session => session.AuthenticationContext).HasMaxLength(100);
        builder.Property(session => session.AuthenticationMethods).HasMaxLength(100);
        builder.Property(session => session.Device).HasMaxLength(Device.NameLength);
        builder.HasOne(session => session.Account).WithMany().HasForeignKey(session => session.AccountId).OnDelete(DeleteBehavior.Cascade);
        builder.HasIndex(session => session.SignedInAt);
    }
}
