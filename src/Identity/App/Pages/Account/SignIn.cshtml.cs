using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Demonstration;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Email address and password. Says the same whatever is wrong, so that it tells nobody which accounts exist.</summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInModel(PasswordSignIn passwords, Sessions sessions, IServiceProvider services) : PageModel
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

    /// <summary>Null outside demonstration mode.</summary>
    public DemonstrationPeople? Demonstration => services.GetService<DemonstrationPeople>();

    public void OnGet() => Email = LoginHint();

    public async Task<IActionResult> OnPostAsync()
    {
        if (!ModelState.IsValid || Email is null || Password is null)
            return Redisplay();
        if (await passwords.VerifyAsync(Email.Trim(), Password) is not { } account)
        {
            ModelState.AddModelError(nameof(Email), Refused);
            return Redisplay();
        }

        await sessions.BeginAsync(HttpContext, account, AuthenticationContext.Password, "pwd");
        return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
    }

    public string GroupClass(string field) =>
        IsInvalid(field) ? "nhsuk-form-group nhsuk-form-group--error" : "nhsuk-form-group";

    public string InputClass(string field) =>
        IsInvalid(field) ? "nhsuk-input nhsuk-input--error" : "nhsuk-input";

    public string? DescribedBy(string field) => IsInvalid(field) ? $"{field}-error" : null;

    private bool IsInvalid(string field) => ModelState.GetFieldValidationState(field) == ModelValidationState.Invalid;

    private PageResult Redisplay()
    {
        // A typed password never goes back into the page.
        Password = null;
        Response.StatusCode = StatusCodes.Status400BadRequest;
        return Page();
    }

    /// <summary>OpenID Connect Core section 3.1.2.1: the application may know who is about to sign in.</summary>
    private string? LoginHint()
    {
        if (!Url.IsLocalUrl(ReturnUrl) || ReturnUrl.IndexOf('?', StringComparison.Ordinal) is not (> 0 and var start))
            return null;
        return QueryHelpers.ParseQuery(ReturnUrl[start..]).TryGetValue("login_hint", out var hint) ? hint.ToString() : null;
    }
}
