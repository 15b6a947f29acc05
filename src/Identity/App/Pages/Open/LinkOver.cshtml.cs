using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>A link from an email that does not work: made up, used, too old, or overtaken. It does not tell which.</summary>
public sealed class LinkOverModel : PageModel
{
    /// <summary>Leads here: the token must not stay in the address.</summary>
    public static IActionResult Show(PageModel page) => page.RedirectToPage("/Open/LinkOver");

    public void OnGet() => Response.StatusCode = StatusCodes.Status404NotFound;
}
