using Microsoft.AspNetCore.Mvc;
using Telemedicine.Identity.Administration;
using Telemedicine.Identity.Pages.Account;

namespace Telemedicine.Identity.Pages.Administration;

/// <summary>Who works for the practice, and a search among everybody.</summary>
public sealed class IndexModel(AccountAdministration accounts) : AccountPage
{
    private const int SearchLength = 254;

    [FromQuery(Name = "search")]
    public string? Search { get; set; }

    public IReadOnlyList<ManagedAccount> Accounts { get; private set; } = [];

    public bool HasMore => Accounts.Count == AccountAdministration.Most;

    public async Task OnGetAsync()
    {
        if (Search?.Length > SearchLength)
            Search = Search[..SearchLength];
        Accounts = await accounts.ListAsync(Search, Cancelled);
    }

    public static string Describe(string? role) => role switch
    {
        Telemedicine.Identity.Accounts.Roles.Patient => "Patient",
        Telemedicine.Identity.Accounts.Roles.Clinician => "Clinician",
        Telemedicine.Identity.Accounts.Roles.Staff => "Practice staff",
        Telemedicine.Identity.Accounts.Roles.Administrator => "Administrator",
        _ => "None",
    };
}
