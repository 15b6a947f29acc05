using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Gives the account a passkey that the person's device makes.</summary>
[FreshSignIn]
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class PasskeyAddModel(Passkeys passkeys, AccountHistory history) : AccountPage
{
    private const string Refused = "The passkey was not added: your device's answer was not right, or came too late. Try again";

    [BindProperty]
    [Required(ErrorMessage = PasskeyPage.NameMissing)]
    [StringLength(Passkey.NameLength, ErrorMessage = PasskeyPage.NameTooLong)]
    public string? Name { get; set; }

    /// <summary>The browser's answer, as JSON.</summary>
    [BindProperty]
    [Required(ErrorMessage = "Your browser did not make a passkey. Try again, or try another browser or device")]
    [StringLength(Passkeys.CredentialLength, ErrorMessage = Refused)]
    public string? Credential { get; set; }

    public void OnGet() => Name = history.CurrentDevice;

    public async Task<IActionResult> OnGetOptionsAsync() => Content(await passkeys.ProposeAsync(HttpContext, Account), "application/json");

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || Name is null || Credential is null)
            return WithErrors();
        if ((await passkeys.OfAsync(Account.Id, Cancelled)).Count >= Passkeys.Most)
            ModelState.AddModelError(nameof(Credential), "You have 20 passkeys, and cannot have more. Remove one first");
        else if (!await passkeys.AddAsync(HttpContext, Account, Credential, Name.Trim()))
            ModelState.AddModelError(nameof(Credential), Refused);
        return ModelState.IsValid ? Done("The passkey is added. You can sign in with it from now on.", "/Account/Passkeys") : WithErrors();
    }
}
