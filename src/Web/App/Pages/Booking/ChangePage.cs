using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>A step of changing an appointment that is booked. An appointment that is not the patient's is not found.</summary>
public abstract class ChangePage(AppointmentQueries appointments) : BookingPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    /// <summary>Of a series: this one and all later ones.</summary>
    [BindProperty]
    public bool All { get; set; }

    protected async Task<bool> LoadAsync(AppointmentId id)
    {
        ViewData[ViewKeys.Section] = ByStaff ? "patients" : "appointments";
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        return _appointment?.PatientId == PatientId;
    }

    /// <summary>Back to the patient's page, or for a patient to their appointments, with a sentence that says what was done.</summary>
    protected RedirectToPageResult Done(string notice)
    {
        this.ShowNext(notice);
        return ByStaff ? RedirectToPage("/Practice/Patient", new { Patient }) : RedirectToPage("/Appointments/Index");
    }
}
