using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Another time for an appointment, step 1: a day with something free.</summary>
public sealed class MoveModel(AppointmentQueries appointments, AvailabilityService availability) : ChangePage(appointments)
{
    public IReadOnlyList<AvailableDay> Days { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (Appointment.CanMove)
            Days = await availability.DaysAsync(Actor, Appointment.ServiceId, PatientId, from: null, DayModel.DaysAhead, Cancelled, moving: id);
        return Page();
    }
}
