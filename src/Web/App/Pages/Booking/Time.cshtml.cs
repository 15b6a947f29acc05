using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Step 3: a free time of the day. Going on holds it.</summary>
public sealed class TimeModel(AvailabilityService availability, BookingService booking) : BookingPage
{
    private const int Nearest = 5;

    public IReadOnlyList<AvailableSlot> Slots { get; private set; } = [];

    /// <summary>The other days, if this one has nothing.</summary>
    public IReadOnlyList<AvailableDay> OtherDays { get; private set; } = [];

    [FromRoute]
    public HealthcareServiceId Service { get; set; }

    [FromRoute]
    public DateOnly Day { get; set; }

    /// <summary>A time that somebody else was faster to get; the nearest others are shown.</summary>
    [FromQuery]
    public TimeOnly? Taken { get; set; }

    /// <summary>The slot that was chosen.</summary>
    [BindProperty]
    public SlotId? Slot { get; set; }

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Slot is not { } slot)
            return await TryAgainAsync("Select a time");
        return await booking.HoldAsync(Actor, slot, PatientId, Cancelled) switch
        {
            HoldOutcome.Held => RedirectToPage("/Booking/Confirm", new { Patient, Service, Day = Day.Iso(), slot }),
            HoldOutcome.InThePast => await TryAgainAsync("This time has passed. Select another time"),
            HoldOutcome.AgainstRule against => await TryAgainAsync(against.Rule.Refusal()),
            HoldOutcome.Taken => RedirectToPage(new { Patient, Service, Day = Day.Iso(), taken = await ClockOfAsync(slot) }),
            _ => NotFound(),
        };
    }

    private async Task<IActionResult> TryAgainAsync(string error)
    {
        ModelState.Clear();
        if (!await LoadAsync())
            return NotFound();
        ModelState.AddModelError(Slots.Count > 0 ? nameof(Slot) : string.Empty, error);
        return Again();
    }

    private async Task<bool> LoadAsync()
    {
        if (Day.Year is < 2000 or > 3000)
            return false;
        Slots = await availability.SlotsAsync(Actor, Service, PatientId, Day, Cancelled);
        if (Taken is { } taken)
            Slots = [.. Slots.OrderBy(s => (s.Start.TimeOfDay - taken.ToTimeSpan()).Duration()).Take(Nearest).OrderBy(s => s.Start)];
        if (Slots.Count == 0)
            OtherDays = await availability.DaysAsync(Actor, Service, PatientId, from: null, DayModel.DaysAhead, Cancelled);
        return true;
    }
}
