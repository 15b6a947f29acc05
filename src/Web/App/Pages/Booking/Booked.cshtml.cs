using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>It is booked: the reference, and what happens next.</summary>
public sealed class BookedModel(AppointmentQueries appointments, AccessNeedsService needs) : BookingPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    /// <summary>Null if the patient was not asked yet.</summary>
    public AccessNeedsView? Needs { get; private set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        Needs = await needs.FindAsync(Actor, PatientId, Cancelled);
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        return _appointment?.PatientId == PatientId ? Page() : NotFound();
    }
}
