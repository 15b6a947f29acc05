using Microsoft.AspNetCore.Authorization;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Connect;
using Telemedicine.Identity.Federation;
using Telemedicine.Identity.Pages.Account;

namespace Telemedicine.Identity.Pages;

/// <summary>The way to everything about one's account; open to all, since people also come here signed out.</summary>
public sealed class IndexModel(IAuthorizationService authorization, FederatedProviders providers, Consents consents) : AccountPage
{
    public bool IsAdministrator { get; private set; }

    public bool HasConsents { get; private set; }

    public bool HasProviders => providers.All.Count > 0;

    public Accounts.Account? Person => Sessions.Current(HttpContext)?.Account;

    public async Task OnGetAsync()
    {
        IsAdministrator = (await authorization.AuthorizeAsync(User, AdministratorRequirement.Policy)).Succeeded;
        HasConsents = Person is { } account && (await consents.OfAsync(account.Id, Cancelled)).Count > 0;
    }
}
