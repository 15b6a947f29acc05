using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>The passkeys of one's account, with the means to name and to remove each.</summary>
public sealed class PasskeysModel(Passkeys passkeys) : AccountPage
{
    public IReadOnlyList<Passkey> All { get; private set; } = [];

    public async Task OnGetAsync() => All = await passkeys.OfAsync(Account.Id, Cancelled);
}
