using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Books one more patient into a full time, on purpose.</summary>
public sealed class OverbookModel(DiaryService diary, BookingService booking, PatientService patients, SignallingCommands signalling) : StaffPage
{
    private DiarySlot? _slot;
    private PatientView? _patient;

    [FromRoute]
    public SlotId Slot { get; set; }

    [FromRoute(Name = "patient")]
    public PatientId PatientId { get; set; }

    [BindProperty]
    public DeliveryChannel? Channel { get; set; }

    [BindProperty]
    public string? Reason { get; set; }

    public DiarySlot Chosen => _slot ?? throw new InvalidOperationException("The page is shown with its slot.");

    public PatientView Patient => _patient ?? throw new InvalidOperationException("The page is shown with its patient.");

    public async Task<IActionResult> OnGetAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        // A place came free meanwhile: it is booked as any other.
        return Chosen.HasFreePlace ? RedirectToPage("/Practice/Slot", new { Slot }) : Page();
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Channel is not { } channel)
            return Wrong(nameof(Channel), "Select how the appointment is held");
        switch (await booking.OverbookAsync(Actor, new OverbookRequest(Slot, PatientId, channel, Reason ?? ""), Cancelled))
        {
            case OverbookOutcome.Booked booked:
                signalling.ClinicChanged(new ClinicId(booked.Clinic.Value));
                this.ShowNext("The patient is booked as an extra.");
                return RedirectToPage("/Practice/Appointment", new { id = booked.Appointment });
            case OverbookOutcome.StillFree:
                this.ShowNext("The time has a free place now: nothing extra is needed.");
                return RedirectToPage("/Practice/Slot", new { Slot });
            case OverbookOutcome.ReasonMissing:
                return Wrong(nameof(Reason), string.IsNullOrWhiteSpace(Reason) ? "Enter why one more patient is booked" : $"The reason must be {Appointment.ReasonLength} characters or fewer");
            case OverbookOutcome.ChannelNotOffered:
                return Wrong(nameof(Channel), "Select one of the ways below");
            case OverbookOutcome.Overlaps overlaps:
                return Wrong(string.Empty, $"The patient has another appointment at {overlaps.Start.Clock()}");
            case OverbookOutcome.InThePast:
                return Wrong(string.Empty, "This time is over");
            case OverbookOutcome.ServiceInactive:
                return Wrong(string.Empty, "This service cannot be booked at the moment");
            case OverbookOutcome.Taken:
                return Wrong(string.Empty, "Somebody else changed this time just now. Try again");
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        _slot = await diary.SlotAsync(Actor, Slot, Cancelled);
        _patient = await patients.FindAsync(Actor, PatientId, Cancelled);
        Channel ??= _slot?.Channels is [var only] ? only : null;
        return _slot is not null && _patient is not null;
    }
}
