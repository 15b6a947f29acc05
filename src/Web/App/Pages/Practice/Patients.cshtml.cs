using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Patients;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Finds a patient. What was looked for is sent in the body: it must not stand in an address.</summary>
public sealed class PatientsModel(PatientService patients) : StaffPage
{
    [BindProperty]
    public string? Search { get; set; }

    /// <summary>Null before a search.</summary>
    public IReadOnlyList<PatientView>? Found { get; private set; }

    public void OnGet()
    {
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Search is not { Length: <= 100 } text || text.Trim().Length < 2)
        {
            ModelState.AddModelError(nameof(Search), Search is { Length: > 100 } ? "Search for 100 characters or fewer" : "Enter a name, a date of birth or a phone number");
            return Again();
        }
        Found = await patients.SearchAsync(Actor, text, Cancelled);
        return Page();
    }
}
