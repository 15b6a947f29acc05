using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Accounts;

/// <summary>
/// One sign-in in one browser. The cookie holds only <see cref="Id"/> and <see cref="CookieKey"/>, so ending the row ends the sign-in wherever
/// the cookie was copied to. Its id is the "sid" claim.
/// </summary>
public sealed class Session
{
    /// <summary>However much it is used, a sign-in ends after this (architecture: 12 h).</summary>
    public static readonly TimeSpan AbsoluteLifetime = TimeSpan.FromHours(12);

    /// <summary>A browser that leaves us alone for this long must sign in again.</summary>
    public static readonly TimeSpan IdleLifetime = TimeSpan.FromMinutes(30);

    public required Guid Id { get; init; }

    /// <summary>New each time the person proves who they are: a cookie that was copied before does not rise with it.</summary>
    public required Guid CookieKey { get; init; }

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

    /// <summary>Another provider says who it is, by whatever means: as good as a password, no more.</summary>
    public const string Federated = "urn:telemedicine:acr:federated";

    /// <summary>A password, or another provider in its place, and a code of an authenticator app or a recovery code; or a provider that the settings count for both.</summary>
    public const string PasswordAndCode = "urn:telemedicine:acr:password+code";

    /// <summary>
    /// A passkey that its person unlocked: two factors, and unlike a code it cannot be typed into a false page, so it serves whoever asks
    /// for a password and a code.
    /// </summary>
    public const string Passkey = "urn:telemedicine:acr:passkey";

    private static readonly string[] Known = [Federated, Password, PasswordAndCode, Passkey];

    public static IReadOnlyList<string> All => Known;

    /// <summary>Whether one way to sign in is as strong as any of those asked for. Unknown ones do not count.</summary>
    /// <param name="asked">As in acr_values; empty asks for nothing.</param>
    public static bool Serves(string context, IReadOnlyCollection<string> asked)
    {
        var levels = asked.Select(one => Array.IndexOf(Known, one)).Where(level => level >= 0).ToArray();
        return levels.Length == 0 || Array.IndexOf(Known, context) >= levels.Min();
    }
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
