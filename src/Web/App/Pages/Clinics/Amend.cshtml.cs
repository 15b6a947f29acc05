using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>Changes a signed note, with a reason; what it was before stays readable.</summary>
public sealed class AmendModel(ConsultationService consultations, ConsultationNotes notes) : NotePage
{
    private ConsultationView? _consultation;

    public ConsultationView Consultation => _consultation ?? throw new InvalidOperationException("The page is shown with its consultation.");

    [BindProperty]
    public string? Reason { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        (Note, NoteVersion, Problem, Outcome) = (Consultation.Note, Consultation.NoteVersion, Consultation.Problem, Consultation.Outcome);
        return Page();
    }

    public async Task<IActionResult> OnPostAsync(AppointmentId id)
    {
        if (!ChosenFromLists())
            return await AgainAsync(id);
        switch (await notes.AmendAsync(Actor, id, Draft, Reason ?? "", Cancelled))
        {
            case AmendOutcome.Amended:
                this.ShowNext("The note is changed. What it was before is kept below it.");
                return RedirectToPage("/Clinics/Consultation", new { id, handler = "" });
            case AmendOutcome.ReasonMissing:
                return await WrongAsync(id, string.IsNullOrWhiteSpace(Reason) ? "Enter why you change the note" : $"The reason must be {Appointment.ReasonLength} characters or fewer", nameof(Reason));
            case AmendOutcome.TextMissing:
                return await WrongAsync(id, "Enter the note");
            case AmendOutcome.TooLong:
                return await WrongAsync(id, TooLong);
            case AmendOutcome.NothingChanged:
                return await WrongAsync(id, "Change the note, the problem or the outcome");
            case AmendOutcome.ChangedElsewhere changed:
                return await ChangedElsewhereAsync(id, changed.Text, changed.Version);
            default:
                return NotFound();
        }
    }

    /// <summary>Only of a signed note.</summary>
    protected override async Task<bool> LoadAsync(AppointmentId id)
    {
        if (await consultations.OpenAsync(Actor, id, Cancelled) is not OpenOutcome.Ok { Consultation: { NoteSignedAt: not null } consultation })
            return false;
        ViewData[ViewKeys.Section] = "clinics";
        _consultation = consultation;
        return true;
    }
}
