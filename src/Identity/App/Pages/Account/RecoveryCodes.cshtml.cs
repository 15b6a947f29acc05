using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Shows new recovery codes until the person says that they have them. They live in the browser's own encrypted cookie: here only their hashes are kept.</summary>
public sealed class RecoveryCodesModel : AccountPage
{
    private const string Key = "RecoveryCodes";

    public IReadOnlyList<string> Codes { get; private set; } = [];

    /// <summary>Where to go on to: an address on this service.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    internal static RedirectToPageResult Show(PageModel from, IEnumerable<string> codes, string? returnUrl)
    {
        from.TempData[Key] = string.Join(' ', codes);
        return new RedirectToPageResult("/Account/RecoveryCodes", new { returnUrl });
    }

    public IActionResult OnGet()
    {
        if (TempData.Peek(Key) is not string codes)
            return RedirectToPage("/Account/Authenticator");
        Codes = codes.Split(' ');
        return Page();
    }

    public IActionResult OnPost()
    {
        TempData.Remove(Key);
        return LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/");
    }
}
