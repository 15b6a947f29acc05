using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Consultations;
using Telemedicine.Signalling.Contracts;
using Telemedicine.Web.Guests;
using Telemedicine.Web.Pages.Arriving;
using Telemedicine.Web.Realtime;

namespace Telemedicine.Web.Pages.Guests;

/// <summary>The guest's start page: which appointment it is, and the way in. Joining marks a patient as arrived, so it is a POST.</summary>
public sealed class IndexModel(ConsultationService consultations, ArrivalService arrivals, SignallingCommands signalling) : GuestPage
{
    /// <summary>Why the clinician does not have them in the call; null while they may come.</summary>
    public string? KeptOut { get; private set; }

    public async Task<IActionResult> OnGetAsync() => Guest.JoinsFrom is not null || await HasSaidAsync() ? Page() : First();

    public async Task<IActionResult> OnPostAsync()
    {
        if (Guest.JoinsFrom is null && !await HasSaidAsync())
            return First();
        switch (await consultations.JoinAsync(Guest.Actor, Guest.Appointment, Cancelled))
        {
            case JoinOutcome.Ok ok:
                if (ok.FirstTime)
                    signalling.ClinicChanged(new ClinicId(ok.Ticket.Clinic.Value));
                return RedirectToPage("/Guests/Call");
            case JoinOutcome.TooEarly:
                return RedirectToPage();
            case (JoinOutcome.Removed or JoinOutcome.Locked) and var kept:
                KeptOut = Shared.KeptOut.Why(kept, Guest.PractitionerName);
                return Page();
            default:
                return Redirect(GuestCookie.EndedPath);
        }
    }

    private async Task<bool> HasSaidAsync() => (await arrivals.FindAsync(Guest.Actor, Guest.Appointment, Cancelled))?.IsComplete is true;

    private RedirectToPageResult First() => RedirectToPage("/Guests/Arriving", new { step = ArrivingSteps.Who });
}
