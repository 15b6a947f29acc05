using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Signs in who shows a passkey. The button is on the page for signing in too; here is where its answer goes, and where it is asked for by itself.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInPasskeyModel(Passkeys passkeys, SignInSteps steps) : FormPage
{
    private const string Refused = "That passkey was not accepted. Try again, or sign in another way";

    /// <summary>The browser's answer, as JSON.</summary>
    [BindProperty]
    [Required(ErrorMessage = "Your browser did not send a passkey. Try again, or sign in another way")]
    [StringLength(Passkeys.CredentialLength, ErrorMessage = Refused)]
    public string? Credential { get; set; }

    /// <summary>Where to go on to: an address on this service.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public async Task<IActionResult> OnGetOptionsAsync() => Content(await passkeys.AskAsync(HttpContext), "application/json");

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || Credential is null)
            return WithErrors();
        var outcome = await passkeys.VerifyAsync(HttpContext, Credential) is { } proof ? await steps.TakePasskeyAsync(HttpContext, proof) : StepOutcome.Wrong;
        if (outcome == StepOutcome.SignedIn)
            return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");

        // Told to who has the passkey, and so to nobody who only tries.
        ModelState.AddModelError(nameof(Credential), outcome switch
        {
            StepOutcome.Disabled => "This account is switched off. Ask your practice",
            StepOutcome.MustWait => "There were too many failed attempts to sign in to this account. Wait 15 minutes before you try again",
            _ => Refused,
        });
        return WithErrors();
    }
}
