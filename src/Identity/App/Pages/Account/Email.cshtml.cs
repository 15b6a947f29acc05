using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Another email address, for who knows the password. Nothing changes until the new mailbox confirms it.</summary>
[FreshSignIn]
[EnableRateLimiting(RateLimits.Email)]
public sealed class EmailModel(PasswordSignIn passwords, AddressChanges changes) : AccountPage
{
    [BindProperty]
    [Required(ErrorMessage = "Enter your new email address")]
    [EmailAddressField]
    public string? NewEmail { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter your password")]
    [StringLength(NewPasswords.LongestLength, ErrorMessage = "Your password must be 256 characters or fewer")]
    public string? Password { get; set; }

    public string Email => Account.Email ?? "";

    /// <summary>Without one, the fresh sign-in that the page asks for is the proof.</summary>
    public bool HasPassword => Account.PasswordHash is not null;

    public async Task<IActionResult> OnPostAsync()
    {
        var address = NewEmail?.Trim();
        if (address is not null && address.Equals(Email, StringComparison.OrdinalIgnoreCase))
            ModelState.AddModelError(nameof(NewEmail), "This is your email address already");
        if (!HasPassword)
            ModelState.Remove(nameof(Password));
        if (!ModelState.IsValid || address is null)
            return WithErrors();
        if ((HasPassword ? await passwords.VerifyAsync(Email, Password ?? "") : Account) is not { } account || account.Id != Account.Id)
        {
            ModelState.AddModelError(nameof(Password), "Your password is not right. If you have tried many times, wait 15 minutes before you try again");
            return WithErrors();
        }

        await changes.AskAsync(account, address);
        return Done($"We have sent an email to {address}. Open the link in it within 24 hours. Until then your address stays as it is.", "/Index");
    }
}
