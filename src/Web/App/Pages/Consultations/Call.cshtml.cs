using Microsoft.AspNetCore.Mvc;
using Telemedicine.Clinical;
using Telemedicine.Clinical.Arrivals;
using Telemedicine.Clinical.Booking;
using Telemedicine.Clinical.Carers;
using Telemedicine.Clinical.Queue;
using Telemedicine.Web.Files;
using Telemedicine.Web.Infrastructure;
using Telemedicine.Web.Pages.Shared;

namespace Telemedicine.Web.Pages.Consultations;

/// <summary>The patient's call: preview, waiting room and consultation are one page, so that a refresh comes back into the same.</summary>
[CallPage(Blurs = true)]
[CarerMay(CarerRights.JoinConsultations)]
public sealed class CallModel(AppointmentQueries appointments, ArrivalService arrivals, WaitingRoom waiting) : PatientPage
{
    private CallView? _call;

    public CallView Call => _call ?? throw new InvalidOperationException("The page is shown with its call.");

    public async Task<IActionResult> OnGetAsync(AppointmentId id)
    {
        if (await appointments.FindAsync(Actor, id, Cancelled) is not { } appointment)
            return NotFound();
        if (appointment.Status == AppointmentStatus.Fulfilled)
            return RedirectToPage("/Consultations/Outcome", new { id });
        var arrival = await arrivals.FindAsync(Actor, id, Cancelled);
        if (!appointment.CanJoin || appointment.Status == AppointmentStatus.Booked || arrival?.IsComplete is not true)
            return RedirectToPage("/Consultations/Join", new { id });
        _call = new CallView(
            "patient", id, Url.TicketFor(id), Url.Page("/Consultations/Outcome", new { id }) ?? "", Url.Page("/Appointments/Details", new { id }) ?? "",
            appointment.PractitionerName, Me.PracticeName, Me.PracticePhone)
        {
            FilesUrl = Url.FilesFor(id),
            Telephone = new TelephoneView(arrival.CallBack),
            Waiting = await waiting.ViewAsync(Actor, id, Cancelled),
            WaitingUrl = Url.Page("/Consultations/Waiting", "Panel", new { id }),
        };
        return Page();
    }
}
