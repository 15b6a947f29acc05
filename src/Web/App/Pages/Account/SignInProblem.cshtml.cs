using Microsoft.AspNetCore.Mvc.RazorPages;

namespace Telemedicine.Web.Pages.Account;

/// <summary>A sign-in did not work. Why stands in the log, not here.</summary>
public sealed class SignInProblemModel : PageModel
{
    public bool Later { get; private set; }

    public void OnGet(bool later)
    {
        Later = later;
        Response.StatusCode = later ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status400BadRequest;
    }
}
