using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Practice;

/// <summary>Staff look at what a patient says against a mark, and at the evidence, and keep or correct it.</summary>
public sealed class DisputeModel(AttendanceDisputes disputes, AttendanceRecords records, SignallingCommands signalling) : StaffPage
{
    private DisputeView? _dispute;
    private AttendanceEvidence? _evidence;

    public DisputeView Dispute => _dispute ?? throw new InvalidOperationException("The page is shown with its dispute.");

    public AttendanceEvidence Evidence => _evidence ?? throw new InvalidOperationException("The page is shown with its dispute.");

    [BindProperty]
    public string? Reason { get; set; }

    [BindProperty]
    public NotHeld? Instead { get; set; }

    public IEnumerable<(string Value, string Text)> Reasons => Enum.GetValues<NotHeld>().Select(why => (why.ToString(), why.Choice()));

    public async Task<IActionResult> OnGetAsync(AttendanceDisputeId id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostUpholdAsync(AttendanceDisputeId id)
    {
        ModelState.Remove(nameof(Instead));
        return await LoadAsync(id) ? await AnswerAsync(id, await disputes.UpholdAsync(Actor, id, Reason ?? "", Cancelled), "The record stays. The patient sees your answer.") : NotFound();
    }

    public async Task<IActionResult> OnPostCorrectAsync(AttendanceDisputeId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        if (Instead is { } instead && Enum.IsDefined(instead))
            return await AnswerAsync(id, await disputes.CorrectAsync(Actor, id, instead, Reason ?? "", Cancelled), "The record is corrected, and the patient is told.");
        ModelState.Remove(nameof(Instead));
        return Wrong(nameof(Instead), "Choose what happened");
    }

    private async Task<IActionResult> AnswerAsync(AttendanceDisputeId id, DisputeOutcome outcome, string notice)
    {
        switch (outcome)
        {
            case DisputeOutcome.Decided decided:
                signalling.ClinicChanged(new ClinicId(decided.Clinic.Value));
                this.ShowNext(notice);
                return RedirectToPage(new { id, handler = "" });
            case DisputeOutcome.TextMissing:
                return Wrong(nameof(Reason), "Enter an answer to the patient");
            case DisputeOutcome.TextTooLong:
                return Wrong(nameof(Reason), $"The answer must be {Clinical.Booking.Appointment.ReasonLength} characters or fewer");
            case DisputeOutcome.NotPossible:
                await LoadAsync(id);
                return Wrong(string.Empty, "Somebody has decided this already");
            default:
                return NotFound();
        }
    }

    private async Task<bool> LoadAsync(AttendanceDisputeId id)
    {
        ViewData[ViewKeys.Section] = "tasks";
        _dispute = await disputes.FindAsync(Actor, id, Cancelled);
        _evidence = _dispute is null ? null : await records.OfAsync(Actor, _dispute.Appointment, Cancelled);
        return _evidence is not null;
    }
}
