using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Federation;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Which other providers sign the person in, with the means to connect and disconnect them.</summary>
[FreshSignIn]
public sealed class ProvidersModel(FederatedProviders providers, FederatedSignIn federation, Connections connections, Sessions sessions) : AccountPage
{
    public IReadOnlyList<(string Id, string Name)> Connected { get; private set; } = [];

    /// <summary>That the person may connect.</summary>
    public IReadOnlyList<FederatedProvider> Others { get; private set; } = [];

    public Task OnGetAsync() => ReadAsync();

    /// <summary>A link, as on the sign-in page. It changes nothing: the person is asked when they come back.</summary>
    public async Task<IActionResult> OnGetConnectAsync(string id)
    {
        if (providers.Find(id) is not { } provider || !await federation.MayUseAsync(Account.Id, provider, Cancelled))
            return NotFound();
        return await federation.IsThereAsync(provider, Cancelled)
            ? Challenge(federation.To(FederatedSignIn.ConnectPath, returnUrl: null, anew: true), provider.Scheme)
            : RedirectToPage("/Account/SignInWith", new { id, problem = FederationProblem.Unavailable, returnUrl = Url.Page("/Account/Providers") });
    }

    public async Task<IActionResult> OnPostDisconnectAsync(string id)
    {
        var name = providers.Find(id)?.Name ?? id;
        if (await connections.DisconnectAsync(Account.Id, id))
        {
            await sessions.EndOthersAsync(Session);
            return Done($"{name} is disconnected, and all your other devices are signed out.", "/Account/Providers");
        }

        await ReadAsync();
        if (Connected.All(connected => connected.Id != id))
            return RedirectToPage();
        ModelState.AddModelError($"disconnect-{id}", $"{name} is your only way to sign in. Choose a password first: use “I do not know my password” on the sign-in page");
        return WithErrors();
    }

    private async Task ReadAsync()
    {
        var connected = await connections.OfAsync(Account.Id, Cancelled);
        Connected = [.. connected.Select(id => (id, providers.Find(id)?.Name ?? id))];
        var others = new List<FederatedProvider>();
        foreach (var provider in providers.All.Where(provider => !connected.Contains(provider.Id)))
        {
            if (await federation.MayUseAsync(Account.Id, provider, Cancelled))
                others.Add(provider);
        }

        Others = others;
    }
}
