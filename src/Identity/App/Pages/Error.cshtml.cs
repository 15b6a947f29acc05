using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages;

/// <summary>What a person sees when a request fails, in words for its status. It runs in place of the failed request, whatever its method.</summary>
[IgnoreAntiforgeryToken]
[ResponseCache(NoStore = true)]
public sealed class ErrorModel : PageModel
{
    [FromRoute]
    public int Status { get; set; }

    public string Heading => Status switch
    {
        StatusCodes.Status403Forbidden => "You cannot open this page",
        StatusCodes.Status404NotFound => "Page not found",
        StatusCodes.Status429TooManyRequests => "Too many tries",
        _ => "Sorry, there is a problem",
    };

    public string Text => HttpContext.Features.Get<ErrorReason>()?.Text ?? Status switch
    {
        StatusCodes.Status400BadRequest => "The page you used was out of date. Go back, reload the page and try again.",
        StatusCodes.Status403Forbidden => "It is for administrators of the practice. If you are one, sign in with your own account.",
        StatusCodes.Status404NotFound => "If you typed the web address, check it is correct. If you pasted it, check you copied all of it.",
        StatusCodes.Status429TooManyRequests => "Wait 1 minute, then go back and try again.",
        _ => "Try again later.",
    };
}
