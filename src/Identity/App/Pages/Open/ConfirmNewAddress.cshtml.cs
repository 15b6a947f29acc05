using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>The link to a new address of an account. Opening it changes nothing; nor does it sign in.</summary>
public sealed class ConfirmNewAddressModel(EmailLinks links, AddressChanges changes) : FormPage
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    public string Address { get; private set; } = string.Empty;

    public bool IsDone { get; private set; }

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is null ? LinkOverModel.Show(this) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not { } link || await changes.ConfirmAsync(link) != AddressOutcome.Changed)
            return LinkOverModel.Show(this);
        IsDone = true;
        return Page();
    }

    private async Task<EmailLink?> FindAsync()
    {
        var link = await links.FindAsync(Token, EmailLinkPurpose.ConfirmNewAddress, Cancelled);
        Address = link?.Address ?? string.Empty;
        return link;
    }
}
