using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Who sees patients at the practice.</summary>
public sealed class CliniciansModel(ClinicianAdministration clinicians) : AdministratorPage
{
    public IReadOnlyList<ClinicianListing> Clinicians { get; private set; } = [];

    public async Task OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "clinicians";
        Clinicians = await clinicians.ListAsync(Actor, Cancelled);
    }
}
