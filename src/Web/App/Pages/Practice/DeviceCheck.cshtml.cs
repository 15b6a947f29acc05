using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.DeviceChecks;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>One appointment at risk: what was found, and what staff can do about it.</summary>
public sealed class DeviceCheckModel(CheckDesk desk, AppointmentQueries appointments) : StaffPage
{
    private RiskView? _row;

    [FromRoute]
    public AppointmentId Id { get; set; }

    /// <summary>What came of the phone call.</summary>
    [BindProperty]
    public string? Note { get; set; }

    public RiskView Row => _row ?? throw new InvalidOperationException("The page is shown with its appointment.");

    public bool CanSwitch => Row.Channels.Count > 1;

    public async Task<IActionResult> OnGetAsync()
    {
        if (await LoadAsync())
            return Page();
        // Checked, moved or over meanwhile: then it stands with the other appointments.
        return await appointments.FindAsync(Actor, Id, Cancelled) is null ? NotFound() : RedirectToPage("/Practice/Appointment", new { Id });
    }

    public async Task<IActionResult> OnPostCalledAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        switch (await desk.NoteCallAsync(Actor, Id, Note ?? "", Cancelled))
        {
            case FollowUpOutcome.Done:
                this.ShowNext($"It is noted that you phoned {Row.PatientName}.");
                return RedirectToPage(new { Id });
            case FollowUpOutcome.NoteMissing:
                return Wrong(nameof(Note), string.IsNullOrWhiteSpace(Note) ? "Enter what came of the phone call" : $"The note must be {DeviceCheckFollowUp.NoteLength} characters or fewer");
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostAskAsync()
    {
        if (!await LoadAsync())
            return NotFound();
        switch (await desk.AskAsync(Actor, Id, Cancelled))
        {
            case FollowUpOutcome.Done:
                this.ShowNext($"We have asked {Row.PatientName} by email and text message to check their device.");
                return RedirectToPage(new { Id });
            case FollowUpOutcome.AskedAlready asked:
                return Wrong(string.Empty, $"They were asked on {asked.At.DayAndTime()} already. Phone them");
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync()
    {
        ViewData[ViewKeys.Section] = "device-checks";
        _row = await desk.FindAsync(Actor, Id, Cancelled);
        return _row is not null;
    }
}
