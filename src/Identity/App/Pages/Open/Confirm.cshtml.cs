using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>
/// The link of a registration. Opening it changes nothing; the password that was chosen confirms the address and signs in. Asking for the
/// password keeps strangers from preparing an account, with a password of theirs, that the mailbox's owner then confirms.
/// </summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class ConfirmModel(
    EmailLinks links, Registrations registrations, PasswordSignIn passwords, SignInSteps steps, ClientRegistry clients, ProviderSettings settings) : FormPage
{
    [FromQuery(Name = "token")]
    public string? Token { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter the password that you chose")]
    [StringLength(NewPasswords.LongestLength, ErrorMessage = "Your password must be 256 characters or fewer")]
    public string? Password { get; set; }

    public string Email { get; private set; } = string.Empty;

    public async Task<IActionResult> OnGetAsync() => await FindAsync() is null ? LinkOverModel.Show(this) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await FindAsync() is not { } link)
            return LinkOverModel.Show(this);
        if (!ModelState.IsValid || Password is null)
            return WithErrors();
        if (await passwords.VerifyAsync(Email, Password) is not { } account || account.Id != link.AccountId)
        {
            ModelState.AddModelError(nameof(Password), "This is not the password that you chose. If you have tried many times, wait 15 minutes before you try again");
            return WithErrors();
        }

        if (!await registrations.ConfirmAsync(link))
            return LinkOverModel.Show(this);
        return await steps.AfterPasswordAsync(HttpContext, account) switch
        {
            NextStep.Code => RedirectToPage("/Account/SignInCode"),
            NextStep.SetUp => RedirectToPage("/Account/AuthenticatorSetUp"),
            _ => Onwards(),
        };
    }

    private async Task<EmailLink?> FindAsync()
    {
        var link = await links.FindAsync(Token, EmailLinkPurpose.ConfirmAddress, Cancelled);
        Email = link?.Address ?? string.Empty;
        return link;
    }

    /// <summary>Back to the authorization request if this browser made it lately; else to the application that begins one.</summary>
    private IActionResult Onwards()
    {
        if (ReturnAddress.Take(HttpContext) is { } local && Url.IsLocalUrl(local))
            return LocalRedirect(local);
        return clients.All.Select(client => client.InitiateLoginUri).FirstOrDefault(uri => uri is not null) is { } application
            ? Redirect(QueryHelpers.AddQueryString(application.OriginalString, "iss", settings.Issuer))
            : LocalRedirect("/");
    }
}
