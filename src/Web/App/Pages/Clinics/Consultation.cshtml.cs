using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Clinical.Files;
using Telemedicine.Clinical.Patients;
using Telemedicine.Clinical.Practices;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Files;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>The clinician's consultation: call, patient and note side by side.</summary>
[CallPage(Blurs = true)]
public sealed class ConsultationModel(ConsultationService consultations, ConsultationNotes notes, AccessNeedsService needs, CallQualities qualities, KeptChat chat, SharedFiles files, SignallingCommands signalling, TimeProvider time) : NotePage
{
    private ConsultationView? _consultation;

    public ConsultationView Consultation => _consultation ?? throw new InvalidOperationException("The page is shown with its consultation.");

    /// <summary>Null when there is nothing to join: it is over, or not by video, or the clinician left the call.</summary>
    public CallView? Call { get; private set; }

    /// <summary>The clinician left the call but still writes.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Left { get; set; }

    /// <summary>Whose headings go into the note.</summary>
    [BindProperty]
    public string? Template { get; set; }

    public bool CanRejoin { get; private set; }

    /// <summary>How the call's connection was, in sentences; empty while the call is on the page or was never held.</summary>
    public IReadOnlyList<string> Connection { get; private set; } = [];

    /// <summary>What was said in the call and kept; empty while the call is on the page, which shows it itself.</summary>
    public IReadOnlyList<KeptMessageView> Messages { get; private set; } = [];

    /// <summary>Photos and files, likewise.</summary>
    public IReadOnlyList<FileLine> Files { get; private set; } = [];

    /// <summary>What the signed note was before, the latest first.</summary>
    public IReadOnlyList<AmendmentView> History { get; private set; } = [];

    public int Age => Consultation.PatientDateOfBirth.AgeOn(Local.DayOf(time.GetUtcNow()));

    /// <summary>What the patient needs; null if they were not asked yet.</summary>
    public AccessNeedsView? Needs { get; private set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        (Note, NoteVersion, Problem, Outcome) = (Consultation.Note, Consultation.NoteVersion, Consultation.Problem, Consultation.Outcome);
        return Page();
    }

    public Task<IActionResult> OnPostSaveAsync(AppointmentId id) => SaveAsync(id, Draft, "The note is saved.");

    /// <summary>Puts a template's headings below what is written.</summary>
    public Task<IActionResult> OnPostTemplateAsync(AppointmentId id) => NoteTemplate.All.SingleOrDefault(template => template.Code == Template) is { } template
        ? SaveAsync(id, Draft with { Text = template.Under(Note) }, "The headings are in the note.")
        : WrongAsync(id, "Choose a template", nameof(Template));

    /// <summary>What the page's script saves by itself while the clinician writes.</summary>
    public async Task<IActionResult> OnPostAutosaveAsync(AppointmentId id) => !ChosenFromLists()
        ? AutosaveAnswer.Refused("Choose from the lists. Your note is not saved yet.")
        : AnswerTo(await notes.SaveDraftAsync(Actor, id, Draft, Cancelled));

    public async Task<IActionResult> OnPostFinishAsync(AppointmentId id)
    {
        if (!ChosenFromLists())
            return await AgainAsync(id);
        switch (await notes.FinishAsync(Actor, id, Draft, Cancelled))
        {
            case FinishOutcome.Finished finished:
                signalling.Finish(new ClinicId(finished.Clinic.Value), new ConsultationId(id.Value));
                signalling.ClinicChanged(new ClinicId(finished.Clinic.Value));
                this.ShowNext("The consultation is finished and the note is signed. Open it again to write to the patient.");
                return RedirectToPage("/Clinics/Clinic", new { id = finished.Clinic });
            case FinishOutcome.NotStarted kept:
                NewVersion(kept.NoteVersion);
                return await WrongAsync(id, "The patient has not been let in yet, so the consultation cannot be finished. Your note is saved");
            case FinishOutcome.NoteMissing:
                return await WrongAsync(id, "Write a note before you finish");
            case FinishOutcome.NoteTooLong:
                return await WrongAsync(id, TooLong);
            case FinishOutcome.NoteChangedElsewhere changed:
                return await ChangedElsewhereAsync(id, changed.Text, changed.Version);
            case FinishOutcome.AlreadyFinished or FinishOutcome.Cancelled:
                return Closed(id);
            default:
                return NotFound();
        }
    }

    private async Task<IActionResult> SaveAsync(AppointmentId id, NoteDraft draft, string done)
    {
        if (!ChosenFromLists())
            return await AgainAsync(id);
        switch (await notes.SaveDraftAsync(Actor, id, draft, Cancelled))
        {
            case SaveNoteOutcome.Saved:
                this.ShowNext(done);
                return RedirectToPage(new { id, handler = "", Left = Left ? "true" : null });
            case SaveNoteOutcome.ChangedElsewhere changed:
                return await ChangedElsewhereAsync(id, changed.Text, changed.Version);
            case SaveNoteOutcome.TooLong:
                return await WrongAsync(id, TooLong);
            case SaveNoteOutcome.Closed:
                return Closed(id);
            default:
                return NotFound();
        }
    }

    private RedirectToPageResult Closed(AppointmentId id)
    {
        this.ShowNext("The consultation is over. Its note cannot be changed any more.");
        return RedirectToPage(new { id, handler = "" });
    }

    protected override async Task<bool> LoadAsync(AppointmentId id)
    {
        if (await consultations.OpenAsync(Actor, id, Cancelled) is not OpenOutcome.Ok ok)
            return false;
        (_consultation, CanRejoin) = (ok.Consultation, ok.Ticket is not null && Left);
        Needs = await needs.FindAsync(Actor, ok.Consultation.Patient, Cancelled);
        History = ok.Consultation.NoteSignedAt is null ? [] : await notes.HistoryAsync(Actor, id, Cancelled);
        Call = ok.Ticket is null || Left
            ? null
            : new CallView("clinician", id, Url.TicketFor(id), Url.Page("/Clinics/Clinic", new { id = ok.Consultation.Clinic }) ?? "", Url.Page("/Clinics/Consultation", new { id, Left = true }) ?? "", ok.Consultation.PatientName, Me.PracticeName, null) { FilesUrl = Url.FilesFor(id), Telephone = new TelephoneView(ok.Consultation.Phone) };
        Files = Call is null && await files.ListAsync(Actor, id, Cancelled) is { } list ? list.Lines(file => $"{Url.FilesFor(id)}/{file}") : [];
        Messages = Call is null ? await chat.OfAsync(Actor, id, Cancelled) : [];
        Connection = Call is null && await qualities.OfAsync(Actor, id, Cancelled) is { Count: > 0 } call ? ConnectionWording.Of(call, ok.Consultation.PatientName) : [];
        return true;
    }
}
