using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Appointments;

/// <summary>One of a patient's own appointments.</summary>
[CarerMay(CarerRights.SeeAppointments | CarerRights.ChangeAppointments | CarerRights.JoinConsultations)]
public sealed class DetailsModel(AppointmentQueries appointments, AttendanceRecords records, AttendanceDisputes disputes) : PatientPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    /// <summary>Who was there, where that matters: the appointment counts as missed, or was not held.</summary>
    public AttendanceEvidence? Evidence { get; private set; }

    public DisputeState? Dispute { get; private set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        if (_appointment is null)
            return NotFound();
        if (_appointment.Status == AppointmentStatus.NoShow || _appointment.NotHeld is not null)
        {
            Evidence = await records.OfAsync(Actor, id, Cancelled);
            Dispute = await disputes.StateAsync(Actor, id, Cancelled);
        }
        return Page();
    }
}
