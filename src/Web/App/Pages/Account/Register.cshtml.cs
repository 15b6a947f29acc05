using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Pages.Account;

/// <summary>Leads to the sign-in provider's page for a new account, and from there to the person's details.</summary>
public sealed class RegisterModel : PageModel
{
    public IActionResult OnGet(string? returnUrl)
    {
        var target = Url.Page("/Registration/Details", new { returnUrl = Url.IsLocalUrl(returnUrl) ? returnUrl : null });
        return User.Identity?.IsAuthenticated is true
            ? LocalRedirect(target ?? "/")
            : Challenge(OidcHandler.Registering(target), OidcHandler.SchemeName);
    }
}
