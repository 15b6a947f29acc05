using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Another time for an appointment, step 2: a free time of the day. Going on holds it; the old time stays booked.</summary>
public sealed class MoveTimeModel(AppointmentQueries appointments, AvailabilityService availability, BookingService booking) : ChangePage(appointments)
{
    public IReadOnlyList<AvailableSlot> Slots { get; private set; } = [];

    [FromRoute]
    public DateOnly Day { get; set; }

    /// <summary>The time that was chosen has gone meanwhile.</summary>
    [FromQuery]
    public bool Gone { get; set; }

    [BindProperty]
    public SlotId? Slot { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id) => await LoadDayAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadDayAsync(id))
            return NotFound();
        if (Slot is not { } slot)
            return Wrong("Select a time");
        return await booking.HoldAsync(Actor, slot, PatientId, Cancelled) switch
        {
            HoldOutcome.Held held => RedirectToPage("/Booking/MoveConfirm", new { Patient, id, slot = held.Slot }),
            HoldOutcome.InThePast => Wrong("This time has passed. Select another time"),
            HoldOutcome.AgainstRule against => Wrong(against.Rule.Refusal()),
            HoldOutcome.Taken => Wrong("Someone else has just taken this time. Select another time"),
            _ => NotFound(),
        };
    }

    private IActionResult Wrong(string error)
    {
        ModelState.Clear();
        ModelState.AddModelError(Slots.Count > 0 ? nameof(Slot) : string.Empty, error);
        return Again();
    }

    private async Task<bool> LoadDayAsync(AppointmentId id)
    {
        if (Day.Year is < 2000 or > 3000 || !await LoadAsync(id))
            return false;
        if (Appointment.CanMove)
            Slots = await availability.SlotsAsync(Actor, Appointment.ServiceId, PatientId, Day, Cancelled, moving: id);
        return true;
    }
}
