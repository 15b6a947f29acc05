using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>The patient's call: preview, waiting room and consultation are one page, so that a refresh comes back into the same.</summary>
[CallPage]
public sealed class CallModel(AppointmentQueries appointments) : PatientPage
{
    private CallView? _call;

    public CallView Call => _call ?? throw new InvalidOperationException("The page is shown with its call.");

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (await appointments.FindAsync(Actor, id, Cancelled) is not { } appointment)
            return NotFound();
        if (appointment.Status == AppointmentStatus.Fulfilled)
            return RedirectToPage("/Consultations/Outcome", new { id });
        if (!appointment.CanJoin || appointment.Status == AppointmentStatus.Booked)
            return RedirectToPage("/Consultations/Join", new { id });
        _call = new CallView(
            "patient", id, Url.TicketFor(id), Url.Page("/Consultations/Outcome", new { id }) ?? "", Url.Page("/Appointments/Details", new { id }) ?? "",
            appointment.PractitionerName, Me.PracticeName, Me.PracticePhone);
        return Page();
    }
}
