using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>One of a patient's own appointments.</summary>
public sealed class DetailsModel(AppointmentQueries appointments) : PatientPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        return _appointment is null ? NotFound() : Page();
    }
}
