using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>What can be booked at the practice.</summary>
public sealed class ServicesModel(ServiceAdministration services) : AdministratorPage
{
    public IReadOnlyList<ServiceListing> Services { get; private set; } = [];

    public async Task OnGetAsync()
    {
        ViewData[ViewKeys.Section] = "services";
        Services = await services.ListAsync(Actor, Cancelled);
    }

    public async Task<IActionResult> OnPostOfferAsync(HealthcareServiceId service, bool offered)
    {
        if (!await services.OfferAsync(Actor, service, offered, Cancelled))
            return NotFound();
        this.ShowNext(offered ? "The service can be booked." : "The service cannot be booked any more. Its appointments stand.");
        return RedirectToPage();
    }
}
