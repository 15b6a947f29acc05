using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Web.SignIn;

namespace Telemedicine.Web.Pages.Account;

/// <summary>Ends the session here and at the sign-in provider.</summary>
public sealed class SignOutModel : PageModel
{
    public void OnGet()
    {
    }

    public IActionResult OnPost()
    {
        var properties = new AuthenticationProperties { RedirectUri = Url.Page("/Account/SignedOut") };
        return User.Identity?.IsAuthenticated is true
            ? SignOut(properties, SessionCookie.SchemeName, OidcHandler.SchemeName)
            : RedirectToPage("/Account/SignedOut");
    }
}
