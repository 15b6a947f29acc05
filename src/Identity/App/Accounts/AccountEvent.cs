using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Telemedicine.Identity.Accounts;

public enum AccountEventType
{
    SignedIn,

    /// <summary>Somebody tried: a wrong password or code, or the account had to wait.</summary>
    SignInRefused,
    SignedOut,

    /// <summary>Signed out from another device.</summary>
    SignedOutFromElsewhere,
    PasswordChanged,
    Registered,
    AddressConfirmed,
    NewPasswordAsked,

    /// <summary>A new password was set through a link in an email.</summary>
    PasswordReset,
    NewAddressAsked,
    AddressChanged,

    /// <summary>The old mailbox undid a change of address.</summary>
    AddressRestored,
    Closed,
    AuthenticatorAdded,
    AuthenticatorRemoved,
    RecoveryCodeUsed,
    RecoveryCodesRenewed,
    PasskeyAdded,
    PasskeyRemoved,

    /// <summary>A passkey was right but for its counter: see <see cref="Passkey.SignCount"/>.</summary>
    PasskeyMayBeCopied,

    /// <summary>With another provider, whatever came after it.</summary>
    SignedInWithProvider,
    ProviderConnected,
    ProviderDisconnected,

    /// <summary>To what an application learns.</summary>
    ConsentGiven,
    ConsentWithdrawn,
}

/// <summary>What happened to an account, for its owner to look through.</summary>
public sealed class AccountEvent
{
    /// <summary>Long enough to notice, no longer.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    public long Id { get; init; }

    /// <summary>Empty for an attempt on an address that has no account: it costs the same, so that its time tells nothing. Deleted with the next upkeep.</summary>
    public required Guid AccountId { get; init; }

    public required AccountEventType Type { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>As <see cref="Accounts.Device"/> describes it.</summary>
    public required string Device { get; init; }
}

internal sealed class AccountEventMapping : IEntityTypeConfiguration<AccountEvent>
{
    public void Configure(EntityTypeBuilder<AccountEvent> builder)
    {
        builder.ToTable("AccountEvents");
        builder.Property(happened => happened.Type).HasConversion<string>().HasMaxLength(40);
        builder.Property(happened => happened.Device).HasMaxLength(Device.NameLength);
        builder.HasIndex(happened => new { happened.AccountId, happened.At });
        builder.HasIndex(happened => happened.At);
    }
}
