using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Identity.Accounts;
using Telemedicine.Identity.Clients;
using Telemedicine.Identity.Connect;

namespace Telemedicine.Identity.Pages.Account;

/// <summary>Asks before signing out: for people who come here themselves, and for applications that did not prove whom they speak of.</summary>
public sealed class SignOutModel(Sessions sessions, ClientRegistry clients) : PageModel
{
    [FromQuery(Name = "clientId")]
    public string? ClientId { get; set; }

    [FromQuery(Name = "returnUri")]
    public string? ReturnUri { get; set; }

    [FromQuery(Name = "state")]
    public string? State { get; set; }

    public IActionResult OnGet() => Sessions.Current(HttpContext) is null ? LocalRedirect(EndSessionEndpoint.SignedOutPage) : Page();

    public async Task<IActionResult> OnPostAsync()
    {
        await sessions.SignOutAsync(HttpContext);

        // Checked again here: this page's address can be made by anyone.
        return EndSessionEndpoint.ReturnAddress(clients.Find(ClientId), ReturnUri, State) is { } address
            ? Redirect(address)
            : LocalRedirect(EndSessionEndpoint.SignedOutPage);
    }
}
