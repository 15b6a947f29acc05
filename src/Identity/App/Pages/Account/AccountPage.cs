using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Accounts;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>A page that a person sees about themself.</summary>
public abstract class AccountPage : FormPage
{
    /// <summary>The pages in this folder need a signed-in person, so there is one.</summary>
    protected Session Session => Sessions.Current(HttpContext) ?? throw new InvalidOperationException("Nobody is signed in.");

    protected Accounts.Account Account => Session.Account ?? throw new InvalidOperationException("The session was read without its account.");

    protected RedirectToPageResult Done(string notice, string page)
    {
        TempData[NoticeKey] = notice;
        return RedirectToPage(page);
    }
}
