using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Microsoft.AspNetCore.WebUtilities;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Federation;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Leads to another provider; or, with a problem in the address, says why nobody was signed in there.</summary>
public sealed class SignInWithModel(FederatedProviders providers, FederatedSignIn federation) : PageModel
{
    [FromRoute(Name = "problem")]
    public FederationProblem? Problem { get; set; }

    /// <summary>Where to go on to: an address on this service.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public FederatedProvider Provider { get; private set; } = null!;

    public bool MayTryAgain => Problem is FederationProblem.Cancelled or FederationProblem.Unavailable or FederationProblem.Refused or FederationProblem.NotAnew or FederationProblem.NotEnough;

    public string Text => Problem switch
    {
        FederationProblem.Cancelled => $"You did not finish signing in with {Provider.Name}. Nothing has changed.",
        FederationProblem.Unavailable => $"{Provider.Name} does not answer at the moment. Try again later, or sign in another way.",
        FederationProblem.NotEnough => $"{Provider.Name} did not tell us enough about who you are. You may have to prove it there first.",
        FederationProblem.NotAnew => $"We asked {Provider.Name} to check again that it is you, and it did not.",
        FederationProblem.NotForThem => $"You cannot use {Provider.Name} for this account.",
        FederationProblem.Disabled => "This account is switched off. Ask your practice.",
        FederationProblem.MustWait => "There were too many wrong passwords or codes for this account. Wait 15 minutes before you try again.",
        _ => $"Something went wrong with the answer of {Provider.Name}.",
    };

    public async Task<IActionResult> OnGetAsync(string id)
    {
        if (providers.Find(id) is not { } provider || !ModelState.IsValid)
            return NotFound();
        Provider = provider;
        if (!Url.IsLocalUrl(ReturnUrl))
            ReturnUrl = null;
        if (Problem is not null)
            return Page();
        if (await federation.IsThereAsync(provider, HttpContext.RequestAborted))
            return Challenge(federation.To(FederatedSignIn.ContinuePath, ReturnUrl, anew: Sessions.Current(HttpContext) is not null || AsksForNewSignIn()), provider.Scheme);
        Problem = FederationProblem.Unavailable;
        Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Page();
    }

    /// <summary>The application that the person comes from does not want an old sign-in, so an old one at the provider will not do either.</summary>
    private bool AsksForNewSignIn()
    {
        if (ReturnUrl?.IndexOf('?', StringComparison.Ordinal) is not (>= 0 and var start))
            return false;
        var query = QueryHelpers.ParseQuery(ReturnUrl[start..]);
        return query.ContainsKey("max_age") || query.TryGetValue("prompt", out var prompt) && prompt.ToString().Contains("login", StringComparison.Ordinal);
    }
}
