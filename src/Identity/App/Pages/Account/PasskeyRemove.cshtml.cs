using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Asks whether a passkey is to go, and removes it; never the last way to sign in.</summary>
[FreshSignIn]
public sealed class PasskeyRemoveModel(Passkeys passkeys) : PasskeyPage(passkeys)
{
    public bool MayRemove { get; private set; }

    public async Task OnGetAsync() => MayRemove = await Passkeys.MayRemoveAsync(Account.Id, Passkey.CredentialId, Cancelled);

    public async Task<IActionResult> OnPostAsync() => await Passkeys.RemoveAsync(Account, Passkey.CredentialId)
        ? Done("The passkey is removed.", "/Account/Passkeys")
        : RedirectToPage(new { Id });
}
