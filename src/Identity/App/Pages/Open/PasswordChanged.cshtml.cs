using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Telemedicine.Identity.Pages.Open;

/// <summary>After a new password was chosen through an email.</summary>
public sealed class PasswordChangedModel : PageModel
{
    /// <summary>The sign-in page checks it.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }
}
