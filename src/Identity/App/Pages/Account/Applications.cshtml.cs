using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Connect;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Which applications the person agreed to share with, with the means to take that back.</summary>
public sealed class ApplicationsModel(Consents consents, ClientRegistry clients) : AccountPage
{
    public IReadOnlyList<Consent> Given { get; private set; } = [];

    public string NameOf(Consent consent) => clients.Find(consent.ClientId)?.Name ?? consent.ClientId;

    public async Task OnGetAsync() => Given = await consents.OfAsync(Account.Id, Cancelled);

    public async Task<IActionResult> OnPostWithdrawAsync(string id) => await consents.WithdrawAsync(Account.Id, id)
        ? Done("You share nothing with it any more. What it has learned it may still have.", "/Account/Applications")
        : RedirectToPage();
}
