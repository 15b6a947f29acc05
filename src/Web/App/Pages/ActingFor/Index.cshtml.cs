using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.RazorPages;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Carers;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.ActingFor;

/// <summary>Whom the signed-in person acts for, whatever else they are. From here they begin, and here they end it for good.</summary>
public sealed class IndexModel(CarerService carers, CurrentPerson current, SignallingCommands signalling) : PageModel
{
    public IReadOnlyList<ActsForView> Now { get; private set; } = [];

    public IReadOnlyList<ActsForView> Before { get; private set; } = [];

    public async Task OnGetAsync()
    {
        var all = await carers.OfSubjectAsync(current.Subject, HttpContext.RequestAborted);
        (Now, Before) = ([.. all.Where(row => row.State == CarerState.Active)], [.. all.Where(row => row.State != CarerState.Active)]);
    }

    public async Task<IActionResult> OnPostEndAsync(RelatedPersonId carer)
    {
        if (await current.FindCarerAsync(carer) is not { } self)
            return NotFound();
        if (await carers.WithdrawAsync(self.Person.Actor, carer, reason: null, HttpContext.RequestAborted) is WithdrawOutcome.Withdrawn withdrawn)
        {
            foreach (var room in withdrawn.Rooms)
                signalling.Remove(new ClinicId(room.Clinic.Value), new ConsultationId(room.Consultation.Value), new ParticipantId(carer.Value));
        }
        this.ShowNext($"You do not act for {self.PatientName} any more.");
        return RedirectToPage();
    }
}
