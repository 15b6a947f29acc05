using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Patients;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Booking;

/// <summary>What help a patient needs at appointments: asked once, kept for all of them.</summary>
[CarerMay(CarerRights.None)]
public sealed class NeedsModel(AccessNeedsService service) : BookingPage
{
    [BindProperty]
    public string? Language { get; set; }

    [BindProperty]
    public bool SignLanguage { get; set; }

    [BindProperty]
    public bool Captions { get; set; }

    [BindProperty]
    public bool LargeText { get; set; }

    [BindProperty]
    public VideoConfidence? Confidence { get; set; }

    [BindProperty]
    public string? Other { get; set; }

    public async Task OnGetAsync()
    {
        if (await service.FindAsync(Actor, PatientId, Cancelled) is not { } needs)
            return;
        (Language, SignLanguage, Captions, LargeText, Confidence, Other) = (needs.InterpreterLanguage, needs.SignLanguage, needs.Captions, needs.LargeText, needs.Confidence, needs.Other);
    }

    public async Task<IActionResult> OnPostAsync()
    {
        if (Confidence is not { } confidence || !Enum.IsDefined(confidence))
        {
            ModelState.Remove(nameof(Confidence));
            ModelState.AddModelError(nameof(Confidence), ByStaff ? "Select how sure the patient is of video calls" : "Select how sure you are of video calls");
            return Again();
        }
        switch (await service.SaveAsync(Actor, PatientId, new AccessNeedsView(Language, SignLanguage, Captions, LargeText, confidence, Other), Cancelled))
        {
            case SaveNeedsOutcome.Saved:
                this.ShowNext("Saved. The practice sees it at every appointment.");
                return ByStaff ? RedirectToPage("/Practice/Patient", new { Patient }) : RedirectToPage("/Appointments/Index");
            case SaveNeedsOutcome.TooLong:
                if (Language?.Trim().Length > AccessNeeds.LanguageLength)
                    ModelState.AddModelError(nameof(Language), $"The language must be {AccessNeeds.LanguageLength} characters or fewer");
                if (Other?.Trim().Length > AccessNeeds.OtherLength)
                    ModelState.AddModelError(nameof(Other), $"What else helps must be {AccessNeeds.OtherLength} characters or fewer");
                return Again();
            default:
                return NotFound();
        }
    }
}
