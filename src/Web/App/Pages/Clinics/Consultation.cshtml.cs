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
public sealed class ConsultationModel(ConsultationService consultations, ConsultationNotes notes, AccessNeedsService needs, CallQualities qualities, KeptChat chat, SharedFiles files, SignallingCommands signalling, TimeProvider time) : ClinicianPage
{
    private ConsultationView? _consultation;

    public ConsultationView Consultation => _consultation ?? throw new InvalidOperationException("The page is shown with its consultation.");

    /// <summary>Null when there is nothing to join: it is over, or not by video, or the clinician left the call.</summary>
    public CallView? Call { get; private set; }

    /// <summary>The clinician left the call but still writes.</summary>
    [BindProperty(SupportsGet = true)]
    public bool Left { get; set; }

    public bool CanRejoin { get; private set; }

    /// <summary>How the call's connection was, in sentences; empty while the call is on the page or was never held.</summary>
    public IReadOnlyList<string> Connection { get; private set; } = [];

    /// <summary>What was said in the call and kept; empty while the call is on the page, which shows it itself.</summary>
    public IReadOnlyList<KeptMessageView> Messages { get; private set; } = [];

    /// <summary>Photos and files, likewise.</summary>
    public IReadOnlyList<FileLine> Files { get; private set; } = [];

    public int Age => Consultation.PatientDateOfBirth.AgeOn(PracticeTime.For(Me.TimeZone).DayOf(time.GetUtcNow()));

    /// <summary>What the patient needs; null if they were not asked yet.</summary>
    public AccessNeedsView? Needs { get; private set; }

    [BindProperty]
    public string? Note { get; set; }

    [BindProperty]
    public int NoteVersion { get; set; }

    /// <summary>What another window saved meanwhile.</summary>
    public string? NoteElsewhere { get; private set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        (Note, NoteVersion) = (Consultation.Note, Consultation.NoteVersion);
        return Page();
    }

    public async Task<IActionResult> OnPostSaveAsync(AppointmentId id)
    {
        switch (await notes.SaveDraftAsync(Actor, id, Note ?? "", NoteVersion, Cancelled))
        {
            case SaveNoteOutcome.Saved:
                this.ShowNext("The note is saved.");
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

    public async Task<IActionResult> OnPostFinishAsync(AppointmentId id)
    {
        switch (await notes.FinishAsync(Actor, id, Note ?? "", NoteVersion, Cancelled))
        {
            case FinishOutcome.Finished finished:
                signalling.Finish(new ClinicId(finished.Clinic.Value), new ConsultationId(id.Value));
                signalling.ClinicChanged(new ClinicId(finished.Clinic.Value));
                this.ShowNext("The consultation is finished and the note is signed.");
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

    private static string TooLong => $"The note must be {EncounterNote.MaxLength:N0} characters or fewer";

    private async Task<IActionResult> ChangedElsewhereAsync(AppointmentId id, string text, int version)
    {
        NoteElsewhere = text;
        NewVersion(version);
        return await WrongAsync(id, "The note was changed in another window. Compare both texts, then save again");
    }

    private async Task<IActionResult> WrongAsync(AppointmentId id, string error)
    {
        if (!await LoadAsync(id))
            return NotFound();
        ModelState.AddModelError(nameof(Note), error);
        return Again();
    }

    private RedirectToPageResult Closed(AppointmentId id)
    {
        this.ShowNext("The consultation is over. Its note cannot be changed any more.");
        return RedirectToPage(new { id, handler = "" });
    }

    /// <summary>The form must send the new version, not the one that came in.</summary>
    private void NewVersion(int version)
    {
        ModelState.Remove(nameof(NoteVersion));
        NoteVersion = version;
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        if (await consultations.OpenAsync(Actor, id, Cancelled) is not OpenOutcome.Ok ok)
            return false;
        _consultation = ok.Consultation;
        Needs = await needs.FindAsync(Actor, ok.Consultation.Patient, Cancelled);
        CanRejoin = ok.Ticket is not null && Left;
        Call = ok.Ticket is null || Left
            ? null
            : new CallView("clinician", id, Url.TicketFor(id), Url.Page("/Clinics/Clinic", new { id = ok.Consultation.Clinic }) ?? "", Url.Page("/Clinics/Consultation", new { id, Left = true }) ?? "", ok.Consultation.PatientName, Me.PracticeName, null) { FilesUrl = Url.FilesFor(id) };
        Files = Call is null && await files.ListAsync(Actor, id, Cancelled) is { } list ? list.Lines(file => $"{Url.FilesFor(id)}/{file}") : [];
        Messages = Call is null ? await chat.OfAsync(Actor, id, Cancelled) : [];
        Connection = Call is null && await qualities.OfAsync(Actor, id, Cancelled) is { Count: > 0 } call ? ConnectionWording.Of(call, ok.Consultation.PatientName) : [];
        return true;
    }
}
