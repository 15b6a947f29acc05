using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Step 2: a day with something free.</summary>
public sealed class DayModel(AvailabilityService availability) : BookingPage
{
    /// <summary>How far ahead the page looks.</summary>
    public const int DaysAhead = 28;

    public ServiceView? Service { get; private set; }

    public IReadOnlyList<AvailableDay> Days { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(HealthcareServiceId service)
    {
        Service = (await availability.ServicesAsync(Actor, PatientId, Cancelled)).SingleOrDefault(s => s.Id == service);
        if (Service is null)
            return NotFound();
        Days = await availability.DaysAsync(Actor, service, PatientId, from: null, DaysAhead, Cancelled);
        return Page();
    }
}
