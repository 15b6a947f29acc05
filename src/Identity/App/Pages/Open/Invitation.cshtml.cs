using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>The link of an invitation to work with the practice's service. Opening it changes nothing.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class InvitationModel(EmailLinks links, AccountInvitations invitations, UserManager<Accounts.Account> users) : FormPage
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter a password")]
    [StringLength(NewPasswords.LongestLength, MinimumLength = NewPasswords.ShortestLength, ErrorMessage = "Your password must be between 12 and 256 characters")]
    public string? Password { get; set; }

    public string Email { get; private set; } = string.Empty;

    public string Name { get; private set; } = string.Empty;

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is null ? LinkOverModel.Show(this) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not { Account: { } account } link)
            return LinkOverModel.Show(this);
        if (ModelState.IsValid && Password is not null)
            await ModelState.JudgeAsync(users, account, nameof(Password), Password);
        if (!ModelState.IsValid || Password is null)
            return WithErrors();
        if (!await invitations.AcceptAsync(link, Password))
            return LinkOverModel.Show(this);
        return RedirectToPage("/Account/SignIn", new { invited = true });
    }

    private async Task<EmailLink?> FindAsync()
    {
        var link = await links.FindAsync(Token, EmailLinkPurpose.Invitation, Cancelled);
        Email = link?.Address ?? string.Empty;
        Name = link?.Account?.GivenName ?? string.Empty;
        return link;
    }
}
