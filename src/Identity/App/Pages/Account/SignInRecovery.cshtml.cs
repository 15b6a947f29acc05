using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>The second step of a sign-in for who does not have their app: one of the codes that they were told to keep.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInRecoveryModel(SignInSteps steps) : FormPage
{
    [BindProperty]
    [Required(ErrorMessage = "Enter one of your recovery codes")]
    [StringLength(100, ErrorMessage = "A recovery code has 16 letters and digits")]
    public string? Code { get; set; }

    /// <summary>Where to go on to: an address on this service.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnGetAsync() =>
        await steps.WhoAsync(HttpContext) is null ? RedirectToPage("/Account/SignIn", new { ReturnUrl }) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await steps.WhoAsync(HttpContext) is not { } account)
            return RedirectToPage("/Account/SignIn", new { ReturnUrl });
        if (!ModelState.IsValid || Code is null)
            return WithErrors();
        switch (await steps.TakeRecoveryCodeAsync(HttpContext, account, Code))
        {
            case StepOutcome.SignedIn:
                return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
            case StepOutcome.MustWait:
                ModelState.AddModelError(nameof(Code), "There were too many wrong codes. Wait 15 minutes before you try again");
                break;
            default:
                ModelState.AddModelError(nameof(Code), "That code is not right, or it has been used. Enter another of your recovery codes");
                break;
        }

        return WithErrors();
    }
}
