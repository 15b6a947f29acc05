namespace Telemedicine.Identity.Emails;

/// <summary>What an email is about.</summary>
public enum EmailKind
{
    /// <summary>To who registered: confirm that the address is yours.</summary>
    ConfirmAddress,

    /// <summary>To who registered with an address that has an account already.</summary>
    AlreadyRegistered,

    /// <summary>To who forgot a password.</summary>
    ResetPassword,

    /// <summary>To who asked for a new password, or a new link, with an address that has no account.</summary>
    NoAccount,

    PasswordChanged,

    /// <summary>To the new address of an account: confirm that it is yours.</summary>
    ConfirmNewAddress,

    /// <summary>To the address that an account had until now, with the way to undo it.</summary>
    AddressChanged,

    AccountClosed,

    /// <summary>To whom an administrator made an account for: choose a password.</summary>
    Invited,

    /// <summary>Another provider can sign in to the account from now on.</summary>
    ProviderConnected,

    PasskeyAdded,

    PasskeyRemoved,

    /// <summary>A passkey was refused since its counter did not rise.</summary>
    PasskeyMayBeCopied,
}
