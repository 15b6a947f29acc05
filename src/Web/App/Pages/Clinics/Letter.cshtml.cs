using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Afterwards;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>The letter to the patient: kept while it is written, during the consultation too, and sent after it.</summary>
public sealed class LetterModel(PatientLetters letters) : ClinicianPage
{
    private LetterToWrite? _letter;

    public LetterToWrite Letter => _letter ?? throw new InvalidOperationException("The page is shown with its letter.");

    [BindProperty]
    public string? Summary { get; set; }

    [BindProperty]
    public string? Next { get; set; }

    [BindProperty]
    public int Version { get; set; }

    /// <summary>Which window writes, and its how-manieth save this is.</summary>
    [BindProperty]
    public Guid Window { get; set; }

    [BindProperty]
    public int Number { get; set; }

    /// <summary>What another window saved meanwhile.</summary>
    public (string Summary, string Next)? Elsewhere { get; private set; }

    private LetterDraft Draft => new(Summary ?? "", Next ?? "", Version) { Source = new DraftSource(Window, Number) };

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        (Summary, Next, Version) = (Letter.Summary, Letter.Next, Letter.Version);
        return Page();
    }

    public Task<IActionResult> OnPostSaveAsync(AppointmentId id) => AfterAsync(id, letters.SaveAsync(Actor, id, Draft, Cancelled));

    public Task<IActionResult> OnPostSendAsync(AppointmentId id) => AfterAsync(id, letters.SendAsync(Actor, id, Draft, Cancelled));

    /// <summary>What the page's script saves by itself while the clinician writes.</summary>
    public async Task<IActionResult> OnPostAutosaveAsync(AppointmentId id) => await letters.SaveAsync(Actor, id, Draft, Cancelled) switch
    {
        LetterOutcome.Saved saved => AutosaveAnswer.Saved(saved.Version, PracticeTime.For(Me.TimeZone).ToLocal(saved.At)),
        LetterOutcome.TooLong tooLong => AutosaveAnswer.Refused(WordsFor(tooLong) + "."),
        LetterOutcome.ChangedElsewhere => AutosaveAnswer.Stopped("This letter was changed in another window. What you write here is not saved by itself any more: press Save letter to see both texts."),
        LetterOutcome.Closed => AutosaveAnswer.Stopped("This letter was sent. What you write here is not saved any more."),
        _ => NotFound(),
    };

    private static string WordsFor(LetterOutcome.TooLong tooLong) => tooLong.Summary
        ? $"What you talked about must be {PatientLetter.SummaryLength:N0} characters or fewer"
        : $"What happens next must be {PatientLetter.NextLength:N0} characters or fewer";

    private async Task<IActionResult> AfterAsync(AppointmentId id, Task<LetterOutcome> work)
    {
        switch (await work)
        {
            case LetterOutcome.Saved:
                this.ShowNext("The letter is saved. Only you can read it until you send it.");
                return RedirectToPage(new { id, handler = "" });
            case LetterOutcome.Sent:
                this.ShowNext("The letter is sent. The patient gets a message that it is there.");
                return RedirectToPage(new { id, handler = "" });
            case LetterOutcome.Closed:
                this.ShowNext("This letter cannot be changed any more.");
                return RedirectToPage(new { id, handler = "" });
            case LetterOutcome.PartMissing missing:
                if (missing.Summary)
                    ModelState.AddModelError(nameof(Summary), "Enter what you talked about");
                if (missing.Next)
                    ModelState.AddModelError(nameof(Next), "Enter what happens next");
                break;
            case LetterOutcome.TooLong tooLong:
                ModelState.AddModelError(tooLong.Summary ? nameof(Summary) : nameof(Next), WordsFor(tooLong));
                break;
            case LetterOutcome.NotFinished kept:
                NewVersion(kept.Version);
                ModelState.AddModelError(nameof(Summary), "Finish the consultation first. Your letter is saved, and you can send it then");
                break;
            case LetterOutcome.ChangedElsewhere changed:
                Elsewhere = (changed.Summary, changed.Next);
                NewVersion(changed.Version);
                ModelState.AddModelError(nameof(Summary), "The letter was changed in another window. Compare both texts, then save again");
                break;
            default:
                return NotFound();
        }
        return await LoadAsync(id) ? Again() : NotFound();
    }

    /// <summary>The form must send the new version, not the one that came in.</summary>
    private void NewVersion(int version)
    {
        ModelState.Remove(nameof(Version));
        Version = version;
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        ViewData[ViewKeys.Section] = "clinics";
        _letter = await letters.OpenAsync(Actor, id, Cancelled);
        return _letter is not null;
    }
}
