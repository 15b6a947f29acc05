using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.WaitingList;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>One patient who waits: offer them a free time by hand, or take them off the list with a reason.</summary>
public sealed class WaitingListEntryModel(WaitingListDesk desk) : StaffPage
{
    private DeskEntry? _entry;

    [FromRoute]
    public WaitingListEntryId Entry { get; set; }

    [BindProperty]
    public SlotId? Slot { get; set; }

    /// <summary>Why they are taken off.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    public DeskEntry Waiting => _entry ?? throw new InvalidOperationException("The page is shown with its patient.");

    public IReadOnlyList<DeskSlot> Free { get; private set; } = [];

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostOfferAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Slot is not { } slot)
        {
            ModelState[nameof(Slot)]?.Errors.Clear();
            return Wrong(nameof(Slot), "Select a time");
        }
        switch (await desk.OfferAsync(Actor, Entry, slot, Cancelled))
        {
            case HandOfferOutcome.Offered offered:
                this.ShowNext($"The time is kept for {Waiting.PatientName} until {offered.Until.DayAndTime()}. We have sent them an email and a text message.");
                return RedirectToPage("/Practice/WaitingList");
            case HandOfferOutcome.Taken:
                await LoadAsync();
                return Wrong(nameof(Slot), "Someone else has just taken this time. Select another time");
            case HandOfferOutcome.HasOffer:
                await LoadAsync();
                return Wrong(string.Empty, "Another time is kept for this patient already");
            case HandOfferOutcome.TooSoon:
                return Wrong(nameof(Slot), "This time starts too soon to wait for an answer. Phone the patient and book it");
            case HandOfferOutcome.DoesNotFit:
                await LoadAsync();
                return Wrong(nameof(Slot), "This time does not suit the patient any more. Select another time");
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostRemoveAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        switch (await desk.RemoveAsync(Actor, Entry, Reason ?? "", Cancelled))
        {
            case RemoveOutcome.Removed:
                this.ShowNext($"{Waiting.PatientName} is not on the waiting list any more.");
                return RedirectToPage("/Practice/WaitingList");
            case RemoveOutcome.ReasonMissing:
                return Wrong(nameof(Reason), string.IsNullOrWhiteSpace(Reason) ? "Enter why they are taken off" : $"The reason must be {Clinical.Booking.Appointment.ReasonLength} characters or fewer");
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "waiting-list";
        _entry = await desk.FindAsync(Actor, Entry, Cancelled);
        if (_entry is { Offered: null })
            Free = await desk.FreeSlotsAsync(Actor, Entry, Cancelled);
        return _entry is not null;
    }
}
