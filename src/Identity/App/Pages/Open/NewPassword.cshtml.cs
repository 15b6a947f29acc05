using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>The link for a new password. Opening it changes nothing.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class NewPasswordModel(EmailLinks links, ForgottenPasswords passwords, UserManager<Accounts.Account> users) : FormPage
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter a new password")]
    [StringLength(NewPasswords.LongestLength, MinimumLength = NewPasswords.ShortestLength, ErrorMessage = "Your new password must be between 12 and 256 characters")]
    public string? Password { get; set; }

    public string Email { get; private set; } = string.Empty;

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is null ? LinkOverModel.Show(this) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not { Account: { } account } link)
            return LinkOverModel.Show(this);
        if (ModelState.IsValid && Password is not null)
            await ModelState.JudgeAsync(users, account, nameof(Password), Password);
        if (!ModelState.IsValid || Password is null)
            return WithErrors();
        if (!await passwords.ResetAsync(link, Password))
            return LinkOverModel.Show(this);

        // Signing in is a step of its own, so that a second factor is asked for.
        return RedirectToPage("/Open/PasswordChanged", new { returnUrl = ReturnAddress.Take(HttpContext) });
    }

    private async Task<EmailLink?> FindAsync()
    {
        var link = await links.FindAsync(Token, EmailLinkPurpose.ResetPassword, Cancelled);
        Email = link?.Address ?? string.Empty;
        return link;
    }
}
