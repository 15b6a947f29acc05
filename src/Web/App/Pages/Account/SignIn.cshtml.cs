using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Pages.Account;

/// <summary>Leads to the sign-in provider, and back to a page of this service.</summary>
public sealed class SignInModel : PageModel
{
    public IActionResult OnGet(string? returnUrl)
    {
        var target = Url.IsLocalUrl(returnUrl) ? returnUrl : Url.Page("/Index");
        return User.Identity?.IsAuthenticated is true
            ? LocalRedirect(target ?? "/")
            : Challenge(new AuthenticationProperties { RedirectUri = target }, OidcHandler.SchemeName);
    }
}
