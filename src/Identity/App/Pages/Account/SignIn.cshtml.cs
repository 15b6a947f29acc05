using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Demonstration;
using Telemedicine.Identity.Hosting;
using Telemedicine.Identity.Pages.Open;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Email address and password. Says the same whatever is wrong, so that it tells nobody which accounts exist.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInModel(PasswordSignIn passwords, SignInSteps steps, Registrations registrations, IServiceProvider services) : FormPage
{
    private const string Refused =
        "Your email address or password is not right. If you have tried many times, wait 15 minutes before you try again";

    [BindProperty]
    [Required(ErrorMessage = "Enter your email address")]
    [StringLength(254, ErrorMessage = "Your email address must be 254 characters or fewer")]
    public string? Email { get; set; }

    [BindProperty]
    [Required(ErrorMessage = "Enter your password")]
    [StringLength(256, ErrorMessage = "Your password must be 256 characters or fewer")]
    public string? Password { get; set; }

    /// <summary>Where to go on to: an address on this service, in practice an authorization request.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    /// <summary>Who comes from an invitation is told what comes next.</summary>
    [FromQuery(Name = "invited")]
    public bool IsInvited { get; set; }

    /// <summary>Null outside demonstration mode.</summary>
    public DemonstrationPeople? Demonstration => services.GetService<DemonstrationPeople>();

    /// <summary>Somebody is signed in and must show again that it is them: before something important, or because an application asks.</summary>
    public bool IsAgain => Sessions.Current(HttpContext) is not null;

    public void OnGet() => Email = LoginHint() ?? Sessions.Current(HttpContext)?.Account?.Email;

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || Email is null || Password is null)
            return Redisplay();
        if (await passwords.VerifyAsync(Email.Trim(), Password) is not { } account)
        {
            ModelState.AddModelError(nameof(Email), Refused);
            return Redisplay();
        }

        if (account is { EmailConfirmed: false, Email: { } address })
        {
            await registrations.SendAgainAsync(address);
            return CheckEmailModel.After(this, CheckEmailReason.NotConfirmed, address, ReturnUrl);
        }

        var next = await steps.AfterPasswordAsync(HttpContext, account);
        if (next == NextStep.Disabled)
        {
            // Told to who knows the password, and so to nobody who only tries addresses.
            ModelState.AddModelError(nameof(Email), "This account is switched off. Ask your practice");
            return Redisplay();
        }

        return next switch
        {
            NextStep.Code => RedirectToPage("/Account/SignInCode", new { ReturnUrl }),
            NextStep.SetUp => RedirectToPage("/Account/AuthenticatorSetUp", new { ReturnUrl }),
            _ => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/"),
        };
    }

    private PageResult Redisplay()
    {
        // A typed password never goes back into the page.
        Password = null;
        return WithErrors();
    }

    /// <summary>OpenID Connect Core section 3.1.2.1: the application may know who is about to sign in.</summary>
    private string? LoginHint()
    {
        if (!Url.IsLocalUrl(ReturnUrl) || ReturnUrl.IndexOf('?', StringComparison.Ordinal) is not (> 0 and var start))
            return null;
        return QueryHelpers.ParseQuery(ReturnUrl[start..]).TryGetValue("login_hint", out var hint) ? hint.ToString() : null;
    }
}
