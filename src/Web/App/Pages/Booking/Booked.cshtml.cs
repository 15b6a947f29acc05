using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>It is booked: the reference, and what happens next.</summary>
public sealed class BookedModel(AppointmentQueries appointments) : BookingPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        return _appointment?.PatientId == PatientId ? Page() : NotFound();
    }
}
