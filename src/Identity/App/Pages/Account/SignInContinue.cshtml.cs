using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Federation;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>
/// Where somebody comes back to from another provider. Who has connected an account is signed in; anyone else says whether they have one here, which
/// this page never tells: an address at a provider may be anybody's.
/// </summary>
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class SignInContinueModel(FederatedProviders providers, FederatedSignIn federation, Connections connections) : NewPersonPage
{
    public FederatedProvider Provider { get; private set; } = null!;

    /// <summary>Null when the provider does not say that it is the person's.</summary>
    public string? VerifiedEmail { get; private set; }

    public async Task<IActionResult> OnGetAsync()
    {
        if (await ReadAsync() is not { } person)
            return RedirectToPage("/Account/SignIn", new { ReturnUrl });
        if (await federation.FindAsync(person, Cancelled) is { } account)
            return await SignInAsync(person, account);
        ModelState.Clear();
        (GivenName, FamilyName) = (person.GivenName, person.FamilyName);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (await ReadAsync() is not { } person || VerifiedEmail is null || !Provider.MayRegister)
            return RedirectToPage("/Account/SignIn", new { ReturnUrl });
        if (!ModelState.IsValid || GivenName is null || FamilyName is null)
            return WithErrors();
        if (await connections.RegisterAsync(person, Provider, GivenName.Trim(), FamilyName.Trim()) is { } account)
            return await SignInAsync(person, account);

        // Told to who has shown that the address is theirs.
        ModelState.AddModelError("connect", "There is an account with your email address. Sign in to it");
        return WithErrors();
    }

    private async Task<FederatedPerson?> ReadAsync()
    {
        if (await FederatedPerson.ReadAsync(HttpContext) is not { } person || providers.Find(person.ProviderId) is not { } provider)
            return null;
        Provider = provider;
        VerifiedEmail = person.IsEmailVerified ? person.Email : null;
        return person;
    }

    private async Task<IActionResult> SignInAsync(FederatedPerson person, Accounts.Account account)
    {
        var (next, problem) = await federation.SignInAsync(HttpContext, person, account);
        if (problem is not null)
            return RedirectToPage("/Account/SignInWith", new { id = Provider.Id, problem, ReturnUrl });
        return next switch
        {
            NextStep.Code => RedirectToPage("/Account/SignInCode", new { ReturnUrl }),
            NextStep.SetUp => RedirectToPage("/Account/AuthenticatorSetUp", new { ReturnUrl }),
            _ => LocalRedirect(Url.IsLocalUrl(ReturnUrl) ? ReturnUrl : "/"),
        };
    }
}
