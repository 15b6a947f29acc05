using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Adds a clinician, changes one, or ends their work here. What is booked with them is shown first.</summary>
public sealed class ClinicianModel(ClinicianAdministration clinicians, ServiceAdministration services) : AdministratorPage
{
    /// <summary>Null for a new one.</summary>
    [FromRoute]
    public PractitionerId? Clinician { get; set; }

    [BindProperty]
    public string? Title { get; set; }

    [BindProperty]
    public string? GivenName { get; set; }

    [BindProperty]
    public string? FamilyName { get; set; }

    [BindProperty]
    public string? Profession { get; set; }

    [BindProperty]
    public List<HealthcareServiceId> Services { get; set; } = [];

    [BindProperty]
    public string? Email { get; set; }

    /// <summary>The appointments that the page showed.</summary>
    [BindProperty]
    public List<AppointmentId> Seen { get; set; } = [];

    public IReadOnlyList<ServiceListing> AllServices { get; private set; } = [];

    /// <summary>Null for a new one.</summary>
    public ClinicianListing? Listing { get; private set; }

    /// <summary>What is booked with the clinician who is to end.</summary>
    public IReadOnlyList<AffectedAppointment> BookedStill { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Listing is { Details: var details })
        {
            (Title, GivenName, FamilyName, Profession, Email) = (details.Title, details.GivenName, details.FamilyName, details.Profession, details.Email);
            Services = [.. details.Services];
        }

        return Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        ModelState.Clear();
        if (!await LoadAsync())
            return NotFound();
        Require(nameof(Title), Title, Practitioner.TitleLength, missing: null);
        Require(nameof(GivenName), GivenName, Practitioner.NameLength, "Enter the first name");
        Require(nameof(FamilyName), FamilyName, Practitioner.NameLength, "Enter the last name");
        Require(nameof(Profession), Profession, Practitioner.NameLength, missing: null);
        if (!string.IsNullOrWhiteSpace(Email) && !EmailAddress.IsValid(Email.Trim()))
            ModelState.AddModelError(nameof(Email), "Enter an email address, such as name@example.com");
        if (!ModelState.IsValid)
            return Again();
        switch (await clinicians.SaveAsync(Actor, Clinician, new ClinicianDetails(Title ?? "", GivenName ?? "", FamilyName ?? "", Profession ?? "", Services, Email ?? ""), Cancelled))
        {
            case ClinicianOutcome.Saved:
                this.ShowNext(Clinician is null ? "The clinician is added." : "The clinician is changed.");
                return RedirectToPage("/Practice/Clinicians");
            case ClinicianOutcome.EmailTaken:
                ModelState.AddModelError(nameof(Email), "Somebody else signs in with this address. Enter a different one");
                return Again();
            case ClinicianOutcome.Incomplete:
                ModelState.AddModelError(string.Empty, "Check what you entered");
                return Again();
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostEndAsync(PractitionerId clinician)
    {
        switch (await clinicians.EndAsync(Actor, clinician, Seen, Cancelled))
        {
            case ClinicianOutcome.Saved:
                this.ShowNext("Nothing new can be booked with the clinician.");
                return RedirectToPage(new { clinician });
            case ClinicianOutcome.Affects affects:
                ModelState.Clear();
                var page = await OnGetAsync();
                BookedStill = affects.Appointments;
                return page;
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostWorkAgainAsync(PractitionerId clinician)
    {
        if (await clinicians.WorkAgainAsync(Actor, clinician, Cancelled) is not ClinicianOutcome.Saved)
            return NotFound();
        this.ShowNext("The clinician works here again. Their weekly clinics have ended: give those that go on a new last day, and publish them.");
        return RedirectToPage(new { clinician });
    }

    /// <summary>False if there is no such clinician.</summary>
    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "clinicians";
        AllServices = await services.ListAsync(Actor, Cancelled);
        Listing = Clinician is { } id ? (await clinicians.ListAsync(Actor, Cancelled)).SingleOrDefault(row => row.Id == id) : null;
        return Clinician is null || Listing is not null;
    }
}
