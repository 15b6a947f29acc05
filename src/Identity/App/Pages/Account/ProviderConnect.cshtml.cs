using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.RateLimiting;
using Telemedicine.Identity.Federation;
using Telemedicine.Identity.Hosting;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>The one place where an account and somebody at another provider are connected: after proof of both, and a yes to both as they stand on the page.</summary>
[FreshSignIn]
[EnableRateLimiting(RateLimits.SignIn)]
public sealed class ProviderConnectModel(FederatedProviders providers, Connections connections) : AccountPage
{
    /// <summary>Where the person was going before.</summary>
    [FromQuery(Name = "returnUrl")]
    public string? ReturnUrl { get; set; }

    public FederatedProvider Provider { get; private set; } = null!;

    public string Mine => $"{Account.GivenName} {Account.FamilyName}, {Account.Email}";

    /// <summary>As the provider describes them.</summary>
    public string Theirs { get; private set; } = string.Empty;

    public async Task<IActionResult> OnGetAsync() => await ReadAsync() is null ? RedirectToPage("/Account/Providers") : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        if (await ReadAsync() is not { } person)
            return RedirectToPage("/Account/Providers");
        var outcome = await connections.ConnectAsync(Account, person);
        if (outcome != ConnectOutcome.Connected)
        {
            ModelState.AddModelError("confirm", outcome switch
            {
                ConnectOutcome.ConnectedElsewhere => $"{Provider.Name} is connected with another account here. Sign in to that one and disconnect it first",
                ConnectOutcome.HasOne => $"Your account is connected with another person at {Provider.Name}. Disconnect that one first",
                _ => $"You cannot use {Provider.Name} for this account",
            });
            return WithErrors();
        }

        await FederatedPerson.ForgetAsync(HttpContext);
        return Url.IsLocalUrl(ReturnUrl) && ReturnUrl != "/"
            ? LocalRedirect(ReturnUrl)
            : Done($"{Provider.Name} is connected. From now on it signs you in.", "/Account/Providers");
    }

    private async Task<FederatedPerson?> ReadAsync()
    {
        if (await FederatedPerson.ReadAsync(HttpContext) is not { } person || providers.Find(person.ProviderId) is not { } provider)
            return null;
        Provider = provider;
        var known = new[] { $"{person.GivenName} {person.FamilyName}".Trim(), person.Email }.Where(text => !string.IsNullOrEmpty(text)).ToList();
        Theirs = known.Count > 0 ? string.Join(", ", known) : "It does not tell us your name.";
        return person;
    }
}
