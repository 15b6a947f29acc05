using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Clinics;

/// <summary>A patient who is in a call is handed over to another clinician: who asks and who is asked meet on this page.</summary>
public sealed class HandOverModel(HandoverService handovers, SignallingCommands signalling) : ClinicianPage
{
    private HandoverDesk? _desk;

    public HandoverDesk Desk => _desk ?? throw new InvalidOperationException("The page is shown with what can be done.");

    [BindProperty]
    public PractitionerId? To { get; set; }

    [BindProperty]
    public string? Note { get; set; }

    public async Task<IActionResult> OnGetAsync(AppointmentId id) => await LoadAsync(id) ? Page() : NotFound();

    public async Task<IActionResult> OnPostAskAsync(AppointmentId id)
    {
        if (!await LoadAsync(id))
            return NotFound();
        switch (await handovers.AskAsync(Actor, id, To, Note, Cancelled))
        {
            case AskHandoverOutcome.Asked asked:
                foreach (var clinic in asked.Clinics)
                    signalling.ClinicChanged(new ClinicId(clinic.Value));
                this.ShowNext($"{asked.Name} was asked to take over.");
                return RedirectToPage(new { id, handler = "" });
            case AskHandoverOutcome.NobodyChosen:
                return Wrong(nameof(To), "Choose who is to take over");
            case AskHandoverOutcome.NoteMissing:
                return Wrong(nameof(Note), "Write what they should know");
            case AskHandoverOutcome.NoteTooLong:
                return Wrong(nameof(Note), $"The note must be {Handover.MaxNote:N0} characters or fewer");
            case AskHandoverOutcome.NotPossible:
                return Wrong("", "The patient is not in a call with you, or somebody was asked already");
            default:
                return NotFound();
        }
    }

    public async Task<IActionResult> OnPostWithdrawAsync(AppointmentId id) =>
        await AnswerAsync(id, await handovers.WithdrawAsync(Actor, id, Cancelled), changed => Back(id, changed, "You have taken it back. The patient stays with you."));

    public async Task<IActionResult> OnPostAcceptAsync(AppointmentId id) => await AnswerAsync(id, await handovers.AnswerAsync(Actor, id, accept: true, Cancelled), _ =>
    {
        this.ShowNext("You are about to take over. Talk with both of them; you write the note once the patient is handed over.");
        return RedirectToPage("/Clinics/Consultation", new { id });
    });

    public async Task<IActionResult> OnPostDeclineAsync(AppointmentId id) => await AnswerAsync(id, await handovers.AnswerAsync(Actor, id, accept: false, Cancelled), changed =>
    {
        // If they were in the call already, they are not any more.
        signalling.Remove(new ClinicId(changed.Clinic.Value), new ConsultationId(id.Value), new ParticipantId(Actor.PersonId));
        this.ShowNext("You have declined.");
        return RedirectToPage("/Clinics/Index");
    });

    public async Task<IActionResult> OnPostCompleteAsync(AppointmentId id) => await AnswerAsync(id, await handovers.CompleteAsync(Actor, id, Cancelled), changed =>
    {
        signalling.Remove(new ClinicId(changed.Clinic.Value), new ConsultationId(id.Value), new ParticipantId(changed.From.Value));
        signalling.ClinicChanged(new ClinicId(changed.Clinic.Value));
        this.ShowNext("The patient is handed over. You have left the call.");
        return RedirectToPage("/Clinics/Index");
    });

    private async Task<IActionResult> AnswerAsync(AppointmentId id, HandoverOutcome outcome, Func<HandoverOutcome.Changed, IActionResult> done)
    {
        switch (outcome)
        {
            case HandoverOutcome.Changed changed:
                return done(changed);
            case HandoverOutcome.NotThere absent when await LoadAsync(id):
                return Wrong("", $"{absent.Name} is not in the call yet. Talk together before you leave");
            case HandoverOutcome.NotPossible:
                this.ShowNext("Nothing was changed: it was answered or taken back meanwhile, or the call is over.");
                return RedirectToPage("/Clinics/Index");
            default:
                return NotFound();
        }
    }

    private RedirectToPageResult Back(AppointmentId id, HandoverOutcome.Changed changed, string said)
    {
        signalling.ClinicChanged(new ClinicId(changed.Clinic.Value));
        this.ShowNext(said);
        return RedirectToPage(new { id, handler = "" });
    }

    private async Task<bool> LoadAsync(AppointmentId id)
    {
        _desk = await handovers.DeskAsync(Actor, id, Cancelled);
        return _desk is not null;
    }
}
