using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Scheduling;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>One time of a clinic: book it for a patient, block it, give it back, or add a place to it on purpose.</summary>
public sealed class SlotModel(DiaryService diary, SlotService slots, BookingService booking, PatientService patients, SignallingCommands signalling, TimeProvider clock) : StaffPage
{
    private DiarySlot? _slot;

    [FromRoute]
    public SlotId Slot { get; set; }

    /// <summary>Which patient to book. What was looked for is sent in the body: it must not stand in an address.</summary>
    [BindProperty]
    public string? Search { get; set; }

    /// <summary>Why it is blocked.</summary>
    [BindProperty]
    public string? Reason { get; set; }

    /// <summary>Null before a search.</summary>
    public IReadOnlyList<PatientView>? Found { get; private set; }

    public DiarySlot Chosen => _slot ?? throw new InvalidOperationException("The page is shown with its slot.");

    public bool IsOver => Chosen.Entry.End <= clock.GetUtcNow();

    public async Task<IActionResult> OnGetAsync() => await LoadAsync() ? Page() : NotFound();

    public async Task<IActionResult> OnPostSearchAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Search is not { Length: <= 100 } text || text.Trim().Length < 2)
        {
            ModelState.AddModelError(nameof(Search), Search is { Length: > 100 } ? "Search for 100 characters or fewer" : "Enter a name, a date of birth or a phone number");
            return Again();
        }
        Found = await patients.SearchAsync(Actor, text, Cancelled);
        return Page();
    }

    public async Task<IActionResult> OnPostBlockAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        switch (await slots.BlockAsync(Actor, Slot, Reason ?? "", Cancelled))
        {
            case BlockOutcome.Blocked blocked:
                return Changed(blocked.Clinic, "The time is blocked. Nobody can book it.");
            case BlockOutcome.ReasonMissing:
                ModelState.AddModelError(nameof(Reason), string.IsNullOrWhiteSpace(Reason)
                    ? "Enter why the time is blocked"
                    : $"The reason must be {Clinical.Scheduling.Slot.BlockReasonLength} characters or fewer");
                return Again();
            case BlockOutcome.NotFree:
                ModelState.AddModelError(string.Empty, "The time is not free any more, so it cannot be blocked");
                return Again();
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostUnblockAsync()
    {
        switch (await slots.UnblockAsync(Actor, Slot, Cancelled))
        {
            case BlockOutcome.Unblocked unblocked:
                return Changed(unblocked.Clinic, "The time can be booked again.");
            case BlockOutcome.NotBlocked:
                this.ShowNext("The time was not blocked any more.");
                return RedirectToPage(new { Slot });
            default:
                return NotFound();
        }
    }

    /// <summary>Somebody began to book and will not go on.</summary>
    public async Task<IActionResult> OnPostReleaseAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        if (Chosen.HeldFor is { } holder)
            await booking.ReleaseHoldsAsync(Actor, holder, Cancelled);
        this.ShowNext("The time is not held any more.");
        return RedirectToPage(new { Slot });
    }

    private RedirectToPageResult Changed(ScheduleId clinic, string notice)
    {
        signalling.ClinicChanged(new ClinicId(clinic.Value));
        this.ShowNext(notice);
        return RedirectToPage(new { Slot });
    }

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "diary";
        _slot = await diary.SlotAsync(Actor, Slot, Cancelled);
        return _slot is not null;
    }
}
