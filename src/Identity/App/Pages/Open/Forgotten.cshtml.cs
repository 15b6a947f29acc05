using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>Asks for a link to choose a new password. The answer is the same whether the address has an account.</summary>
[EnableRateLimiting(RateLimits.Email)]
public sealed class ForgottenModel(ForgottenPasswords passwords) : FormPage
{
    [BindProperty]
    [Required(ErrorMessage = "Enter an email address")]
    [EmailAddressField]
    public string? Email { get; set; }

    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || Email is null)
            return WithErrors();
        await passwords.AskAsync(Email.Trim());
        return CheckEmailModel.After(this, CheckEmailReason.NewPassword, Email.Trim(), ReturnUrl);
    }
}
