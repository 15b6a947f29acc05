using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>The second step of one's sign-ins: whether there is one, a new app, new recovery codes, and doing without.</summary>
[FreshSignIn]
public sealed class AuthenticatorModel(Authenticators authenticators, AccountHistory history) : AccountPage
{
    /// <summary>Null when there is none.</summary>
    public DateTimeOffset? AddedAt { get; private set; }

    public int CodesLeft { get; private set; }

    public bool IsRequired { get; private set; }

    public async Task OnGetAsync()
    {
        AddedAt = await authenticators.AddedAtAsync(Account.Id, Cancelled);
        CodesLeft = await authenticators.RecoveryCodesLeftAsync(Account.Id, Cancelled);
        IsRequired = await authenticators.IsRequiredAsync(Account.Id, Cancelled);
    }

    public async Task<IActionResult> OnPostNewCodesAsync()
    {
        if (!await authenticators.HasAsync(Account.Id, Cancelled))
            return RedirectToPage();
        var codes = await authenticators.RenewRecoveryCodesAsync(Account.Id);
        await history.AddAsync(Account.Id, AccountEventType.RecoveryCodesRenewed);
        return RecoveryCodesModel.Show(this, codes, Url.Page("/Account/Authenticator"));
    }

    public async Task<IActionResult> OnPostRemoveAsync()
    {
        if (await authenticators.IsRequiredAsync(Account.Id, Cancelled) || !await authenticators.HasAsync(Account.Id, Cancelled))
            return RedirectToPage();
        await authenticators.RemoveAsync(Account.Id);
        await history.AddAsync(Account.Id, AccountEventType.AuthenticatorRemoved);
        return Done("From now on your password alone signs you in.", "/Account/Authenticator");
    }
}
