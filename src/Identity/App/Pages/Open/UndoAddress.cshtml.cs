using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>The link to the address that an account had before: gets the account back. Opening it changes nothing.</summary>
public sealed class UndoAddressModel(EmailLinks links, AddressChanges changes) : FormPage
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    public string Address { get; private set; } = string.Empty;

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is null ? LinkOverModel.Show(this) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not { } link)
            return LinkOverModel.Show(this);
        var (outcome, token) = await changes.UndoAsync(link);
        return outcome == AddressOutcome.Changed ? RedirectToPage("/Open/NewPassword", new { token }) : LinkOverModel.Show(this);
    }

    private async Task<EmailLink?> FindAsync()
    {
        var link = await links.FindAsync(Token, EmailLinkPurpose.UndoAddress, Cancelled);
        Address = link?.Address ?? string.Empty;
        return link;
    }
}
