using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Pages.Account;

namespace Telemedicine.Identity.Pages;

/// <summary>The way to everything about one's account; open to all, since people also come here signed out.</summary>
public sealed class IndexModel : AccountPage
{
    public Accounts.Account? Person => Sessions.Current(HttpContext)?.Account;
}
