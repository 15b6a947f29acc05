using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Where the person is signed in, with the means to end it there, and what happened to the account.</summary>
public sealed class DevicesModel(Sessions sessions, AccountHistory history) : AccountPage
{
    public IReadOnlyList<Session> Active { get; private set; } = [];

    public IReadOnlyList<AccountEvent> History { get; private set; } = [];

    public bool IsThisOne(Session session) => session.Id == Session.Id;

    public async Task OnGetAsync()
    {
        Active = await sessions.ActiveOfAsync(Account.Id, Cancelled);
        History = await history.OfAsync(Account.Id, Cancelled);
    }

    /// <summary>Ends one. Somebody else's id, or one that has ended, does nothing: the page that follows shows what is.</summary>
    public async Task<IActionResult> OnPostEndAsync(Guid id)
    {
        if (id == Session.Id)
            return RedirectToPage("/Account/SignOut");
        return await sessions.EndOneAsync(Account.Id, id)
            ? Done("That device is signed out.", "/Account/Devices")
            : Done("That device was signed out already.", "/Account/Devices");
    }

    public async Task<IActionResult> OnPostEndOthersAsync()
    {
        await sessions.EndOthersAsync(Session);
        return Done("All your other devices are signed out.", "/Account/Devices");
    }

    public static string Describe(AccountEventType type) => type switch
    {
        AccountEventType.SignedIn => "Signed in",
        AccountEventType.SignInRefused => "A sign-in was refused",
        AccountEventType.SignedOut => "Signed out",
        AccountEventType.SignedOutFromElsewhere => "Signed out from another device",
        AccountEventType.PasswordChanged => "Password changed",
        AccountEventType.Registered => "Account created",
        AccountEventType.AddressConfirmed => "Email address confirmed",
        AccountEventType.NewPasswordAsked => "A link for a new password was asked for",
        AccountEventType.PasswordReset => "New password chosen through an email",
        AccountEventType.NewAddressAsked => "Another email address was asked for",
        AccountEventType.AddressChanged => "Email address changed",
        AccountEventType.AddressRestored => "The earlier email address is back",
        AccountEventType.Closed => "Account closed",
        AccountEventType.AuthenticatorAdded => "Authenticator app set up",
        AccountEventType.AuthenticatorRemoved => "Authenticator app removed",
        AccountEventType.RecoveryCodeUsed => "A recovery code was used",
        AccountEventType.RecoveryCodesRenewed => "New recovery codes",
        AccountEventType.SignedInWithProvider => "Signed in with another service",
        AccountEventType.ProviderConnected => "Another service was connected for signing in",
        AccountEventType.ProviderDisconnected => "Another service was disconnected",
        AccountEventType.ConsentGiven => "Agreed to what an application learns",
        AccountEventType.ConsentWithdrawn => "Took that agreement back",
        AccountEventType.PasskeyAdded => "Passkey added",
        AccountEventType.PasskeyRemoved => "Passkey removed",
        AccountEventType.PasskeyMayBeCopied => "A passkey was refused: it may have been copied",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
