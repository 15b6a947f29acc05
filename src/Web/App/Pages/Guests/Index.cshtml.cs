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
            default:
                return Redirect(GuestCookie.EndedPath);
        }
    }

    private async Task<bool> HasSaidAsync() => (await arrivals.FindAsync(Guest.Actor, Guest.Appointment, Cancelled))?.IsComplete is true;

    private RedirectToPageResult First() => RedirectToPage("/Guests/Arriving", new { step = ArrivingSteps.Who });
}
