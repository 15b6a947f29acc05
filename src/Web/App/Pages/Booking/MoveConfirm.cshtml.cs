using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Practices;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Another time for an appointment, step 3: check, say why and confirm. The new time is held meanwhile, the old one stays booked.</summary>
public sealed class MoveConfirmModel(AppointmentQueries appointments, AvailabilityService availability, BookingService booking, SignallingCommands signalling)
    : ChangePage(appointments)
{
    private AvailableSlot? _slot;

    [FromRoute]
    public SlotId Slot { get; set; }

    [BindProperty]
    public DeliveryChannel? Channel { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public AvailableSlot Chosen => _slot ?? throw new InvalidOperationException("The page is shown with its slot.");

    public string Day => DateOnly.FromDateTime(Chosen.Start.DateTime).Iso();

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (!Appointment.CanMove)
            return RedirectToPage("/Booking/Move", new { Patient, id });
        return await HoldAsync() ? Page() : await GoneAsync(id);
    }

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        // Without a choice it is held the way it was, if it can be.
        var request = new MoveRequest(id, Slot, Channel, Reason);
        IReadOnlyList<MoveOutcome> outcomes = string.IsNullOrWhiteSpace(Reason) ? [new MoveOutcome.ReasonMissing()]
            : All ? await booking.MoveSeriesAsync(Actor, request, Cancelled)
            : [await booking.MoveAsync(Actor, request, Cancelled)];
        foreach (var moved in outcomes.OfType<MoveOutcome.Moved>())
            signalling.Left(new ClinicId(moved.From.Value), new ClinicId(moved.To.Value), moved.OldRoom is { } room ? new ConsultationId(room.Consultation.Value) : null);
        switch (outcomes[0])
        {
            case MoveOutcome.Moved when outcomes.Count > 1:
                var stayed = outcomes.Count - outcomes.OfType<MoveOutcome.Moved>().Count();
                return Done($"{outcomes.Count - stayed} of {outcomes.Count} appointments are moved.{(stayed > 0 ? " For the others nothing is free then: they stay where they are." : "")}");
            case MoveOutcome.Moved:
                await LoadAsync(id);
                return Done($"The appointment is moved. It is now on {Appointment.Start.DayAndTime()}.");
            case MoveOutcome.SameTime:
                return Done($"The appointment is on {Appointment.Start.DayAndTime()}.");
            case MoveOutcome.ReasonMissing when await HoldAsync():
                return Wrong(nameof(Reason), string.IsNullOrWhiteSpace(Reason) ? "Enter why you need another time" : $"The reason must be {Clinical.Booking.Appointment.ReasonLength} characters or fewer");
            case MoveOutcome.ChannelNotOffered when await HoldAsync():
                return Wrong(nameof(Channel), "Select one of the ways below");
            case MoveOutcome.AgainstRule against when await HoldAsync():
                return Wrong(string.Empty, against.Rule.Refusal());
            case MoveOutcome.Overlaps overlaps when await HoldAsync():
                return Wrong(string.Empty, $"{(ByStaff ? "The patient has" : "You have")} another appointment at {overlaps.Start.Clock()}. Choose another time");
            case MoveOutcome.TooLate:
                return RedirectToPage("/Booking/Move", new { Patient, id });
            case MoveOutcome.NotFound:
                return NotFound();
            default:
                return await GoneAsync(id);
        }
    }

    /// <summary>The slot is somebody else's, or its time has passed: the other times of that day.</summary>
    private async Task<IActionResult> GoneAsync(AppointmentId id) => await DayOfAsync(Slot) is { } day
        ? RedirectToPage("/Booking/MoveTime", new { Patient, id, day = day.Iso(), gone = true })
        : NotFound();

    /// <summary>Going back here after ten minutes holds it anew, if nobody else has it.</summary>
    private async Task<bool> HoldAsync()
    {
        _slot = await availability.FindSlotAsync(Actor, Slot, PatientId, Cancelled);
        if (_slot is null || (_slot.ServiceId != Appointment.ServiceId && !ByStaff))
            return false;
        if (_slot.HeldForYouUntil is null && await booking.HoldAsync(Actor, Slot, PatientId, Cancelled) is HoldOutcome.Held held)
            _slot = _slot with { HeldForYouUntil = held.Until };
        Channel ??= _slot.Channels.Contains(Appointment.Channel) ? Appointment.Channel : null;
        return _slot.HeldForYouUntil is not null;
    }
}
