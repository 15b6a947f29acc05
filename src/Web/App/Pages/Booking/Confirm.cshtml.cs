using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>Step 4: check and confirm. The slot is held meanwhile.</summary>
public sealed class ConfirmModel(AvailabilityService availability, BookingService booking, SignallingCommands signalling) : QuestionsPage
{
    private AvailableSlot? _slot;

    [FromRoute]
    public HealthcareServiceId Service { get; set; }

    [FromRoute]
    public DateOnly Day { get; set; }

    [FromRoute]
    public SlotId Slot { get; set; }

    /// <summary>What the patient wants to talk about, if they say.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    public override IReadOnlyList<QuestionView> Questions => Chosen.Questions;

    public AvailableSlot Chosen => _slot ?? throw new InvalidOperationException("The page is shown with its slot.");

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : await GoneAsync();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Channel is null && !await LoadAsync())
            return await GoneAsync();
        if (Channel is not { } channel)
        {
            ModelState.AddModelError(nameof(Channel), "Select how you want to have the appointment");
            return Again();
        }
        var outcome = await booking.BookAsync(Actor, new BookingRequest(Slot, PatientId, channel, Reason, Given), Cancelled);
        switch (outcome)
        {
            case BookOutcome.Booked booked:
                signalling.ClinicChanged(new ClinicId(booked.Clinic.Value));
                return RedirectToPage("/Booking/Booked", new { Patient, id = booked.Appointment });
            case BookOutcome.AgainstRule { Rule: BookingRule.StaffOnly or BookingRule.RegisteredPatientsOnly }:
                return Forbid();
            case BookOutcome.Overlaps overlaps when await LoadAsync():
                ModelState.AddModelError(string.Empty, $"{(ByStaff ? "The patient has" : "You have")} another appointment at {overlaps.Start:HH:mm}. Choose another time");
                return Again();
            case BookOutcome.AnswersMissing missing when await LoadAsync():
                Miss(missing.Questions);
                return Again();
            case BookOutcome.ChannelNotOffered when await LoadAsync():
                ModelState.AddModelError(nameof(Channel), "Select one of the ways below");
                return Again();
            case BookOutcome.ReasonTooLong when await LoadAsync():
                ModelState.AddModelError(nameof(Reason), $"The reason must be {Appointment.ReasonLength} characters or fewer");
                return Again();
            default:
                return await GoneAsync();
        }
    }

    /// <summary>The slot is somebody else's, or its time has passed: the nearest others.</summary>
    private async Task<IActionResult> GoneAsync() =>
        await ClockOfAsync(Slot) is { } taken ? RedirectToPage("/Booking/Time", new { Patient, Service, Day = Day.Iso(), taken }) : NotFound();

    private async Task<bool> LoadAsync()
    {
        _slot = await availability.FindSlotAsync(Actor, Slot, PatientId, Cancelled);
        if (_slot is null)
            return false;
        // Going back here after ten minutes holds it anew, if nobody else has it.
        if (_slot.HeldForYouUntil is null && await booking.HoldAsync(Actor, Slot, PatientId, Cancelled) is HoldOutcome.Held held)
            _slot = _slot with { HeldForYouUntil = held.Until };
        Channel ??= _slot.Channels is [var only] ? only : null;
        Align();
        return _slot.HeldForYouUntil is not null;
    }
}
