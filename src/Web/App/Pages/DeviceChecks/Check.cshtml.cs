using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.DeviceChecks;

/// <summary>Days ahead or now: does this device, and this network, do for the appointment? The steps are the script's; without it the page says what is needed.</summary>
[CallPage]
[CarerMay(CarerRights.JoinConsultations)]
public sealed class CheckModel(AppointmentQueries appointments, DeviceCheckService checks) : PatientPage
{
    private AppointmentView? _appointment;

    public AppointmentView Appointment => _appointment ?? throw new InvalidOperationException("The page is shown with its appointment.");

    /// <summary>Null if none was made.</summary>
    public DeviceCheckView? Latest { get; private set; }

    public string TicketUrl => Url.Content($"~/appointments/{Appointment.Id}/device-check/ticket");

    public string ResultUrl => Url.Content($"~/appointments/{Appointment.Id}/device-check/result");

    /// <summary>They may have the appointment by phone instead, and say so themselves.</summary>
    public bool CanSwitchToPhone => Appointment.CanMove && Appointment.Channels.Contains(DeliveryChannel.Telephone) && May(CarerRights.ChangeAppointments);

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        _appointment = await appointments.FindAsync(Actor, id, Cancelled);
        if (_appointment is null)
            return NotFound();
        if (await checks.FindAsync(Actor, id, Cancelled) is not { } checkable)
            return RedirectToPage("/Appointments/Details", new { id });
        Latest = checkable.Latest;
        return Page();
    }
}
