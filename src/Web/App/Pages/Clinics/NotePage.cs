using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Practices;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>A page on which a clinician writes the note of a consultation.</summary>
public abstract class NotePage : ClinicianPage
{
    [BindProperty]
    public string? Note { get; set; }

    [BindProperty]
    public int NoteVersion { get; set; }

    /// <summary>A code of the list; empty for none.</summary>
    [BindProperty]
    public string? Problem { get; set; }

    [BindProperty]
    public EncounterOutcome? Outcome { get; set; }

    /// <summary>Which window writes, and its how-manieth save this is.</summary>
    [BindProperty]
    public Guid Window { get; set; }

    [BindProperty]
    public int Number { get; set; }

    /// <summary>What another window saved meanwhile.</summary>
    public string? NoteElsewhere { get; protected set; }

    protected PracticeTime Local => PracticeTime.For(Me.TimeZone);

    protected static string TooLong => $"The note must be {EncounterNote.MaxLength:N0} characters or fewer";

    protected NoteDraft Draft => new(Note ?? "", NoteVersion, string.IsNullOrEmpty(Problem) ? null : Problem, Outcome) { Source = new DraftSource(Window, Number) };

    /// <summary>False with what is wrong beside its field: something is chosen that is in no list.</summary>
    protected bool ChosenFromLists()
    {
        if (!string.IsNullOrEmpty(Problem) && ProblemList.Find(Problem) is null)
            ModelState.AddModelError(nameof(Problem), "Choose a problem from the list");
        if (ModelState.Remove(nameof(Outcome)) && Outcome is null && Request.Form[nameof(Outcome)] != "")
            ModelState.AddModelError(nameof(Outcome), "Choose an outcome from the list");
        return ModelState.IsValid;
    }

    /// <summary>What the page is shown with; false if there is no such consultation, or it is another clinician's.</summary>
    protected abstract Task<bool> LoadAsync(AppointmentId id);

    protected Task<IActionResult> WrongAsync(AppointmentId id, string error, string field = nameof(Note))
    {
        ModelState.AddModelError(field, error);
        return AgainAsync(id);
    }

    protected async Task<IActionResult> AgainAsync(AppointmentId id) => await LoadAsync(id) ? Again() : NotFound();

    protected Task<IActionResult> ChangedElsewhereAsync(AppointmentId id, string text, int version)
    {
        NoteElsewhere = text;
        NewVersion(version);
        return WrongAsync(id, "The note was changed in another window. Compare both texts, then save again");
    }

    /// <summary>For the page's script, which saves by itself.</summary>
    protected IActionResult AnswerTo(SaveNoteOutcome outcome) => outcome switch
    {
        SaveNoteOutcome.Saved saved => AutosaveAnswer.Saved(saved.Version, Local.ToLocal(saved.At)),
        SaveNoteOutcome.TooLong => AutosaveAnswer.Refused(TooLong + "."),
        SaveNoteOutcome.ChangedElsewhere => AutosaveAnswer.Stopped("This note was changed in another window. What you write here is not saved by itself any more: press Save note to see both texts."),
        SaveNoteOutcome.Closed => AutosaveAnswer.Stopped("The consultation is over. What you write here is not saved any more."),
        _ => NotFound(),
    };

    /// <summary>The form must send the new version, not the one that came in.</summary>
    protected void NewVersion(int version)
    {
        ModelState.Remove(nameof(NoteVersion));
        NoteVersion = version;
    }
}
