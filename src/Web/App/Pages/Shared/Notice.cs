using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Telemedicine.Web.Pages.Shared;

/// <summary>One sentence that the next page shows at its top, once: that something was done.</summary>
internal static class Notice
{
    public const string Key = "notice";

    public static void ShowNext(this PageModel page, string text) => page.TempData[Key] = text;
}
