using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Closes the account, for who knows the password and ticks that they know what is lost.</summary>
[FreshSignIn]
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class CloseModel(PasswordSignIn passwords, AccountClosing closing) : AccountPage
{
    [BindProperty]
    public bool Confirmed { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter your password")]
    [StringLength(NewPasswords.LongestLength, ErrorMessage = "Your password must be 256 characters or fewer")]
    public string? Password { get; set; }

    public string Email => Account.Email ?? "";

    /// <summary>Without one, the fresh sign-in that the page asks for is the proof.</summary>
    public bool HasPassword => Account.PasswordHash is not null;

    /// <summary>False for who works at the practice.</summary>
    public bool MayClose { get; private set; }

    public async Task OnGetAsync() => MayClose = await closing.MayAsync(Account, Cancelled);

    public async Task<IActionResult> OnPostAsync()
    {
        MayClose = await closing.MayAsync(Account, Cancelled);
        if (!MayClose)
            return RedirectToPage();

        // A box that is not ticked is not sent, and what is not sent is not validated.
        if (!Confirmed)
            ModelState.AddModelError(nameof(Confirmed), "Tick the box to confirm that you want to close your account");
        if (!HasPassword)
            ModelState.Remove(nameof(Password));
        if (!ModelState.IsValid)
            return WithErrors();
        if ((HasPassword ? await passwords.VerifyAsync(Email, Password ?? "") : Account) is not { } account || account.Id != Account.Id)
        {
            ModelState.AddModelError(nameof(Password), "Your password is not right. If you have tried many times, wait 15 minutes before you try again");
            return WithErrors();
        }

        await closing.CloseAsync(account);
        await HttpContext.SignOutAsync(SessionCookie.Scheme);
        return RedirectToPage("/Open/Closed");
    }
}
